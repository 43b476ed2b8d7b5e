"""Migrations give the tables that the code has, and leave the release before them working while both run.

Revision 0005 is the exception: it renames nearly everything, and the release before refuses to work with it. What it
does is tested in `test_plain_names.py`.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Inspector,
    Integer,
    MetaData,
    Row,
    Table,
    create_engine,
    insert,
    inspect,
    select,
    text,
    update,
)

from adapters.slack.directory.tables import metadata as slack
from adapters.teams.directory.tables import metadata as teams
from adapters.web.tables import metadata as web
from bot.errors import DatabaseUnusable
from bot.server.bootstrap import Runtime
from bot.settings import Settings
from bot.storage import database, migrate
from bot.storage.tables import metadata
from tests.conftest import migrated
from tests.server_process import run

SCRIPTS = ScriptDirectory(str(files("migrations")))
REVISIONS = [revision.revision for revision in SCRIPTS.walk_revisions()][::-1]
COMPATIBLE_STEPS = [(older, newer) for older, newer in pairwise(REVISIONS) if newer != "0005"]
OF_MIGRATIONS = {"alembic_version", "floor", "compatibility"}
"""Tables of which migrations themselves keep the one row."""
WIDER = {("VARCHAR", "TEXT"), ("INTEGER", "BIGINT")}
"""What a column's type may become: everything that was in it still fits."""


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"target_metadata": [metadata, web, slack, teams]})
    return list(compare_metadata(context, [metadata, web, slack, teams]))  # type: ignore[arg-type]  # a list is taken, says its documentation


async def test_migrating_from_nothing_gives_the_models(room: Runtime) -> None:
    assert await room.database.run(differences) == []


# --- the release before


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    engine = database.make_engine(database.driver_url(empty_database_url))
    yield engine
    engine.dispose()


def migrate_to(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@dataclass(frozen=True, slots=True)
class Before:
    """The tables as the release before knows them, parents first."""

    tables: tuple[Table, ...]
    unique: frozenset[tuple[str, tuple[str, ...]]]
    foreign: frozenset[tuple[str, tuple[str, ...]]]

    def columns(self, table: str) -> set[str]:
        return {column.name for known in self.tables if known.name == table for column in known.columns}


def before(engine: Engine) -> Before:
    tables = MetaData()
    tables.reflect(engine)
    theirs = tuple(
        table for table in tables.sorted_tables if table.name not in {"alembic_version", "floor", "compatibility"}
    )
    unique, foreign = rules(inspect(engine))
    return Before(theirs, unique, foreign)


def rules(inspector: Inspector) -> tuple[frozenset[tuple[str, tuple[str, ...]]], ...]:
    """What rows must keep to: the columns of unique constraints and indexes, and of foreign keys, by table."""
    unique, foreign = set(), set()
    for table in inspector.get_table_names():
        unique |= {(table, tuple(sorted(one["column_names"]))) for one in inspector.get_unique_constraints(table)}
        unique |= {
            (table, tuple(sorted(filter(None, one["column_names"]))))
            for one in inspector.get_indexes(table)
            if one["unique"]
        }
        unique.add((table, tuple(sorted(inspector.get_pk_constraint(table)["constrained_columns"]))))
        foreign |= {(table, tuple(sorted(one["constrained_columns"]))) for one in inspector.get_foreign_keys(table)}
    return frozenset(unique), frozenset(foreign)


def row(table: Table, number: int) -> dict[str, Any]:
    """A row whose foreign keys hold by themselves: the same value stands in every column of one type."""
    return {column.name: _value(column, number) for column in table.columns}


def _value(column: Column[Any], number: int) -> object:
    match column.type:
        case Boolean():
            return True
        case Integer():
            return number
        case Float():
            return float(number)
        case JSON():
            return {"number": number}
        case _:
            return f"row {number}"


def stored_rows(tx: Connection, table: Table) -> Sequence[Row[Any]]:
    return tx.execute(select(table).order_by(*table.primary_key.columns)).all()


@pytest.fixture(params=COMPATIBLE_STEPS, ids="→".join)
def step(request: pytest.FixtureRequest, engine: Engine) -> Before:
    """A migration over tables that hold a row each, which the release before wrote."""
    older, newer = request.param
    migrate_to(engine, older)
    release = before(engine)
    with engine.begin() as tx:
        for table in release.tables:
            tx.execute(insert(table), row(table, 1))
    migrate_to(engine, newer)
    return release


def test_there_is_a_release_before_this_one() -> None:
    assert len(REVISIONS) > 1


def test_what_was_stored_before_a_migration_is_still_there(engine: Engine, step: Before) -> None:
    with engine.connect() as tx:
        for table in step.tables:
            assert [one._asdict() for one in stored_rows(tx, table)] == [row(table, 1)], table.name


def test_every_column_stays_at_least_as_wide(engine: Engine, step: Before) -> None:
    after = MetaData()
    after.reflect(engine)
    for table in step.tables:
        for old in table.columns:
            new = after.tables[table.name].columns[old.name]
            types = (str(old.type), str(new.type))
            assert types[0] == types[1] or types in WIDER, f"{table.name}.{old.name}"
            assert new.nullable or not old.nullable, f"{table.name}.{old.name} is no longer nullable"


def test_every_new_column_fills_itself(engine: Engine, step: Before) -> None:
    after = MetaData()
    after.reflect(engine)
    for table in step.tables:
        for name in set(after.tables[table.name].columns.keys()) - step.columns(table.name):
            new = after.tables[table.name].columns[name]
            assert new.nullable or new.server_default is not None, f"{table.name}.{name}"


def test_no_new_rule_binds_an_old_column(engine: Engine, step: Before) -> None:
    unique, foreign = rules(inspect(engine))
    for table, columns in (unique - step.unique) | (foreign - step.foreign):
        assert not step.columns(table) & set(columns), (table, columns)


def test_the_release_before_can_still_write_and_change_everything(engine: Engine, step: Before) -> None:
    with engine.begin() as tx:
        for table in step.tables:
            tx.execute(insert(table), row(table, 2))
        for table in step.tables:
            key_columns = {column.name for column in table.primary_key} | {
                key.parent.name for key in table.foreign_keys
            }
            changes = {name: value for name, value in row(table, 3).items() if name not in key_columns}
            if changes:
                key = next(iter(table.primary_key))
                tx.execute(update(table).where(key == row(table, 2)[key.name]).values(changes))
                expected_rows = [row(table, 1), row(table, 2) | changes]
                assert [one._asdict() for one in stored_rows(tx, table)] == expected_rows, table.name


# --- what 0002 makes of what was there


@pytest.fixture
def from_the_first(engine: Engine) -> Engine:
    """A database of the first release, with a sent and a dead message."""
    migrate_to(engine, "0001")
    release = before(engine)
    key = "slack:T1:C1"
    with engine.begin() as tx:
        for table in release.tables:
            match table.name:
                case "lane":
                    tx.execute(insert(table), row(table, 1) | {"key": key})
                case "outbox":
                    for number, state in enumerate(("sent", "dead", "pending"), 1):
                        of = {"recovery_id": "row 1", "lane": key, "state": state}
                        tx.execute(insert(table), row(table, number) | of)
                case _:
                    tx.execute(insert(table), row(table, 1))
    migrate_to(engine, "0002")
    return engine


def test_what_was_settled_before_counts_from_when_it_was_written(from_the_first: Engine) -> None:
    query = "SELECT state, settled_at, dead_at FROM outbox ORDER BY id"
    with from_the_first.connect() as tx:
        assert [tuple(one) for one in tx.execute(text(query))] == [
            ("sent", 1.0, None),
            ("dead", None, 2.0),
            ("pending", None, None),
        ]


def test_a_lane_from_before_belongs_to_its_workspace(from_the_first: Engine) -> None:
    with from_the_first.connect() as tx:
        workspaces = tx.execute(text("SELECT workspace FROM lane WHERE key = 'slack:T1:C1'"))
        assert workspaces.scalars().all() == ["slack:T1"]


# --- what 0007 makes of what was there


@pytest.mark.parametrize(("has_tokens", "oldest_revision"), [(False, "0005"), (True, "0007")])
def test_the_release_before_does_not_start_where_it_could_not_read_the_tokens(
    engine: Engine, oldest_revision: str, *, has_tokens: bool
) -> None:
    migrate_to(engine, "0006")
    if has_tokens:
        table = slack.tables["slack_installation"]
        with engine.begin() as tx:
            tx.execute(insert(table), row(table, 1))
    migrate_to(engine, "0007")
    with engine.connect() as tx:
        assert tx.execute(text("SELECT oldest_revision FROM compatibility")).scalars().all() == [oldest_revision]


# --- the command


def test_the_database_names_the_oldest_release_that_works_with_it(room_settings: Settings) -> None:
    migrated(room_settings)
    engine = create_engine(database.driver_url(room_settings.database_url))
    with engine.connect() as tx:
        assert tx.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [REVISIONS[-1]]
        assert tx.execute(text("SELECT oldest_revision FROM compatibility")).scalars().all() == ["0005"]
    engine.dispose()


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
async def test_two_processes_that_migrate_one_database_at_once_both_succeed(
    empty_database_url: str, engine: Engine, tmp_path: Path
) -> None:
    both = [
        asyncio.to_thread(run, tmp_path, "migrate", TRUST_RECOVER_DATABASE_URL=empty_database_url) for _ in range(2)
    ]
    assert [(process.returncode, process.stderr) for process in await asyncio.gather(*both)] == [(0, ""), (0, "")]
    with engine.connect() as tx:
        assert differences(tx) == []


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
async def test_a_migration_that_gets_no_lock_gives_up_and_changes_nothing(
    empty_database_url: str, engine: Engine
) -> None:
    """While it waits for a table, everybody else waits behind it: better not now than a standstill."""
    migrate_to(engine, "0001")
    url = database.driver_url(empty_database_url).update_query_dict({"options": "-c lock_timeout=100ms"})
    with database.open_database(url) as db, engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM outbox"))
        migrating = asyncio.create_task(asyncio.to_thread(migrate.upgrade, db))
        finished_tasks, _ = await asyncio.wait([migrating], timeout=5)
        reader.rollback()
        await asyncio.wait([migrating])
        assert finished_tasks, "it waited for ever"
        assert isinstance(migrating.exception(), DatabaseUnusable)
    with engine.connect() as tx:
        assert tx.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["0001"]
