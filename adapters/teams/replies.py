"""What a request of Teams is answered with."""

from dataclasses import dataclass

from adapters.teams.dialogs import task
from adapters.teams.text import Json

MESSAGE, ERROR = "application/vnd.microsoft.activity.message", "application/vnd.microsoft.error"
OK, UNREADABLE, UNPROVEN, LATER = 200, 400, 401, 503


@dataclass(frozen=True, slots=True)
class Reply:
    """HTTP's status, and the body of the answer to an invoke."""

    status: int = OK
    body: Json | None = None


def refusal(message: str) -> Reply:
    """Who asked has no part in it."""
    return failure(UNPROVEN, "Unauthorized", message)


def failure(status: int, code: str, message: str) -> Reply:
    """It was not done."""
    return Reply(status, {"statusCode": status, "type": ERROR, "value": {"code": code, "message": message}})


def opened(title: str, card: Json) -> Reply:
    """A dialog shows this card."""
    return Reply(OK, task(title, card))


def closed() -> Reply:
    """The dialog closes."""
    return Reply(OK, {})
