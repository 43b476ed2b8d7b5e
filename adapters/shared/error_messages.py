"""What people are told when a request failed: one text for each kind of error, the same on all platforms."""

from sqlalchemy.exc import DBAPIError

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.shared.crypto import InvalidSignature
from adapters.shared.directory import ColleagueUnknown, InactiveColleague, MembershipUnknown, NotAColleague, NotAMember
from adapters.shared.i18n import MessageCatalog
from flows.errors import UnknownAction, UnknownForm

FINAL_KEYS = frozenset({"error_outdated", "members_only"})
"""Texts for which it is no use to send the same again."""


def error_text(say: MessageCatalog, language: str, error: BaseException) -> str:
    """What happened, and what to do."""
    match error:
        case NotAColleague(name=name) if name:
            return say(language, "not_a_colleague", name=name)
        case InactiveColleague(name=name) if name:
            return say(language, "inactive_colleague", name=name)
    return say(language, error_key(error))


def error_key(error: BaseException) -> str:
    """The key in `words.yaml` of the text for an error."""
    match error:
        case NotAMember():
            return "members_only"
        case MembershipUnknown():
            return "membership_unknown"
        case NotAColleague() | InactiveColleague():
            return "colleague_not_found"
        case ColleagueUnknown():
            return "colleague_unknown"
        case InvalidSignature() | UnknownAction() | UnknownForm():
            return "error_outdated"
        case Undeliverable():
            return "error_refused"
        case RateLimited() | Unavailable():
            return "error_unavailable"
        case DBAPIError():
            return "error_database"
        case TimeoutError():
            return "error_timeout"
        case _:
            return "error_unexpected"
