"""From nothing to head gives just the tables that the code has, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from adapters.web.tables import metadata as web
from bot.tables import metadata
from bot.wiring import Wired


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"target_metadata": [metadata, web]})
    return list(compare_metadata(context, [metadata, web]))  # type: ignore[arg-type]  # a list is taken, says its documentation


async def test_migrating_from_nothing_gives_the_models(room: Wired) -> None:
    assert await room.database.run(differences) == []
