"""A blocked event loop is logged once, with where it stood; a process that was stopped is none."""

import asyncio
import logging
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from bot.server.watchdog import LoopWatchdog, frames_of_thread

THRESHOLD_SECONDS = 0.2


def sleep_in_the_loop() -> None:
    time.sleep(3 * THRESHOLD_SECONDS)


def search_in_the_loop() -> None:
    """Code in C that holds the interpreter, so that no thread in Python could look."""
    ends_at = time.monotonic() + 3 * THRESHOLD_SECONDS
    length = 18
    while time.monotonic() < ends_at:
        length += 1
        re.match(r"(a+)+$", "a" * length + "b")


@pytest.mark.parametrize("block", [sleep_in_the_loop, search_in_the_loop])
async def test_a_block_is_logged_with_its_place(block: Callable[[], None], caplog: pytest.LogCaptureFixture) -> None:
    async with LoopWatchdog(THRESHOLD_SECONDS):
        await asyncio.sleep(THRESHOLD_SECONDS)
        block()
        await asyncio.sleep(THRESHOLD_SECONDS)
    (line,) = [line for line in map(logging.LogRecord.getMessage, caplog.records) if block.__name__ in line]
    assert line.startswith("the event loop was blocked for ")
    assert f"{block.__name__} ({__file__}:" in line


async def test_a_loop_that_waits_for_work_is_not_blocked(caplog: pytest.LogCaptureFixture) -> None:
    async with LoopWatchdog(3 * THRESHOLD_SECONDS):
        await asyncio.to_thread(time.sleep, 6 * THRESHOLD_SECONDS)
    assert caplog.records == []


STOPPED = """
import asyncio, sys, time
from bot.server.watchdog import LoopWatchdog
def wait():
    time.sleep(0.3)
    print("ready", flush=True)
    sys.stdin.readline()
async def main():
    async with LoopWatchdog(0.2):
        await asyncio.to_thread(wait)
        await asyncio.sleep(0.3)
asyncio.run(main())
"""


def test_a_process_that_was_stopped_and_goes_on_was_not_blocked() -> None:
    with subprocess.Popen(
        (sys.executable, "-c", STOPPED),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGSTOP)
        time.sleep(1)
        process.send_signal(signal.SIGCONT)
        _, errors = process.communicate("go\n", timeout=60)
    assert errors == ""


def test_only_the_frames_of_the_loop_s_thread_count() -> None:
    stacks = (
        "Timeout (0:00:01)!\n"
        "Thread 0x00000000000000ff (most recent call first):\n"
        '  File "other.py", line 1 in other\n'
        "\n"
        "Current thread 0x000000000000000a (most recent call first):\n"
        '  File "inner.py", line 7 in inner\n'
        '  File "outer.py", line 9 in <module>\n'
    )
    assert frames_of_thread(stacks, 10) == [("inner.py", "7", "inner"), ("outer.py", "9", "<module>")]
