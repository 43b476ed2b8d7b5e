"""Installations, on both databases: whose token answers, how it is kept, and what goes with it."""

import base64
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr
from sqlalchemy import Connection, Table, event, func, insert, make_url, select, update

from adapters.shared.crypto import Keys, NoMatchingKey
from adapters.shared.storage import with_commit
from adapters.slack.directory import tables as t
from adapters.slack.directory.installations import StoredInstallations, installation_key
from bot.server.bootstrap import running_application
from bot.settings import Settings
from bot.storage.database import Database
from tests.adapters.slack.install.conftest import KEY, TOKEN, installed
from tests.conftest import NOON, SetClock

ONE, TWO, ORG = installed("T1"), installed("T2"), installed("E1", "E1")
NEWER = "a newer key of these tests, long enough too"


class Queries:
    """Counts what is asked of the database."""

    def __init__(self, database: Database) -> None:
        self.count = 0
        event.listen(database.engine, "before_cursor_execute", self._note)

    def _note(self, *_: object) -> None:
        self.count += 1


def test_the_key_is_the_team_or_the_organisation_if_it_is_for_all_of_it() -> None:
    assert installation_key(None, "T1", org=False) == "T1"
    assert installation_key("E1", "T1", org=False) == "T1"
    assert installation_key("E1", None, org=True) == "E1"
    assert installation_key("E1", "T1", org=True) == "E1"
    assert installation_key("E1", None, org=False) == "E1"
    assert installation_key(None, None, org=False) == ""


async def test_two_workspaces_have_each_their_own(installations: StoredInstallations) -> None:
    for new in (ONE, TWO):
        await installations.save(new)
    assert await installations.find("T1") == ONE
    assert await installations.find("T2") == TWO
    assert await installations.find("T3") is None
    assert await installations.all() == (ONE, TWO)


async def test_a_second_installation_replaces_the_first(installations: StoredInstallations) -> None:
    await installations.save(ONE)
    assert await installations.find("T1") == ONE
    again = installed("T1")
    await installations.save(again)
    assert await installations.all() == (again,)


async def test_the_organisations_answers_for_teams_without_their_own(installations: StoredInstallations) -> None:
    mine = installed("T1", "E1")
    for new in (mine, ORG, TWO):
        await installations.save(new)
    assert await installations.find_for_team("E1", "T1", org=False) == mine
    assert await installations.find_for_team("E1", "T9", org=False) == ORG
    assert await installations.find_for_team("E1", "T1", org=True) == ORG
    assert await installations.find_for_team("E1", None, org=True) == ORG
    assert await installations.find_for_team(None, "T2", org=False) == TWO
    assert await installations.find_for_team("E2", "T9", org=False) is None
    assert await installations.find_for_team(None, None, org=False) is None


async def test_a_team_of_its_own_answers_as_soon_as_it_is_installed(installations: StoredInstallations) -> None:
    await installations.save(ORG)
    assert await installations.find_for_team("E1", "T1", org=False) == ORG
    mine = installed("T1", "E1")
    await installations.save(mine)
    assert await installations.find_for_team("E1", "T1", org=False) == mine


async def test_one_query_finds_it_and_then_none_for_half_a_minute(
    database: Database, installations: StoredInstallations, clock: SetClock
) -> None:
    await installations.save(ORG)
    queries = Queries(database)

    async def query() -> int:
        before = queries.count
        assert await installations.find_for_team("E1", "T1", org=False) == ORG
        return queries.count - before

    first = await query()
    assert first <= 2  # SQLite's BEGIN is one
    assert await query() == 0
    clock.forward(31)
    assert await query() == first


async def test_not_installed_is_asked_again(
    installations: StoredInstallations, other_process: Database, keys: Keys
) -> None:
    assert await installations.find("T1") is None
    await StoredInstallations(other_process, keys, lambda: NOON).save(ONE)
    assert await installations.find("T1") == ONE


async def test_what_another_process_removed_is_known_half_a_minute_later(
    installations: StoredInstallations, other_process: Database, keys: Keys, clock: SetClock
) -> None:
    await installations.save(ONE)
    assert await installations.find("T1") == ONE
    await StoredInstallations(other_process, keys, lambda: NOON).forget("T1")
    clock.forward(31)
    assert await installations.find("T1") is None


async def test_removing_the_app_removes_what_was_known_through_it_and_no_more(
    database: Database, installations: StoredInstallations
) -> None:
    user = {"name": "Ana", "language": "es", "timezone": "UTC", "is_external": False, "is_bot": False, "channel": "D1"}

    def fill(tx: Connection) -> None:
        for of in ("T1", "T2"):
            tx.execute(insert(t.user), user | {"workspace": of, "user_id": "U1", "fetched_at": NOON})
            tx.execute(
                insert(t.audience), {"workspace": of, "channel": "C1", "has_external_users": True, "fetched_at": NOON}
            )
            tx.execute(insert(t.card_position), {"key": f"{of}:1", "workspace": of, "channel": "D1", "ts": "1.0"})

    for new in (ONE, TWO):
        await installations.save(new)
    await database.run(with_commit(fill))
    assert await installations.find("T1") == ONE
    await installations.forget("T1")
    await installations.forget("T1")
    assert await installations.find("T1") is None
    assert await installations.find("T2") == TWO
    for table in (t.installation, t.user, t.audience, t.card_position):
        assert await workspaces_in(database, table) == ["T2"]


async def workspaces_in(database: Database, table: Table) -> list[str]:
    return await database.run(lambda tx: list(tx.execute(select(table.c.workspace)).scalars()))


async def test_keys_are_replaced_without_anybody_installing_again(
    database: Database, installations: StoredInstallations, clock: SetClock
) -> None:
    for new in (ONE, TWO, ORG):
        await installations.save(new)
    both = StoredInstallations(database, Keys([NEWER, KEY]), clock)
    assert await both.find("T1") == ONE
    assert await both.encrypt_again() == 3
    assert await StoredInstallations(database, Keys([NEWER]), clock).all() == (ORG, ONE, TWO)
    with pytest.raises(NoMatchingKey):
        await StoredInstallations(database, Keys([KEY]), clock).find("T1")


async def test_a_key_that_is_missing_changes_nothing(
    database: Database, installations: StoredInstallations, clock: SetClock
) -> None:
    await installations.save(ONE)
    await StoredInstallations(database, Keys([NEWER]), clock).save(TWO)
    with pytest.raises(NoMatchingKey):
        await StoredInstallations(database, Keys([NEWER]), clock).encrypt_again()
    assert await installations.find("T1") == ONE


async def test_without_installations_nothing_is_renewed(installations: StoredInstallations) -> None:
    assert await installations.encrypt_again() == 0


async def test_tokens_cannot_be_read_in_the_database(
    database: Database, installations: StoredInstallations, database_url: str
) -> None:
    await installations.save(ONE)
    rows = await database.run(lambda tx: tx.execute(select(t.installation)).one())
    assert TOKEN.format("T1") not in str(rows)
    if database.is_embedded:
        folder = Path(str(make_url(database_url).database)).parent
        source_text = b"".join(file.read_bytes() for file in folder.glob("room.db*"))
        assert b"The people of T1" in source_text
        assert b"xoxb" not in source_text
    assert await database.run(lambda tx: tx.execute(select(func.count()).select_from(t.installation)).scalar()) == 1


def test_an_installation_does_not_show_its_token() -> None:
    assert "xoxb" not in repr(ONE)


# --- a token works in its own row only


async def stored_tokens(database: Database) -> dict[str, str]:
    query = select(t.installation.c.workspace, t.installation.c.bot_token)
    return {row.workspace: row.bot_token for row in await database.run(lambda tx: tx.execute(query).all())}


async def write_token(database: Database, workspace: str, token: str) -> None:
    """As somebody does who can write into the database, but has no key."""
    change = update(t.installation).where(t.installation.c.workspace == workspace).values(bot_token=token)
    await database.run(with_commit(lambda tx: tx.execute(change)))


def unbound(token: str) -> str:
    """A token as the release before stored it."""
    fernet_key = base64.urlsafe_b64encode(
        HKDF(algorithm=SHA256(), length=32, salt=b"trust-recover", info=b"tokens at rest").derive(KEY.encode())
    )
    return Fernet(fernet_key).encrypt(token.encode()).decode()


async def test_a_token_that_was_moved_to_another_workspaces_row_is_of_no_use_there(
    database: Database, installations: StoredInstallations, keys: Keys, clock: SetClock
) -> None:
    for new in (ONE, TWO):
        await installations.save(new)
    await write_token(database, "T1", (await stored_tokens(database))["T2"])
    other = StoredInstallations(database, keys, clock)
    assert await other.find("T2") == TWO
    with pytest.raises(NoMatchingKey):
        await other.find("T1")
    with pytest.raises(NoMatchingKey):
        await other.encrypt_again()


async def test_a_row_that_is_given_to_another_workspace_is_of_no_use_there(
    database: Database, installations: StoredInstallations
) -> None:
    await installations.save(TWO)
    change = update(t.installation).values(workspace="T1", team="T1")
    await database.run(with_commit(lambda tx: tx.execute(change)))
    with pytest.raises(NoMatchingKey):
        await installations.find("T1")


async def test_tokens_of_the_release_before_are_bound_once_when_the_server_starts(
    database: Database, installations: StoredInstallations, room_settings: Settings, clock: SetClock
) -> None:
    for new in (ONE, TWO, ORG):
        await installations.save(new)
        await write_token(database, new.workspace, unbound(new.bot_token))
    settings = room_settings.model_copy(
        update={
            "slack_client_id": "1.2",
            "slack_client_secret": SecretStr("s" * 32),
            "slack_signing_secret": SecretStr("s" * 32),
            "public_url": "https://bot.example",
            "encryption_keys": (SecretStr(KEY),),
        }
    )
    async with running_application(settings, clock):
        pass
    assert all(token.startswith("bound:") for token in (await stored_tokens(database)).values())
    assert await installations.all() == (ORG, ONE, TWO)
    assert await installations.bind_tokens() == 0


async def test_an_unbound_token_that_comes_later_is_refused(
    database: Database, installations: StoredInstallations, caplog: pytest.LogCaptureFixture
) -> None:
    for new in (ONE, TWO):
        await installations.save(new)
    await write_token(database, "T1", unbound(TWO.bot_token))
    assert await installations.bind_tokens() == 0
    assert "workspace T1: its token is not bound to it" in caplog.text
    with pytest.raises(NoMatchingKey):
        await installations.find("T1")
    assert await installations.find("T2") == TWO


async def test_a_token_that_no_key_fits_does_not_keep_others_from_being_bound(
    database: Database, installations: StoredInstallations, caplog: pytest.LogCaptureFixture
) -> None:
    for new in (ONE, TWO):
        await installations.save(new)
        await write_token(database, new.workspace, unbound(new.bot_token))
    await write_token(database, "T1", Fernet(Fernet.generate_key()).encrypt(b"lost").decode())
    assert await installations.bind_tokens() == 1
    assert await installations.find("T2") == TWO
    assert "workspace T1: A stored token cannot be read" in caplog.text
