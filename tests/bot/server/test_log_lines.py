"""The log has one line for each record, whatever a library or a stranger puts into it."""

import asyncio
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.server.log_lines import FORMAT, MAX_LINES, LimitedLog, OneLineFormatter, log_loop_error
from tests.examples import examples

WORDS = "they lied to us"


def record(message: str, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error is not None else None
    return logging.LogRecord("a.library", logging.ERROR, __file__, 1, message, (), info)


@given(st.text(max_size=50))
@examples(200)
def test_a_message_is_one_line_that_moves_no_cursor(message: str) -> None:
    line = OneLineFormatter(FORMAT).format(record(message))
    assert line.isprintable()
    assert len(line.splitlines()) == 1


def test_an_error_that_a_library_logs_is_told_by_kind_and_place() -> None:
    try:
        raise ValueError(WORDS)  # noqa: TRY301 - it needs a place
    except ValueError as error:
        line = OneLineFormatter(FORMAT).format(record("Error handling something", error))
    assert "Error handling something ← ValueError ← " in line
    assert f"{__file__}:" in line
    assert WORDS not in line
    assert "Traceback" not in line


def test_lines_that_strangers_bring_about_are_limited(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    limited = LimitedLog(logging.getLogger("test"), lambda: now[0])
    with caplog.at_level(logging.INFO):
        for _ in range(1_000):
            limited.info("unreadable: %s", "why")
        now[0] += 1
        limited.info("unreadable: %s", "why")
    lines = [one.getMessage() for one in caplog.records]
    assert len(lines) == MAX_LINES + 1
    assert lines[-1] == f"unreadable: why ({1_000 - MAX_LINES} more like this)"


async def test_an_error_that_nobody_awaits_is_told_by_kind_and_place(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_loop_error)

    def fail(words: str) -> None:
        raise RuntimeError(words)

    loop.call_soon(fail, WORDS)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    (line,) = [one.getMessage() for one in caplog.records]
    assert line.startswith("an error that nobody expected: RuntimeError ← ")
    assert WORDS not in line
    assert sys.exc_info() == (None, None, None)
