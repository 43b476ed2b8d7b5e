"""Measure everything, print the table, write `build/bench.json`. A goal that is missed says NO.

With names of parts (`python -m tests.bench http timers`) only those, into a file that names them too.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.storage import flow_registry
from tests.bench import coach, engine, http, million, on_slack, on_teams, program, replicas, stored, timers
from tests.bench.row import Row
from tests.bench.table import table

_BUILD = Path(__file__).parents[2] / "build"


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(_PARTS))
    asked: list[str] = parser.parse_args().parts
    if unknown := set(asked) - set(_PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(_PARTS)}")
    rows = [row for name in asked or _PARTS for row in _part(name)]
    print(table(rows))
    _write(rows, asked)


def _part(name: str) -> list[Row]:
    print(f"{name} …", file=sys.stderr, flush=True)
    return _PARTS[name]()


def _engine() -> list[Row]:
    return engine.rows(flow_registry.load_registry("trust-recovery", None).newest_or_default(""))


def _stored() -> list[Row]:
    with TemporaryDirectory() as folder:
        return asyncio.run(stored.rows(flow_registry.load_registry("trust-recovery", None), Path(folder)))


def _write(rows: Sequence[Row], asked: Sequence[str]) -> None:
    result = [row.json() for row in rows]
    _BUILD.mkdir(exist_ok=True)
    file = _BUILD / ("-".join(["bench", *asked]) + ".json")
    file.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")


_PARTS: dict[str, Callable[[], list[Row]]] = {
    "engine": _engine,
    "coach": coach.rows,
    "stored": _stored,
    "program": program.rows,
    "http": http.rows,
    "slack": on_slack.rows,
    "teams": on_teams.rows,
    "million": million.rows,
    "timers": timers.rows,
    "replicas": replicas.rows,
}

main()
