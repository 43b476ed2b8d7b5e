"""A pooler between the server and PostgreSQL: no statement is prepared there, because it might be another one's."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import DatabaseUnusable
from bot.storage import database, migrate
from bot.storage.database import Database, open_database
from tests.bot.storage.replication import name_of, socket_path

KEY_MESSAGE = b"K\x00\x00\x00\x0c"
"""How PostgreSQL announces the process and the key of a connection. Four bytes of the process follow."""
OPTIONS_REFUSED = b"SFATAL\0C08P01\0Munsupported startup parameter: options\0\0"


def threshold(url: str) -> Any:  # noqa: ANN401 - a number or None
    """After how many uses the driver prepares a statement; None: never."""
    db = Database(database.driver_url(url), 1)
    result = db.transact(lambda tx: tx.connection.driver_connection.prepare_threshold)  # type: ignore[union-attr]  # psycopg's own
    db.engine.dispose()
    return result


def announce_another(data: bytes) -> bytes:
    """As PgBouncer does, whose connections belong to no server process."""
    before, key, after = data.partition(KEY_MESSAGE)
    return before + key + b"\x00\x00\x00\x01" + after[4:] if key else data


@pytest.fixture
async def pooled_url(postgres: str) -> AsyncIterator[str]:
    """The same server behind a pooler."""
    async with name_of(socket_path(postgres), announce_another) as name:
        yield name.url


async def test_statements_are_prepared_only_without_a_pooler(postgres: str, pooled_url: str) -> None:
    assert await asyncio.to_thread(threshold, postgres) is not None
    assert await asyncio.to_thread(threshold, pooled_url) is None


async def test_a_pooler_that_refuses_our_options_is_named_with_what_to_do() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(8)
        writer.write(b"N")  # no TLS
        await reader.read(65_536)
        writer.write(b"E" + (len(OPTIONS_REFUSED) + 4).to_bytes(4, "big") + OPTIONS_REFUSED)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        url = database.driver_url(f"postgresql://postgres@127.0.0.1:{port}/postgres?gssencmode=disable")
        with open_database(url) as db, pytest.raises(DatabaseUnusable, match="ignore_startup_parameters = options"):
            await asyncio.to_thread(migrate.check_revision, db)
