"""What is measured of everybody who answers: one request at a time, and thirty-two at once."""

from collections.abc import Sequence
from statistics import quantiles
from typing import NamedTuple

AT_ONCE = 32
"""Connections, or chains of transactions, at the same time."""


class Speed(NamedTuple):
    """Seconds. `p50`: of a request, one at a time. `each`: all the time divided by all requests, thirty-two at once."""

    p50: float
    each: float


def best(rounds: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """The shortest of each figure in seconds: what disturbs a round can only make it longer."""
    return tuple(map(min, zip(*rounds, strict=True)))


def p99(seconds: Sequence[float]) -> float:
    """The time that one in a hundred exceeds."""
    return quantiles(seconds, n=100)[98]
