"""The installed program: how soon it serves and helps, and how much memory it holds."""

import subprocess
from statistics import median
from time import perf_counter, sleep

from tests.bench.row import Goal, Row
from tests.bench.server import PROGRAM, serving

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
    with serving():
        return perf_counter() - began


def _idle() -> float:
    with serving() as server:
        sleep(SECONDS_IDLE)
        return float(server.process.memory_info().rss) / MEGABYTE


def _help() -> float:
    began = perf_counter()
    subprocess.run([PROGRAM, "--help"], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began
