"""What can go wrong between the product and Slack, as Slack's documentation tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RateLimited:
    """429 with Retry-After: nothing was done."""

    retry_after: int = 1


@dataclass(frozen=True, slots=True)
class Broken:
    """Slack's own failure: an answer that is no JSON, and nothing was done."""

    status: int = 500


@dataclass(frozen=True, slots=True)
class Hanging:
    """No answer until the client gives up; nothing was done."""


@dataclass(frozen=True, slots=True)
class ConnectionDrop:
    """The connection ends without an answer; nothing was done."""


@dataclass(frozen=True, slots=True)
class AnswerLoss:
    """It was done, and the connection ends before the answer: a caller that tries again does it twice."""


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """`{"ok": false, "error": …}`, such as not_in_channel, is_archived, token_revoked, missing_scope."""

    error: str
    needed: str = ""


@dataclass(frozen=True, slots=True)
class AmendedAnswer:
    """The peer's answer, changed on its way: for what it cannot say, such as `is_ext_shared`."""

    change: Callable[[dict[str, Any]], None]


Fault = RateLimited | Broken | Hanging | ConnectionDrop | AnswerLoss | ErrorReply | AmendedAnswer
