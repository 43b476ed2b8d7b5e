"""How the log looks: one line for each record, also where a library reports an error."""

import asyncio
import logging
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from adapters.shared.safe_logging import safe_description
from adapters.web.attempts import TokenBucket

MAX_LINES = 50
"""Lines at once about requests that could not be read."""
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
log = logging.getLogger(__name__)

_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class OneLineFormatter(logging.Formatter):
    """Writes kind and place of an error instead of its traceback, whose message may quote anybody's words.

    What would begin a new line, or move the cursor of a terminal, is written as an escape.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        return "".join(map(_visible, super().format(record).replace("\n", " ← ")))

    def formatException(self, ei: _ErrorInfo) -> str:  # noqa: N802 - the standard library's name
        """Kind and place of the error."""
        return safe_description(ei[1]) if ei[1] is not None else ""


def set_up_logging(level: str) -> None:
    """Write the log to standard error. At DEBUG errors keep their traceback: that is for developers."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORMAT) if level == "DEBUG" else OneLineFormatter(FORMAT))
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)


def log_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an error that nobody awaited. What asyncio would write shows arguments, which may be anybody's words."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        log.error("an error that nobody expected: %s", safe_description(error))
    else:
        log.warning("the event loop: %s", context.get("message", ""))


class LimitedLog:
    """Logs what strangers can bring about as often as they like: some lines at once, then one a second.

    The next line that is written tells how many were left out.
    """

    def __init__(self, logger: logging.Logger, clock: Callable[[], float] = time.monotonic) -> None:
        self._logger = logger
        self._bucket = TokenBucket(MAX_LINES, 1.0, clock)
        self._left_out_count = 0

    def info(self, text: str, detail: object) -> None:
        """Log this line, if there were not too many of late. `text` has one `%s`, for the detail."""
        if self._bucket.wait_seconds:
            self._left_out_count += 1
            return
        self._bucket.use()
        left_out = f" ({self._left_out_count} more like this)" if self._left_out_count else ""
        self._left_out_count = 0
        self._logger.info(f"{text}%s", detail, left_out)  # noqa: G004 - the text is a constant of ours


def _visible(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()
