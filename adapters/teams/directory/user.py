"""A person in Teams, and what tells an app or an external user from a colleague."""

from dataclasses import dataclass

from adapters.teams.activity import BOT_ID_PREFIX
from adapters.teams.cards.markup import Json
from adapters.teams.directory.tenants import Tenant
from flows.state.identity import Person
from flows.text import clean_name

PLATFORM = "teams"


@dataclass(frozen=True, slots=True)
class TeamsUser:
    """A person in Teams. `is_external`: a guest, or of another company. `chat`: with the app, or empty."""

    id: str
    name: str = ""
    object_id: str = ""
    language: str = "en"
    timezone: str = "UTC"
    is_external: bool = False
    chat: str = ""
    service_url: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", clean_name(self.name))

    @property
    def is_bot(self) -> bool:
        """Whether it is an app."""
        return is_bot_id(self.id)

    @property
    def is_active(self) -> bool:
        """Always: Teams names no deactivated account as a member of a conversation."""
        return True

    def person(self, workspace: str) -> Person:
        """The same person as the application knows them."""
        return Person(PLATFORM, workspace, self.id, self.name)


def is_external_member(tenant: Tenant, member: Json) -> bool:
    """Whether a member of a conversation is a guest, of another company, or of a company that Teams does not name."""
    role = str(member.get("userRole") or "").lower()
    tenant_id = member.get("tenantId")
    is_guest = role in {"guest", "anonymous"} or "#ext#" in str(member.get("userPrincipalName") or "").lower()
    return is_guest or str(tenant_id or "").lower() != tenant.workspace.lower()


def is_bot_id(user_id: str) -> bool:
    """Whether this is the id of an app."""
    return user_id.startswith(BOT_ID_PREFIX)
