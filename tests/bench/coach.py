"""How long the coach takes for a draft, and what it costs the server's start."""

import subprocess
import sys
from pathlib import Path
from time import process_time

from bot.storage.coach_rules import load_coach
from flows.coach.model import DraftContext
from tests.bench.row import Goal, Row
from tests.coach.labels import read_drafts

DRAFTS = Path("tests/coach/drafts")
CONTEXT = DraftContext(facts=("You never called me back!", "The export was empty."), latitude="up to 10 % discount")
CHECKS = 400
LONG = 100_000
_START = """
import resource, sys, time
began = time.process_time()
import bot.server.bootstrap
if {with_coach}:
    from bot.storage.coach_rules import load_coach
    coach = load_coach()
    [coach.rules(language) for language in coach.languages]
    [coach.cues(language) for language in coach.languages]
print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def rows() -> list[Row]:
    """A check by the length of the draft; the growth; the start with all rules read, which the server does later."""
    checks = [
        Row(f"coach: a check of {size} characters, p95", _p95(size), "ms", Goal("<=", most, "ms"))
        for size, most in ((300, 1), (600, 2))
    ]
    half, whole = _long(LONG // 2), _long(LONG)
    without, with_all = _start(with_coach=False), _start(with_coach=True)
    seconds, megabytes = with_all[0] - without[0], with_all[1] - without[1]
    return [
        *checks,
        Row("coach: a check of 100,000 characters", whole, "ms", Goal("<=", 200, "ms")),
        Row(
            "coach: 100,000 against 50,000 characters",
            whole,
            "ms",
            Goal("<=", 2.5, "x"),
            f"{half:.0f} ms",
            whole / half,
        ),
        Row("coach: all rules read", seconds, "s more"),
        Row("coach: all rules read", megabytes, "MB more"),
    ]


def _p95(size: int) -> float:
    """Milliseconds of processor time for drafts of this length, cut from those of several authors."""
    text = " ".join(draft.text for file in sorted(DRAFTS.glob("en_*.jsonl")) for draft in read_drafts(file))
    coach = load_coach()
    pieces = [text[start : start + size] for start in range(0, len(text) - size, max(1, (len(text) - size) // CHECKS))]
    times = []
    for is_warm in (False, True):
        for piece in pieces:
            began = process_time()
            coach.check(piece, "en", CONTEXT)
            times += [process_time() - began] if is_warm else []
    return sorted(times)[int(0.95 * len(times))] * 1000


def _long(size: int) -> float:
    text = " ".join(draft.text for file in sorted(DRAFTS.glob("en_*.jsonl")) for draft in read_drafts(file))
    coach, draft = load_coach(), (text * (size // len(text) + 1))[:size]
    coach.check(draft, "en", CONTEXT)
    times = []
    for _ in range(3):
        began = process_time()
        coach.check(draft, "en", CONTEXT)
        times.append(process_time() - began)
    return min(times) * 1000


def _start(*, with_coach: bool) -> tuple[float, float]:
    """Seconds and megabytes of a process that imports the server."""
    program = _START.format(with_coach=with_coach)
    outputs = [
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
        for _ in range(3)
    ]
    seconds, megabytes = zip(*(map(float, output.split()) for output in outputs), strict=True)
    return min(seconds), min(megabytes)
