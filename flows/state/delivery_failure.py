"""What did not arrive, and why, in words that every platform can say."""

from enum import StrEnum


class MessageKind(StrEnum):
    """What was on its way: a summary or a line to the thread, a whisper or the card to one person."""

    SUMMARY = "summary"
    LINE = "line"
    PRIVATE_MESSAGE = "private_message"
    CARD = "card"


class DeliveryFailure(StrEnum):
    """Why something will not arrive. The words for each (`undelivered.why.…`) say what to do next.

    `NO_THREAD`: the account thread was deleted. `NOT_ALLOWED`: a scope or right is missing. `SIGNED_OUT`: the token was
    revoked, or the app removed. `CLOSED`: the person's chat cannot be opened. `OUTSIDERS`: they read the thread now, so
    the internal summary stayed inside. `TOO_LATE`: it was tried for a day. `FAULT`: one of ours. `REFUSED`: anything
    else.
    """

    NOT_INVITED = "not_invited"
    ARCHIVED = "archived"
    DELETED = "deleted"
    NO_THREAD = "no_thread"
    NOT_ALLOWED = "not_allowed"
    SIGNED_OUT = "signed_out"
    CHAT_CLOSED = "chat_closed"
    EXTERNAL_USERS = "external_users"
    TOO_LATE = "too_late"
    INTERNAL_ERROR = "internal_error"
    REFUSED = "refused"
