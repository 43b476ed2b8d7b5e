"""What is typed, through the whole application: nothing is begun, ended or changed that was not understood."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from adapters.port import Answer, RequestContext, TypedCommand
from bot.server.bootstrap import Runtime
from bot.storage import people, queries
from bot.storage import tables as t
from flows.limits import MAX_COMMAND_CHARACTERS
from flows.state.local_time.working_hours import DEFAULT_HOURS, WorkingHours
from flows.state.recovery import Recovery
from tests.conftest import ANA, BEN, THREAD

ELSEWHERE = replace(THREAD, conversation="elsewhere")
NOWHERE = replace(THREAD, conversation="")
WEEKDAYS = (0, 1, 2, 3, 4)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Typist:
    """Ana, who types."""

    def __init__(self, room: Runtime) -> None:
        self.room = room
        self.count = 0
        self.context = RequestContext(THREAD)

    async def types(self, text: str, *, is_chat: bool = False, **context: object) -> Answer:
        self.count += 1
        request_context = replace(self.context, **context)  # type: ignore[arg-type]  # fields of all types
        request = TypedCommand(f"typed-{self.count}", ANA, request_context, text, is_chat=is_chat)
        if "@ben" in text:
            request = replace(request, mentioned_person=BEN)
        return await self.room.application.receive(request)

    async def recoveries(self) -> list[Recovery]:
        return await self.room.database.run(lambda tx: queries.led_recoveries(tx, ANA))

    async def hours(self) -> WorkingHours:
        record = await self.room.database.run(lambda tx: people.find_person(tx, ANA))
        return record.working_hours if record else DEFAULT_HOURS

    async def accounts(self) -> set[str]:
        return {recovery.account for recovery in await self.recoveries()}


@pytest.fixture
def ana(room: Runtime) -> Typist:
    return Typist(room)


@pytest.mark.parametrize("place", [THREAD, NOWHERE], ids=["thread", "chat"])
async def test_what_was_not_understood_begins_nothing_and_says_how_to_write_it(ana: Typist, place: object) -> None:
    for text, usage in {
        "status Acme": "status [client]",
        "STATUS Acme!": "status [client]",
        "summary for Acme": "summary [client]",
        "stop now": "stop [client]",
        "quiet please": "quiet off",
        "handover bob": "handover @name",
        "hours nine to five": "hours 9-17 mon-fri",
        "hours 25-99": "hours 9-17 mon-fri",
        "help me": "/trust-recover help",
    }.items():
        answer = await ana.types(text, place=place)
        assert f"“{text}” was not understood, so nothing was done." in answer.notice
        assert usage in answer.notice
        assert f"/trust-recover start {text}" in answer.notice
        assert not answer.recovery_id
        assert answer.dialog is None
    assert "Did you mean “status”?" in (await ana.types("sttaus Acme", place=place)).notice
    assert await ana.recoveries() == []
    assert await ana.room.database.run(lambda tx: tx.execute(select(t.account)).all()) == []


async def test_what_the_answer_says_to_type_begins_with_the_client(ana: Typist) -> None:
    for number, name in enumerate(["Stop & Shop", "Status Page Inc", "Hours Ltd", "Quiet Logistics", "status Acme"]):
        place = replace(THREAD, conversation=f"c{number}")
        await ana.types(f"start {name}", place=place)
    assert await ana.accounts() == {"Stop & Shop", "Status Page Inc", "Hours Ltd", "Quiet Logistics", "status Acme"}


async def test_a_command_with_a_client_is_about_the_open_recovery_with_them(ana: Typist) -> None:
    acme = (await ana.types("start Acme")).recovery_id
    globex = (await ana.types("start Globex", place=ELSEWHERE)).recovery_id
    assert (await ana.types("status globex")).recovery_id == globex
    assert (await ana.types("status ＡＣＭＥ.", place=NOWHERE)).recovery_id == acme
    assert (await ana.types("summary for “Globex”", place=NOWHERE)).recovery_id == globex
    assert "Acme" in (await ana.types("status", place=NOWHERE)).notice
    await ana.types("quiet Globex")
    assert {recovery.account for recovery in await ana.recoveries() if recovery.is_quiet} == {"Globex"}
    await ana.types("quiet off globex", place=NOWHERE)
    assert not [recovery for recovery in await ana.recoveries() if recovery.is_quiet]
    await ana.types("handover Globex to @ben")
    assert await ana.accounts() == {"Acme"}
    assert "not understood" in (await ana.types("stop Globex")).notice
    await ana.types("stop Acme", place=ELSEWHERE)
    assert await ana.accounts() == set()


async def test_hours_that_are_understood_are_kept_and_others_change_nothing(ana: Typist) -> None:
    assert "Mon–Fri 09:00–17:00 (UTC)" in (await ana.types("hours 9-5")).notice
    assert await ana.hours() == WorkingHours(WEEKDAYS, 540, 1020)
    for text in ("hours nine to five", "hours 9-25", "hours 9", "hours 9-17 someday", "hours"):
        await ana.types(text)
    assert await ana.hours() == WorkingHours(WEEKDAYS, 540, 1020)
    assert "Mon–Fri 22:00–06:00" in (await ana.types("Hours: 10pm–6am.")).notice


@pytest.mark.parametrize("text", ["hours 9" + " " * 24_000 + "x", "start " + "x" * 100_000, "@" * 50_000, " " * 2_000])
async def test_a_text_that_is_longer_than_any_command_is_not_read(ana: Typist, text: str) -> None:
    answer = await ana.types(text)
    assert f"This has {len(text):,} characters; the maximum is {MAX_COMMAND_CHARACTERS:,}." in answer.notice
    assert answer.errors == {"text": answer.notice}
    assert await ana.recoveries() == []


async def test_lines_after_the_first_are_no_part_of_the_client(ana: Typist) -> None:
    await ana.types("start Acme\r\nHe is furious.\n-- \nAna")
    assert await ana.accounts() == {"Acme"}


async def test_the_chat_begins_with_the_word_start_only(ana: Typist) -> None:
    for text in ("Acme", "Stop & Shop", "good morning", "status Acme", "9-17"):
        await ana.types(text, is_chat=True, place=NOWHERE)
    assert await ana.recoveries() == []
    await ana.types("Start: “Stop & Shop”.", is_chat=True, place=NOWHERE)
    assert await ana.accounts() == {"Stop & Shop"}
