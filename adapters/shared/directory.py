"""Who may use the app: one rule for all platforms. A person who is not known counts as external.

A platform's directory keeps a record of each person. Where the record is not fresh, the platform is asked again; while
it does not answer, the old record stands. Without a record, somebody is a member only if the platform says so now.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, Protocol, TypeAlias, TypeVar

from adapters.port import RateLimited, Unavailable, Undeliverable
from flows.errors import TrustRecoverError
from flows.text import clean_name


class DirectoryUser(Protocol):
    """What the rule needs to know of a person."""

    @property
    def is_external(self) -> bool:
        """Whether the person is not of the company that installed the app."""
        ...

    @property
    def is_bot(self) -> bool:
        """Whether it is an app."""
        ...

    @property
    def is_active(self) -> bool:
        """Whether the account is in use: neither deactivated nor only invited."""
        ...


U = TypeVar("U", bound=DirectoryUser)


class LookupFailure(Enum):
    """Why nothing is known of a person."""

    NOT_FOUND = "not found"
    """The platform knows nobody with this id."""
    NO_ANSWER = "no answer"
    """The platform does not say now; it may say so later."""


Resolution: TypeAlias = U | LookupFailure
"""The person, or why nothing is known of them."""


class PersonNotFound(TrustRecoverError):
    """The platform knows nobody with this id. Choose somebody else."""


class MembershipError(TrustRecoverError):
    """Somebody is not, or not certainly, a member of the company that installed the app."""


class NotAMember(MembershipError):
    """The sender of the request is external. Only members of the company can use the app."""


class MembershipUnknown(MembershipError):
    """Whether the sender of the request is a member cannot be told now. Try again in a moment."""


class NotAColleague(MembershipError):
    """The person who was named is external, or an app. Choose a colleague."""

    def __init__(self, name: str = "") -> None:
        """`name`: of that person, as far as it is known."""
        super().__init__()
        self.name = clean_name(name)


class InactiveColleague(MembershipError):
    """The account of the person who was named is not in use, so nothing would reach them. Choose somebody else."""

    def __init__(self, name: str) -> None:
        """`name`: of that person."""
        super().__init__()
        self.name = name


class ColleagueUnknown(MembershipError):
    """Whether the person who was named is a colleague cannot be told now. Try again in a moment."""


@dataclass(frozen=True, slots=True)
class DirectoryRecord(Generic[U]):
    """What was kept of a person. `is_fresh`: recent enough not to ask the platform again."""

    user: U
    is_fresh: bool


async def resolve_person(
    record: DirectoryRecord[U] | None, ask_platform: Callable[[], Awaitable[U]], timeout_seconds: float | None = None
) -> Resolution[U]:
    """The person by a fresh record, or else as the platform says, or else by an old record.

    `ask_platform` raises `PersonNotFound` where the platform knows nobody with this id.

    Raises:
        Undeliverable: there is no record, and the platform does not let the app ask. An administrator has to mend that.

    """
    if record is not None and record.is_fresh:
        return record.user
    try:
        async with asyncio.timeout(timeout_seconds):
            return await ask_platform()
    except PersonNotFound:
        return LookupFailure.NOT_FOUND
    except (Undeliverable, RateLimited, Unavailable, TimeoutError) as error:
        if record is not None:
            return record.user
        if isinstance(error, Undeliverable):
            raise
        return LookupFailure.NO_ANSWER


def require_member(person: Resolution[U]) -> U:
    """The sender of a request, who must be a member of the company.

    Raises:
        NotAMember: they are external, or the platform does not know them.
        MembershipUnknown: the platform does not answer.

    """
    if person is LookupFailure.NO_ANSWER:
        raise MembershipUnknown
    if isinstance(person, LookupFailure) or person.is_external:
        raise NotAMember
    return person


def require_colleague(person: Resolution[U], name: str = "") -> U:
    """Somebody whom a member named, who must be a member too. `name`: as they were named, for the error.

    Raises:
        NotAColleague: they are external or an app, or the platform does not know them.
        InactiveColleague: their account is not in use.
        ColleagueUnknown: the platform does not answer.

    """
    if person is LookupFailure.NO_ANSWER:
        raise ColleagueUnknown
    if isinstance(person, LookupFailure) or person.is_external or person.is_bot:
        raise NotAColleague(name)
    if not person.is_active:
        raise InactiveColleague(name)
    return person
