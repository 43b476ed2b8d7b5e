"""What it means for a message that Teams refused a call, by Teams' error code and HTTP's status."""

from flows.state.delivery_failure import DeliveryFailure

FORBIDDEN, NOT_FOUND = 403, 404
_CODES_BY_FAILURE = {
    DeliveryFailure.NOT_INVITED: ("BotNotInConversationRoster", "BotNotInRoster", "InvalidBotMemberRoster"),
    DeliveryFailure.CHAT_CLOSED: (
        "MessageWritesBlocked",
        "ConversationBlockedByUser",
        "MessageWritesBlockedUserBlocked",
        "UserBlocked",
        "UserNotInstalled",
        "AppNotInstalled",
    ),
    DeliveryFailure.DELETED: ("MemberNotFoundInConversation", "UserNotFound", "InvalidUserId"),
    DeliveryFailure.NO_THREAD: ("ConversationNotFound", "ThreadNotFound", "MessageNotFound", "InvalidConversationId"),
    DeliveryFailure.NOT_ALLOWED: (
        "BotDisabledByAdmin",
        "AppDisabledByAdmin",
        "TenantNotAllowed",
        "NotEnoughPermissions",
    ),
    DeliveryFailure.ARCHIVED: ("TeamArchived", "ChannelArchived", "ConversationReadOnly"),
}
_FAILURE_BY_CODE = {code.lower(): why for why, codes in _CODES_BY_FAILURE.items() for code in codes}
_FAILURE_BY_STATUS = {FORBIDDEN: DeliveryFailure.NOT_ALLOWED, NOT_FOUND: DeliveryFailure.NO_THREAD}


def delivery_failure(status: int, code: str) -> DeliveryFailure:
    """Why the message cannot arrive. A code that is not known means what the status says."""
    failure = _FAILURE_BY_CODE.get(code.lower())
    return failure or _FAILURE_BY_STATUS.get(status, DeliveryFailure.REFUSED)
