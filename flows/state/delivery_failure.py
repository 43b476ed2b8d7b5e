"""What could not be delivered, and why, in terms that hold for every platform."""

from enum import StrEnum


class MessageKind(StrEnum):
    """What was to be delivered: a summary or a line to the thread, a private message or the card to one person."""

    SUMMARY = "summary"
    LINE = "line"
    PRIVATE_MESSAGE = "private_message"
    CARD = "card"


class DeliveryFailure(StrEnum):
    """Why a message cannot be delivered. The text for each (`undelivered.why.…`) says what to do next.

    - `NOT_INVITED`, `ARCHIVED`, `DELETED`: the app is not a member of the conversation, or it is archived or gone.
    - `NO_THREAD`: the account thread was deleted.
    - `NOT_ALLOWED`: the app lacks a scope or a permission.
    - `SIGNED_OUT`: the token was revoked, or the app was removed.
    - `CHAT_CLOSED`: the person's chat cannot be opened.
    - `EXTERNAL_USERS`: they can read the thread now, so the internal summary was not posted.
    - `NO_SUMMARY`: a line speaks in the words of a summary that is not in the thread, so nobody there can know of it.
    - `NEWER_SUMMARY`: a newer text of the summary was posted since.
    - `TOO_LATE`: it was tried for a day.
    - `INTERNAL_ERROR`: a fault of this program.
    - `REFUSED`: any other answer of the platform.
    """

    NOT_INVITED = "not_invited"
    ARCHIVED = "archived"
    DELETED = "deleted"
    NO_THREAD = "no_thread"
    NOT_ALLOWED = "not_allowed"
    SIGNED_OUT = "signed_out"
    CHAT_CLOSED = "chat_closed"
    EXTERNAL_USERS = "external_users"
    NO_SUMMARY = "no_summary"
    NEWER_SUMMARY = "newer_summary"
    TOO_LATE = "too_late"
    INTERNAL_ERROR = "internal_error"
    REFUSED = "refused"
