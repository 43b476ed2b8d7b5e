"""Tells the log when the event loop was blocked, for how long and where.

The loop looks at the clock in short intervals. Before each it asks `faulthandler` to write down, unless it is asked
again in time, where every thread stands. That works even while code in C holds the interpreter, as a regular
expression does; a thread in Python would stand still with the loop.
"""

import asyncio
import faulthandler
import logging
import os
import re
import tempfile
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Self

log = logging.getLogger(__name__)

BLOCKED_SECONDS = 1.0
"""Seconds from which on a blocked event loop is logged. Everybody waits so long meanwhile."""
BEATS_PER_THRESHOLD = 4
MAX_FRAMES = 6
MAX_LATENESS = 1.6
"""Thresholds after which the process must have written down where it stands, or it was stopped."""
_THREAD = re.compile(r"^(?:Current thread|Thread) 0x([0-9a-f]+)")
_FRAME = re.compile(r'^  File "([^"]*)", line (\d+) in (.*)$')
_IDLE_FRAMES = {"select", "poll"}
"""Functions at the top of the stack while the loop waits for something to do."""


class LoopWatchdog:
    """Watches the running event loop during the block.

    While the machine sleeps, its monotonic clock stands still. A process that was stopped and goes on wrote down too
    late where it stood; that is no fault of ours, and is not logged. There is one watchdog in a process.
    """

    def __init__(self, blocked_seconds: float = BLOCKED_SECONDS) -> None:
        self._blocked_seconds = blocked_seconds
        self._interval = blocked_seconds / BEATS_PER_THRESHOLD
        self._thread_id = threading.get_ident()
        self._stacks: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - closed at the end of the block
        self._timer: asyncio.TimerHandle | None = None
        self._expected_at = self._planned_at = 0.0

    async def __aenter__(self) -> Self:
        """Begin to watch."""
        self._plan()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop watching."""
        if self._timer is not None:
            self._timer.cancel()
        faulthandler.cancel_dump_traceback_later()
        self._stacks.close()

    def _plan(self) -> None:
        self._planned_at = time.time()
        faulthandler.dump_traceback_later(self._blocked_seconds, file=self._stacks)
        self._expected_at = time.monotonic() + self._interval
        self._timer = asyncio.get_running_loop().call_later(self._interval, self._beat)

    def _beat(self) -> None:
        faulthandler.cancel_dump_traceback_later()
        blocked_seconds = time.monotonic() - self._expected_at
        if blocked_seconds >= self._blocked_seconds - self._interval:
            is_on_time = self._was_written_in_time
            frames = self._take_frames()
            if frames and not _is_idle(frames[0]) and is_on_time:
                place = " ← ".join(f"{function} ({file}:{line})" for file, line, function in frames[:MAX_FRAMES])
                log.error("the event loop was blocked for %.1f s, at first in: %s", blocked_seconds, place)
        self._plan()

    @property
    def _was_written_in_time(self) -> bool:
        """Whether the process ran when it should have written down where it stands: it was not stopped as a whole."""
        return os.fstat(self._stacks.fileno()).st_mtime - self._planned_at <= MAX_LATENESS * self._blocked_seconds

    def _take_frames(self) -> Sequence[tuple[str, str, str]]:
        """Where the loop's thread stood, innermost first: file, line, function. Forget what was written down."""
        self._stacks.seek(0)
        text = self._stacks.read()
        self._stacks.seek(0)
        self._stacks.truncate()
        return frames_of_thread(text, self._thread_id)


def _is_idle(frame: tuple[str, str, str]) -> bool:
    """Whether the loop waited for work, or was looking at the clock here."""
    file, _, function = frame
    return function in _IDLE_FRAMES or file == __file__


def frames_of_thread(stacks: str, thread_id: int) -> Sequence[tuple[str, str, str]]:
    """The frames of one thread in what `faulthandler` wrote, innermost first: file, line, function."""
    frames: list[tuple[str, str, str]] = []
    is_thread = False
    for line in stacks.splitlines():
        if thread := _THREAD.match(line):
            is_thread = int(thread.group(1), 16) == thread_id
        elif is_thread and (frame := _FRAME.match(line)):
            frames.append((frame.group(1), frame.group(2), frame.group(3)))
    return frames
