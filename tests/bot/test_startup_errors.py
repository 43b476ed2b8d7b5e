"""What an operator is told when the program cannot start, and that nothing is lost by it."""

import re
import socket
import sqlite3
from pathlib import Path

import pytest

from bot.clock import Clock, system_clock
from bot.server.bootstrap import running_application
from bot.settings import Settings
from tests.conftest import migrated
from tests.server_process import PROGRAM, Done, Server, executed, run, serving, visiting

SHIPPED = Path(__file__).parents[2] / "flows" / "data"


def refused(done: Done) -> str:
    """What was said, in sentences and not as a traceback."""
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stderr.startswith("trust-recover: ")
    return done.stderr


async def test_a_second_process_on_the_same_file_is_refused(tmp_path: Path) -> None:
    async with serving(tmp_path):
        message = refused(run(tmp_path, "serve", "--port", "0"))
    assert "Another process uses" in message
    assert "TRUST_RECOVER_DATABASE_URL" in message


def test_a_busy_port_is_named_with_another_to_try(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        message = refused(executed(tmp_path, "serve", "--port", str(port)))
    assert f"Port {port}" in message
    assert f"make run PORT={port + 1}" in message


def test_a_database_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    assert executed(tmp_path, "migrate").returncode == 0
    with sqlite3.connect(tmp_path / "room.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.execute("UPDATE compatibility SET oldest_revision = '9998'")
        before = list(database.iterdump())
    assert "newer release" in refused(run(tmp_path, "serve", "--port", "0"))
    with sqlite3.connect(tmp_path / "room.db") as database:
        assert list(database.iterdump()) == before


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
def test_an_empty_postgresql_is_to_be_migrated_first(empty_database_url: str, tmp_path: Path) -> None:
    message = refused(run(tmp_path, "serve", "--port", "0", TRUST_RECOVER_DATABASE_URL=empty_database_url))
    assert "trust-recover migrate" in message


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    message = refused(run(tmp_path / "file" / "below", "serve", "--port", "0"))
    assert "cannot be written" in message


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "room.db").write_text("this is a letter, not a database " * 100)
    assert "cannot be opened or written" in refused(run(tmp_path, "serve", "--port", "0"))
    assert (tmp_path / "room.db").read_text().startswith("this is a letter")


def test_listening_beyond_loopback_needs_a_token(tmp_path: Path) -> None:
    message = refused(run(tmp_path, "serve", "--host", "0.0.0.0", "--port", "0"))
    assert "TRUST_RECOVER_ACCESS_TOKEN" in message
    short = refused(run(tmp_path, "serve", "--host", "0.0.0.0", "--port", "0", TRUST_RECOVER_ACCESS_TOKEN="brief-42!x"))
    assert "at least 16 characters" in short
    assert "short" not in short.replace("short-", "")


def test_a_broken_flow_of_ones_own_is_told_with_its_line(tmp_path: Path) -> None:
    text = (SHIPPED / "first_response.yaml").read_text("utf-8").replace("to: name_it}", "to: nowhere}")
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "mine.yaml").write_text(text.replace("id: first-response", "id: mine"), "utf-8")
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "nowhere" in words)
    message = refused(run(tmp_path, "serve", "--port", "0", TRUST_RECOVER_FLOWS=str(flows)))
    assert f"mine.yaml:{line}: step hear: There is no step “nowhere”." in message
    checked = refused(run(tmp_path, "flow", "check", str(flows / "mine.yaml")))
    assert f"mine.yaml:{line}:" in checked


def test_a_flow_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("título: ñ".encode("latin-1"))
    assert "not UTF-8" in refused(executed(tmp_path, "flow", "check", str(tmp_path / "latin.yaml")))


def test_a_flow_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    assert "a flow may have 200,000" in refused(executed(tmp_path, "flow", "check", "/dev/zero"))


def test_a_default_flow_that_does_not_exist_is_told_with_those_that_do(tmp_path: Path) -> None:
    message = refused(run(tmp_path, "serve", "--port", "0", TRUST_RECOVER_DEFAULT_FLOW="nothing"))
    assert "first-response, trust-recovery" in message


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    assert "TRUST_RECOVER_PORT" in refused(run(tmp_path, "config", TRUST_RECOVER_PORT="many"))


def test_config_shows_no_secret(tmp_path: Path) -> None:
    settings = {
        "TRUST_RECOVER_DATABASE_URL": "postgresql://ana:hunter2@localhost/room",
        "TRUST_RECOVER_ACCESS_TOKEN": "a-token-of-some-length",
    }
    done = executed(tmp_path, "config", **settings)
    assert done.returncode == 0
    assert "hunter2" not in done.stdout
    assert "a-token-of-some-length" not in done.stdout
    assert "postgresql://ana:***@localhost/room" in done.stdout


def test_draw_prints_a_diagram(tmp_path: Path) -> None:
    done = executed(tmp_path, "flow", "draw", str(SHIPPED / "trust_recovery.yaml"), "--language", "es")
    assert done.stdout.startswith("flowchart TD\n")
    assert 's_acknowledge -->|"Dijo que sí"| s_dispute' in done.stdout


async def test_it_stops_cleanly_when_told_to(tmp_path: Path) -> None:
    server = Server(tmp_path, program=PROGRAM)
    await server.start()
    assert await server.stop() == 0
    await server.start()
    await server.kill()


async def test_a_changed_flow_needs_a_new_version_once_recoveries_run_under_it(tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    flows.mkdir()
    mine = flows / "mine.yaml"
    text = (SHIPPED / "first_response.yaml").read_text("utf-8").replace("id: first-response", "id: mine")
    text = re.sub(r"^version: \d+", "version: 2", text, flags=re.MULTILINE)
    mine.write_text(text, "utf-8")
    async with serving(tmp_path, TRUST_RECOVER_FLOWS=str(flows)) as server, visiting(server.url) as visitor:
        await visitor.say("/trust-recover mine Acme")
    mine.write_text(text.replace("Let them finish. Answer nothing yet.", "Let them finish first."), "utf-8")
    message = refused(run(tmp_path, "serve", "--port", "0", TRUST_RECOVER_FLOWS=str(flows)))
    assert "mine version 2 was changed" in message
    assert "version: 3" in message


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("clock", "warned"),
    [(system_clock, False), (lambda: system_clock() + 3600, True), (lambda: system_clock() - 3600, True)],
    ids=["right", "to come", "behind"],
)
async def test_a_clock_that_differs_from_the_databases_is_told(
    room_settings: Settings, caplog: pytest.LogCaptureFixture, clock: Clock, *, warned: bool
) -> None:
    migrated(room_settings)
    async with running_application(room_settings, clock):
        assert ("of the database's" in caplog.text) is warned
