"""What people are told when a request failed: the key of the text for each error, the same on all platforms."""

from sqlalchemy.exc import DBAPIError

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.shared.crypto import InvalidSignature
from flows.errors import UnknownAction, UnknownForm

OUTDATED = "error_outdated"


def error_message_key(error: BaseException) -> str:
    """The key in `words.yaml` of the text that says what happened and what to do."""
    match error:
        case InvalidSignature() | UnknownAction() | UnknownForm():
            return OUTDATED
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
