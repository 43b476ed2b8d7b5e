"""What an operator sees of messages that were given up, and how they are sent again."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, inspect

from bot.cli import main
from bot.clock import system_clock
from bot.storage import database
from bot.storage.flow_registry import FlowRegistry
from flows.state.identity import Person
from flows.state.summaries import SummaryVersion
from tests.bot.conftest import Command
from tests.bot.delivery_harness import DeliveryHarness, accept, delivery_harness
from tests.bot.server.test_killed_server import rows
from tests.bot.workers.test_dead_letters import NOT_INVITED, not_invited, refusing
from tests.conftest import SetClock
from tests.server_process import executed, run, serving

POSTED_NOTICE = "Internal version: now posted to the thread."
SECONDS_UNTIL_SEEN = 60


async def refused_message(post: DeliveryHarness) -> int:
    """The number of a summary that was given up, on a platform that takes everything again."""
    await post.posting()
    post.recorder.behaviour = refusing(not_invited)
    await post.deliver()
    post.recorder.behaviour = accept
    return int((await post.messages("failed"))[-1].id)


async def test_the_list_names_number_state_lane_and_problem_and_never_the_text(
    post: DeliveryHarness, command: Command
) -> None:
    number = await refused_message(post)
    result = command("outbox")
    headings, line = result.output.splitlines()
    assert headings.split()[:2] == ["number", "state"]
    for part in (str(number), "failed", "summary", "test:north:accounts", "not_invited: not_in_channel"):
        assert part in line.split("  ") or part in line.split(), line
    assert "forgot" not in result.output
    assert result.exit_code == 0


async def test_the_whole_list_has_what_waits_too(post: DeliveryHarness, command: Command) -> None:
    number = await refused_message(post)
    session = await post.begin("Borg")
    assert len(command("outbox").output.splitlines()) == 2
    lines = command("outbox", "--all").output.splitlines()[1:]
    (waiting,) = await post.messages("pending")
    assert [(line.split()[0], line.split()[1]) for line in lines] == [
        (str(number), "failed"),
        (str(waiting.id), "pending"),
    ]
    assert session.id in lines[1]


def test_an_empty_list_says_so(post: DeliveryHarness, command: Command) -> None:
    assert post.recorder.attempts == []
    assert command("outbox").output == "No messages have failed.\n"
    assert command("outbox", "--all").output == "No messages are waiting.\n"
    assert command("outbox", "resend", "--all").output == "No messages have failed.\n"


async def test_a_message_that_is_sent_again_arrives_and_the_responder_is_told(
    post: DeliveryHarness, command: Command
) -> None:
    number = await refused_message(post)
    result = command("outbox", "resend", str(number))
    assert (result.exit_code, result.output) == (0, f"Message {number} will be sent again.\n")
    await post.deliver()
    assert ["we forgot Acme" in text for text in post.recorder.posts()] == [True]
    assert post.recorder.private_texts()[-1] == POSTED_NOTICE
    assert (await post.application.sessions[0].state()).versions_in_thread == (SummaryVersion.INTERNAL,)
    assert await post.messages("pending", "failed") == []


async def test_a_message_that_is_sent_again_has_all_its_tries_and_its_day_again(
    post: DeliveryHarness, command: Command
) -> None:
    post.clock.now = system_clock() - 100 * 86_400
    number = await refused_message(post)
    command("outbox", "resend", str(number))
    (again,) = await post.messages("pending")
    assert (again.attempts, again.last_error) == (0, None)
    assert again.queued_at == pytest.approx(system_clock(), abs=60)


async def test_who_can_be_reached_again_counts_as_reached(post: DeliveryHarness, command: Command) -> None:
    session = await post.begin()
    ben = Person("test", "north", "ben", "Ben")
    await session.fill("observe", {"person": ben})
    post.recorder.behaviour = refusing(not_invited, object)
    await post.deliver()
    assert ben in (await session.state()).unreachable_people
    post.recorder.behaviour = accept
    command("outbox", "resend", "--all")
    await post.deliver()
    assert (await session.state()).unreachable_people == ()


async def test_unknown_numbers_are_an_error(post: DeliveryHarness, command: Command) -> None:
    number = await refused_message(post)
    result = command("outbox", "resend", str(number + 100))
    assert result.exit_code == 1
    assert result.output.startswith("trust-recover: None of these messages has failed.")
    assert len(await post.messages("failed")) == 1


async def test_of_several_numbers_those_that_were_not_given_up_are_named(
    post: DeliveryHarness, command: Command
) -> None:
    number = await refused_message(post)
    result = command("outbox", "resend", str(number), str(number + 100))
    assert result.exit_code == 0
    assert f"Message {number + 100} has not failed." in result.output.splitlines()


@pytest.mark.parametrize("arguments", [(), ("1", "--all")], ids=["neither", "both"])
async def test_either_numbers_or_all_must_be_said(
    post: DeliveryHarness, command: Command, arguments: tuple[str, ...]
) -> None:
    await refused_message(post)
    result = command("outbox", "resend", *arguments)
    assert result.exit_code == 2
    assert "Name the messages by their numbers, or give --all." in result.output
    assert len(await post.messages("failed")) == 1


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["outbox"], env={"TRUST_RECOVER_DATABASE_URL": f"sqlite:///{tmp_path}/none.db"})
    assert result.exit_code == 1
    assert result.output.startswith("trust-recover: There is no database at")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
def test_a_database_without_tables_gets_none(empty_database_url: str) -> None:
    result = CliRunner().invoke(main, ["outbox"], env={"TRUST_RECOVER_DATABASE_URL": empty_database_url})
    assert (result.exit_code, "trust-recover migrate" in result.output) == (1, True)
    engine = create_engine(database.driver_url(empty_database_url))
    assert inspect(engine).get_table_names() == []
    engine.dispose()


async def test_an_operator_works_beside_a_running_server(tmp_path: Path, shipped: FlowRegistry) -> None:
    file = tmp_path / "room.db"
    async with delivery_harness(f"sqlite:///{file}", shipped, SetClock(system_clock()), "web") as post:
        number = await refused_message(post)
        assert NOT_INVITED in post.recorder.private_texts()
    async with serving(tmp_path):
        result = await asyncio.to_thread(executed, tmp_path, "outbox")
        assert str(number) in result.stdout
        assert "forgot" not in result.stdout
        again = await asyncio.to_thread(run, tmp_path, "outbox", "resend", str(number))
        assert again.stdout == f"Message {number} will be sent again.\n"
        await wait_for_private_text(file, POSTED_NOTICE)
    posts = rows(file, "SELECT json_extract(body, '$.text') FROM room_item WHERE kind = 'message'")
    assert ["we forgot Acme" in str(text) for (text,) in posts] == [True]


async def wait_for_private_text(file: Path, text: str) -> None:
    """Wait until this whisper is in the room. Another process's database tells nobody, so this has to look."""
    query = "SELECT 1 FROM room_item WHERE kind = 'private_message' AND json_extract(body, '$.text') = ?"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        async with asyncio.timeout(SECONDS_UNTIL_SEEN):
            while not connection.execute(query, (text,)).fetchall():  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.01)
