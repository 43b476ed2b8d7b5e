"""One request of Teams: the tenant, the activity that came, and the way to answer where it came from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.teams.activity import TeamsActivity
from adapters.teams.cards.markup import Json
from adapters.teams.directory.tenants import Tenant

Reply = Callable[[Json], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class TeamsRequest:
    """What a handler works on. `reply`: sends a message to the conversation of the activity; everybody in it reads it.

    `reply` raises `TeamsRefusal`, `RateLimited` or `Unavailable`, as `TeamsConnector.send` does.
    """

    tenant: Tenant
    activity: TeamsActivity
    reply: Reply
