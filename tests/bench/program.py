"""The installed program: how soon it serves and helps, and how much memory it holds."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import psutil

from tests.bench.row import Goal, Row

_PROGRAM = str(Path(sys.executable).with_name("trust-recover"))
_OURS = "TRUST_RECOVER_"
STARTS = 5
HELPS = 7
SECONDS_IDLE = 3
MEGABYTE = 1e6


def rows() -> list[Row]:
    """Medians of several starts, each with a fresh database; memory of one of them, idle."""
    ready = [_ready() for _ in range(STARTS)]
    help_ = [_help() for _ in range(HELPS)]
    return [
        Row("serve, ready", median(ready), "s", Goal("<=", 2, "s")),
        Row("--help", median(help_), "s", Goal("<=", 0.4, "s")),
        Row("serve, idle memory (RSS)", _idle(), "MB", Goal("<=", 130, "MB")),
    ]


def _ready() -> float:
    began = perf_counter()
    with _serving():
        return perf_counter() - began


def _idle() -> float:
    with _serving() as process:
        sleep(SECONDS_IDLE)
        return float(psutil.Process(process.pid).memory_info().rss) / MEGABYTE


def _help() -> float:
    began = perf_counter()
    subprocess.run([_PROGRAM, "--help"], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began


@contextmanager
def _serving() -> Iterator["subprocess.Popen[str]"]:
    """The program, from its "Open http…" line on, in an empty folder and with no settings but its own."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    settings[_OURS + "LOG_LEVEL"] = "WARNING"
    command = [_PROGRAM, "serve", "--port", "0"]
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen(command, cwd=folder, env=settings, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout
        try:
            line = process.stdout.readline()
            if not line.startswith("Open http"):
                message = f"trust-recover serve said {line!r}, not where to open it; its error is above."
                raise RuntimeError(message)
            yield process
        finally:
            process.terminate()
