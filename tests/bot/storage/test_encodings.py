"""Databases that cannot hold every letter are refused with the way to a better one, before anything is written."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.storage import database
from tests.bot.test_startup_errors import refused
from tests.server_process import run


@pytest.fixture(params=["SQL_ASCII", "LATIN1", "EUC_JP"])
def encoding(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(postgres: str, encoding: str) -> Iterator[str]:
    """A database of this encoding."""
    name = f"t_{secrets.token_hex(6)}"
    admin = create_engine(database.driver_url(postgres), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        locale = "LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        connection.execute(text(f"CREATE DATABASE {name} ENCODING '{encoding}' {locale}"))
    base, _, options = postgres.partition("?")
    yield f"{base.rsplit('/', 1)[0]}/{name}?{options}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def test_a_database_that_is_not_utf8_is_refused_and_stays_empty(tmp_path: Path, url: str, encoding: str) -> None:
    for command in (("migrate",), ("serve", "--port", "0"), ("outbox",)):
        message = refused(run(tmp_path, *command, TRUST_RECOVER_DATABASE_URL=url))
        assert f"encoding is {encoding}" in message
        assert "CREATE DATABASE trust_recover ENCODING 'UTF8'" in message
    engine = create_engine(database.driver_url(url), connect_args={"client_encoding": "utf8"})
    with engine.connect() as tx:
        assert tx.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar_one() == 0
    engine.dispose()


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("client_encoding", ["LATIN1", "SQL_ASCII"])
def test_a_client_encoding_in_the_environment_changes_nothing(
    tmp_path: Path, empty_database_url: str, client_encoding: str
) -> None:
    settings = {"TRUST_RECOVER_DATABASE_URL": empty_database_url, "PGCLIENTENCODING": client_encoding}
    assert run(tmp_path, "migrate", **settings).returncode == 0
    assert run(tmp_path, "outbox", **settings).stdout == "No messages have failed.\n"
