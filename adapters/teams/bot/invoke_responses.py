"""The answers to Teams' requests."""

from dataclasses import dataclass

from adapters.teams.cards.dialogs import dialog_response
from adapters.teams.cards.markup import Json

MESSAGE_TYPE, ERROR_TYPE = "application/vnd.microsoft.activity.message", "application/vnd.microsoft.error"
OK, BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_IMPLEMENTED, SERVICE_UNAVAILABLE = 200, 400, 401, 403, 501, 503


@dataclass(frozen=True, slots=True)
class InvokeResponse:
    """The HTTP status and, for an invoke, the JSON body of the answer."""

    status: int = OK
    body: Json | None = None


def refusal_response(message: str) -> InvokeResponse:
    """The answer to a person who may not do that."""
    return error_response(UNAUTHORIZED, "Unauthorized", message)


def error_response(status: int, code: str, message: str) -> InvokeResponse:
    """The answer to an invoke that was not done."""
    return InvokeResponse(
        status, {"statusCode": status, "type": ERROR_TYPE, "value": {"code": code, "message": message}}
    )


def open_dialog(title: str, card: Json) -> InvokeResponse:
    """Show this card in a dialog."""
    return InvokeResponse(OK, dialog_response(title, card))


def close_dialog() -> InvokeResponse:
    """Close the dialog."""
    return InvokeResponse(OK, {})
