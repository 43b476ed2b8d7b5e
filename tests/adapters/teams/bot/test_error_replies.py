"""Whatever goes wrong, whoever waits reads what to do, in time, and nothing that was typed is lost."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy.exc import OperationalError

from adapters.teams.bot import bot_adapter
from bot.service.application import RecoveryApplication
from bot.storage import tables as t
from bot.storage.database import Database
from tests.adapters.application_fault import ApplicationFault
from tests.adapters.teams.card_client import Json, action, field_of, inputs, sent
from tests.adapters.teams.fake_connector import BOT, CHANNEL, SHARED
from tests.adapters.teams.fake_microsoft import SECRET, trust_login_server
from tests.adapters.teams.harness import KEY, Reply, TeamsHarness, TeamsUser, teams_harness
from tests.adapters.teams.payloads import shown_text
from tests.peers.slack.waiting import SECONDS_OF_PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")

THREAD = f"{CHANNEL};messageid=1500000000000"
ACCOUNT, TYPED = "Quietwater Mills", "they threatened to leave"
LABEL = "What happened"
OURS = "That did not work because of an error in the app. Try again"
DATABASE = "Not saved: the app cannot reach its database. Try again in a minute."
SLOW = "This is taking longer than it should. Look at your guide"
TEAMS = "Teams does not answer at the moment. Look at your guide"
FORGED = "This form or button is too old, so nothing was changed. Open it again from your guide."
SECONDS_TO_ANSWER = 0.1


@dataclass(frozen=True, slots=True)
class FaultyRecovery:
    """Dana is in the second step; `form` and `more` are open, `home` and `start` are in her chat, `point` in a menu."""

    harness: TeamsHarness
    trouble: ApplicationFault
    guide: Json
    form: Json
    more: Json
    home: Json
    start: Json
    point: Json

    @property
    def dana(self) -> TeamsUser:
        return self.harness.user("dana")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def recovery(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FaultyRecovery]:
    folder: Path = tmp_path_factory.mktemp("apology")
    trouble = ApplicationFault(RecoveryApplication.receive)
    with pytest.MonkeyPatch.context() as patch:
        trust_login_server(patch, folder)
        patch.setattr(RecoveryApplication, "receive", lambda conversation, incoming: trouble(conversation, incoming))  # noqa: PLW0108 - a function is bound to its object
        async with teams_harness(f"sqlite:///{folder}/room.db", folder) as at:
            dana = at.user("dana")
            await dana.type("home")
            home = await dana.guide("You have no open recovery.")
            await dana.type("", SHARED)
            start = await dana.guide("Which client?")
            point = await dana.point(TYPED)
            await dana.begin(ACCOUNT, THREAD)
            await dana.tap("I am ready", "1 of 8")
            await dana.fill("Add", {LABEL: "the ledger was empty"}, "2 of 8")
            dana.answered = {}
            guide = await dana.guide("2 of 8", "the ledger was empty")
            more = await dana.open("More", "2 of 8")
            form = (await dana.submit(more, LABEL)).card
            await at.settled()
            yield FaultyRecovery(at, trouble, guide, form, more, home, start, point)


@pytest.fixture(autouse=True)
def healed(recovery: FaultyRecovery) -> Iterator[None]:
    yield
    recovery.trouble.error, recovery.trouble.endless = None, False
    recovery.trouble.broke_off.clear()
    recovery.harness.connector.faults.clear()


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No error may bring a secret or a client's word into a log that an operator keeps."""
    caplog.set_level(logging.INFO)
    yield
    for record in caplog.get_records("call"):
        line = logging.Formatter("%(name)s %(message)s").format(record)
        for secret in (SECRET, KEY, ACCOUNT, TYPED, "Traceback"):
            assert secret not in line, line


# --- what somebody does, each by another handler

Act = Callable[[FaultyRecovery], Awaitable[Reply]]


async def in_chat(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.type(f"start {TYPED}")


async def mention(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.type(TYPED, SHARED)


async def slash(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.type(TYPED, SHARED, recipient={"id": BOT, "isTargeted": True})


async def tap(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.press(recovery.guide, "All said")


async def note_on_card(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.press(recovery.guide, "Add", {LABEL: TYPED})


async def tap_with_a_note(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.press(recovery.guide, "All said", {LABEL: TYPED})


async def form_in_chat(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.press(recovery.start, "Start", {"Which client?": TYPED})


async def fetch(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.press(recovery.guide, "More")


async def fetch_at_home(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.press(recovery.home, "Change")


async def form(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.submit(recovery.form, "Add", {LABEL: TYPED})


async def tap_in_dialog(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.submit(recovery.more, "Snooze 2 min")


async def menu(recovery: FaultyRecovery) -> Reply:
    payload = {"id": "1", "body": {"contentType": "html", "content": TYPED}}
    return await recovery.dana.invoke("composeExtension/fetchTask", {"messagePayload": payload}, THREAD)


async def form_of_menu(recovery: FaultyRecovery) -> Reply:
    return await recovery.dana.submit_point(recovery.point, {"Which client?": ACCOUNT})


TYPING: dict[str, Act] = {"a message in the chat": in_chat, "a mention": mention, "a slash command": slash}
CARDS: dict[str, Act] = {
    "a tap on the guide": tap,
    "a note on the guide": note_on_card,
    "a tap with an unsent note": tap_with_a_note,
    "a form in the chat": form_in_chat,
}
FORMS: dict[str, Act] = {"a form": form, "the form of a message's menu": form_of_menu}
DIALOGS: dict[str, Act] = {
    "a button that opens a dialog": fetch,
    "a button of home": fetch_at_home,
    "a button in a dialog": tap_in_dialog,
    "a message's menu": menu,
    **FORMS,
}
WAITING = TYPING | CARDS | DIALOGS


async def read(recovery: FaultyRecovery, act: Act) -> str:
    """What somebody reads after they did this: what the request is answered with, or a new message."""
    before = {where: len(recovery.harness.texts_in(where)) for where in (recovery.dana.chat, SHARED)}
    reply = await act(recovery)
    assert reply.status == 200
    if act in TYPING.values():
        assert reply.body == {}
        return "\n".join(line for where, seen in before.items() for line in recovery.harness.texts_in(where)[seen:])
    if act in CARDS.values():
        assert reply.body["type"] == "application/vnd.microsoft.activity.message", "the card stays as it is"
        return reply.word
    return shown_text(reply.card)


def broken_application(recovery: FaultyRecovery, _: pytest.MonkeyPatch) -> None:
    recovery.trouble.error = KeyError(TYPED)


def database_of_the_application(recovery: FaultyRecovery, _: pytest.MonkeyPatch) -> None:
    recovery.trouble.error = OperationalError(TYPED, None, ConnectionError("away"))


def whole_database(_: FaultyRecovery, patch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any) -> None:  # noqa: ANN401 - whatever it is asked
        raise OperationalError(TYPED, None, ConnectionError("away"))

    patch.setattr(Database, "run", away)


def too_slow(recovery: FaultyRecovery, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(bot_adapter, "ANSWER_SECONDS", SECONDS_TO_ANSWER)
    recovery.trouble.endless = True


TROUBLE: dict[str, tuple[Callable[[FaultyRecovery, pytest.MonkeyPatch], None], str]] = {
    "a fault of ours": (broken_application, OURS),
    "the database fails": (database_of_the_application, DATABASE),
    "the database is away altogether": (whole_database, DATABASE),
    "it takes too long": (too_slow, SLOW),
}


@pytest.mark.parametrize("act", WAITING.values(), ids=WAITING)
@pytest.mark.parametrize(("trouble", "advice"), TROUBLE.values(), ids=TROUBLE)
async def test_whoever_waits_is_told_what_to_do(
    recovery: FaultyRecovery,
    act: Act,
    trouble: Callable[[FaultyRecovery, pytest.MonkeyPatch], None],
    advice: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trouble(recovery, monkeypatch)
    messages = await read(recovery, act)
    assert advice in messages
    assert (TYPED in messages) == (act in FORMS.values()), "what stood in a dialog is shown; no one else reads it"


async def test_what_takes_too_long_is_broken_off(recovery: FaultyRecovery, monkeypatch: pytest.MonkeyPatch) -> None:
    too_slow(recovery, monkeypatch)
    await tap(recovery)
    await asyncio.wait_for(recovery.trouble.broke_off.wait(), SECONDS_OF_PATIENCE)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
async def test_a_form_that_failed_is_sent_again_with_one_tap(recovery: FaultyRecovery, form: Act) -> None:
    before = len(await recovery.harness.rows(t.entry))
    recovery.trouble.error = OperationalError(TYPED, None, ConnectionError("away"))
    failed = (await form(recovery)).card
    failed_again = (await recovery.dana.submit(failed, "Send it again")).card
    recovery.trouble.error = None
    if form is form_of_menu:
        value = {"commandId": "recoverHere", "data": sent(failed_again, action(failed_again, "Send it again"), {})}
        await recovery.dana.invoke("composeExtension/submitAction", value)
    else:
        await recovery.dana.submit(failed_again, "Send it again")
    rows = await recovery.harness.rows(t.entry)
    assert len(rows) == before + (form is not form_of_menu), "the account leads a talk there: nothing else begins"
    assert form is form_of_menu or any(row["text"] == TYPED for row in rows)


async def test_events_that_were_not_taken_are_asked_for_again_and_nobody_is_bothered(recovery: FaultyRecovery) -> None:
    recovery.trouble.error = KeyError(TYPED)
    dana, kim = recovery.dana, recovery.harness.user("kim")
    await recovery.harness.settled()
    seen = len(recovery.harness.connector.sent())
    shared = dana.activity("conversationUpdate", CHANNEL)
    shared["channelData"] |= {"eventType": "channelShared"}
    for activity in (
        shared,
        dana.activity("installationUpdate", action="add"),
        kim.activity("message", SHARED, text=TYPED),
    ):
        assert (await recovery.harness.send(activity)).status == 503
    assert len(recovery.harness.connector.sent()) == seen


# --- Teams itself is in trouble


@pytest.mark.parametrize("status", [429, 503, 0])
async def test_who_cannot_be_looked_up_is_told_so(recovery: FaultyRecovery, status: int) -> None:
    recovery.harness.connector.fail("member", status, 1000)
    recovery.harness.connector.add(f"zed{status}", CHANNEL)
    zed = recovery.harness.user(f"zed{status}")
    await zed.type("Acme", THREAD)
    unknown = "Teams cannot tell the app at the moment whether you belong to the company."
    assert unknown in "".join(recovery.harness.texts_in(zed.chat))
    assert unknown in (await zed.press(recovery.guide, "All said")).word
    assert unknown in shown_text((await zed.press(recovery.guide, "More")).card)
    assert unknown in shown_text((await zed.submit(recovery.form, "Add", {LABEL: TYPED})).card)
    recovery.harness.connector.faults.clear()
    assert (await zed.press(recovery.guide, "All said")).status == 401, "looked up once it answers"


async def test_if_nobody_can_be_told_teams_is_asked_to_come_again(recovery: FaultyRecovery) -> None:
    recovery.trouble.error = KeyError(TYPED)
    recovery.harness.connector.fail("send", 503, 1000)
    assert (await recovery.dana.send(recovery.dana.activity("message", text="status"))).status == 503


async def test_words_are_in_the_persons_language(recovery: FaultyRecovery) -> None:
    recovery.trouble.error = KeyError(TYPED)
    one = action(recovery.guide, "All said")
    done = {"type": "Action.Execute", "verb": one["verb"], "data": sent(recovery.guide, one, {})}
    eve = recovery.harness.user("eve")
    asked = eve.activity("invoke", name="adaptiveCard/action", value={"action": done}, locale="es-ES")
    assert "No ha funcionado por un error de la aplicación." in (await eve.send(asked)).word


# --- what is not ours


@pytest.mark.parametrize(
    "action_of",
    [
        {},
        {"action": "tap"},
        {"action": {"verb": "tap"}},
        {"action": {"verb": "tap", "data": {}}},
        {"action": {"verb": "tap", "data": {"recovery": "r", "revision": "1", "action": "choose:x"}}},
        {"action": {"verb": "tap", "data": {"recovery": "r/../", "revision": 1, "action": "choose:x"}}},
        {"action": {"verb": "wipe", "data": {"recovery": "r", "revision": 1, "action": "choose:x"}}},
        {"action": {"verb": "fill", "data": {"recovery": "r", "form": "note:facts", "nth": 0, "in.text~0": {"a": 1}}}},
        {"action": {"verb": "fill", "data": {"recovery": "", "form": "no such form", "nth": 0}}},
    ],
)
async def test_a_tap_that_no_card_of_ours_makes_changes_nothing(recovery: FaultyRecovery, action_of: Json) -> None:
    await recovery.harness.settled()
    before = await recovery.harness.traces()
    reply = await recovery.dana.invoke("adaptiveCard/action", action_of)
    assert (reply.status, reply.word) == (200, FORGED)
    assert await recovery.harness.traces() == before


@pytest.mark.parametrize("name", ["task/fetch", "task/submit", "composeExtension/submitAction"])
@pytest.mark.parametrize(
    "data",
    [None, "x", {}, {"recovery": "r", "form": "note:facts", "nth": -1}, {"recovery": "r", "form": "f", "in.x~y": "1"}],
)
async def test_a_dialog_that_no_card_of_ours_makes_changes_nothing(
    recovery: FaultyRecovery, name: str, data: object
) -> None:
    await recovery.harness.settled()
    before = await recovery.harness.traces()
    reply = await recovery.dana.invoke(name, {"data": data})
    assert shown_text(reply.card) == FORGED
    assert await recovery.harness.traces() == before


@pytest.mark.parametrize("where", ["chat", "menu"])
async def test_a_place_that_was_sealed_by_nobody_is_refused(recovery: FaultyRecovery, where: str) -> None:
    before = await recovery.harness.traces()
    card = recovery.start if where == "chat" else recovery.point
    one = action(card, "Start")
    data = sent(card, one, {"Which client?": "Acme"})
    seal = str(data["place"])
    for forged in (seal[:-3], seal.swapcase(), "eyJ9.x", "x" * 5000):
        value = {"data": data | {"place": forged}}
        if where == "chat":
            done = {"type": "Action.Execute", "verb": one["verb"]} | value
            assert (await recovery.dana.invoke("adaptiveCard/action", {"action": done})).word == FORGED
        else:
            assert shown_text((await recovery.dana.invoke("composeExtension/submitAction", value)).card) == FORGED
    assert await recovery.harness.traces() == before


async def test_what_is_typed_stays_on_the_card_when_it_could_not_be_taken(recovery: FaultyRecovery) -> None:
    assert [one for one in inputs(recovery.guide) if one.get("label") == LABEL], "Teams keeps the card and its input"
    card = (await recovery.dana.press(recovery.guide, "Add", {LABEL: "x" * 3000})).card
    assert field_of(card, LABEL)["value"] == "x" * 3000
