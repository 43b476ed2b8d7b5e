"""What a request of Teams is answered with."""

from dataclasses import dataclass

from adapters.teams.cards.dialogs import dialog_response
from adapters.teams.cards.markup import Json

MESSAGE_TYPE, ERROR_TYPE = "application/vnd.microsoft.activity.message", "application/vnd.microsoft.error"
OK, BAD_REQUEST, UNAUTHORIZED, NOT_IMPLEMENTED, SERVICE_UNAVAILABLE = 200, 400, 401, 501, 503


@dataclass(frozen=True, slots=True)
class InvokeResponse:
    """HTTP's status, and the body of the answer to an invoke."""

    status: int = OK
    body: Json | None = None


def refusal_response(message: str) -> InvokeResponse:
    """Who asked has no part in it."""
    return error_response(UNAUTHORIZED, "Unauthorized", message)


def error_response(status: int, code: str, message: str) -> InvokeResponse:
    """It was not done."""
    return InvokeResponse(
        status, {"statusCode": status, "type": ERROR_TYPE, "value": {"code": code, "message": message}}
    )


def open_dialog(title: str, card: Json) -> InvokeResponse:
    """A dialog shows this card."""
    return InvokeResponse(OK, dialog_response(title, card))


def close_dialog() -> InvokeResponse:
    """The dialog closes."""
    return InvokeResponse(OK, {})
