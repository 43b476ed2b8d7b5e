"""Slack sends again what it thinks was lost, and we send again what Slack did not take: one effect each, in order."""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypedDict

import pytest
import pytest_asyncio

from adapters.port import Answer, FormSubmission, Incoming, RequestContext
from adapters.slack.directory.one_workspace import SlackUnreachable
from adapters.slack.directory.people import PLATFORM
from adapters.slack.listeners import app
from adapters.slack.web_api import client
from bot.service.application import RecoveryApplication
from bot.storage import tables
from bot.workers import delivery
from flows.state.identity import Person, Place
from tests.adapters.slack.harness import NORTHWIND, SlackHarness, SlackUser, slack_harness, words_of
from tests.adapters.slack.raw_requests import OutputRecorder, deliver, draft_sender, settled, signed, written
from tests.conftest import SetClock
from tests.peers.slack import events
from tests.peers.slack.emulate import emulator
from tests.peers.slack.faults import AmendedAnswer, AnswerLoss, Broken, ConnectionDrop, Fault, Hanging, RateLimited
from tests.peers.slack.shim import Call
from tests.peers.slack.team import Json, Team

WORDS = "nobody called us back"
SLACK = "Slack does not answer at the moment. Look at your guide"
SLOW = "This is taking longer than it should. Look at your guide"


# -- Slack sends again ---------------------------------------------------------------------------------------------


class Again(TypedDict):
    late: float
    retry: int


@dataclass(slots=True)
class Thread:
    """Dana's recovery in a thread where a client writes, by a clock that is set by hand."""

    harness: SlackHarness
    clock: SetClock
    message_of_client: Json

    def again(self, number: int = 0) -> Again:
        """Signed at the time that the clock shows, as Slack's further attempt of this number."""
        return {"late": time.time() - self.clock.now, "retry": number}

    def message(self) -> Json:
        workspace = self.harness.slack.workspace
        return events.message(
            workspace.channel("acct-acme"), workspace.user("kim"), WORDS, thread_ts=self.message_of_client["ts"]
        )

    async def count_client_messages(self) -> int:
        """How often the client's words were taken in."""
        return [row["body"]["kind"] for row in await self.harness.rows(tables.event)].count("ClientWrote")


@pytest.fixture
async def thread(tmp_path: Path) -> AsyncIterator[Thread]:
    clock = SetClock(time.time())
    async with slack_harness(f"sqlite:///{tmp_path}/room.db", clock=clock) as result:
        result.amend_user("kim", is_restricted=True)
        message = await result.user("dana").begin_in_thread()
        yield Thread(result, clock, message)


@dataclass(slots=True)
class Work:
    """Holds the application up at the first thing that comes to it: before it is done, or after."""

    after: bool = False
    has_begun: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture
def work(thread: Thread, monkeypatch: pytest.MonkeyPatch) -> Work:  # noqa: ARG001 - the recovery begins unhindered
    result, receive = Work(), RecoveryApplication.receive

    async def held_up(conversation: RecoveryApplication, incoming: Incoming) -> Answer:
        first = not result.has_begun.is_set()
        result.has_begun.set()
        if first and not result.after:
            await result.go_on.wait()
        answer = await receive(conversation, incoming)
        if first and result.after:
            await result.go_on.wait()
        return answer

    monkeypatch.setattr(RecoveryApplication, "receive", held_up)
    return result


RETRIES = {
    "at once": [(1, 0)],
    "after a minute": [(2, 60)],
    "after five minutes": [(3, 300)],
    "each time": [(1, 0), (2, 60), (3, 240)],
}


@pytest.mark.parametrize("retries", RETRIES.values(), ids=RETRIES)
async def test_an_event_that_comes_again_counts_once(thread: Thread, retries: list[tuple[int, int]]) -> None:
    event, sender = thread.message(), thread.harness.sender()
    assert (await sender.event(event, event_id="Ev1", **thread.again())).status == 200
    for number, seconds in retries:
        thread.clock.forward(seconds)
        assert (await sender.event(event, event_id="Ev1", **thread.again(number))).status == 200
    assert await thread.count_client_messages() == 1


async def test_the_same_words_in_two_events_count_twice(thread: Thread) -> None:
    for id_ in ("Ev1", "Ev2"):
        await thread.harness.sender().event(thread.message(), event_id=id_, **thread.again())
    assert await thread.count_client_messages() == 2


async def test_five_at_the_same_time_count_once(thread: Thread) -> None:
    event, sender = thread.message(), thread.harness.sender()
    payload = (sender.event(event, event_id="Ev1", **thread.again(number)) for number in range(5))
    assert {reply.status for reply in await asyncio.gather(*payload)} == {200}
    assert await thread.count_client_messages() == 1


@pytest.mark.parametrize("after", [False, True], ids=["not yet stored", "stored but not answered"])
async def test_an_event_that_comes_again_while_the_first_is_worked_on_counts_once(
    thread: Thread, work: Work, *, after: bool
) -> None:
    work.after = after
    event, sender = thread.message(), thread.harness.sender()
    first = asyncio.create_task(sender.event(event, event_id="Ev1", **thread.again()))
    await work.has_begun.wait()
    assert (await sender.event(event, event_id="Ev1", **thread.again(1))).status == 200
    work.go_on.set()
    assert (await first).status == 200
    assert await thread.count_client_messages() == 1


@pytest.mark.parametrize("after", [False, True], ids=["nothing was stored", "it was stored"])
async def test_an_event_whose_first_answer_took_too_long_is_taken_when_it_comes_again(
    thread: Thread, work: Work, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    work.after = after
    event, sender = thread.message(), thread.harness.sender()
    monkeypatch.setattr(app, "ANSWER_SECONDS", 0.5)
    assert (await sender.event(event, event_id="Ev1", **thread.again())).status == 503
    thread.clock.forward(60)
    assert (await sender.event(event, event_id="Ev1", **thread.again(2))).status == 200
    assert await thread.count_client_messages() == 1


@pytest.mark.parametrize("after", [False, True], ids=["nothing was stored", "it was stored"])
async def test_a_form_whose_first_answer_took_too_long_is_noted_once_when_it_is_sent_again(
    thread: Thread, work: Work, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    dana = thread.harness.user("dana")
    work.has_begun.set()
    view = await dana.open("Add…", "1 of 8")
    work.has_begun.clear()
    work.after = after
    monkeypatch.setattr(app, "ANSWER_SECONDS", 0.5)
    values = {"Contact": "Kim Larsen"}
    late = await dana.submit(view, values)
    assert late.json["response_action"] == "errors"
    assert SLOW in str(late.json["errors"])
    assert (await dana.submit(view, values)).json["response_action"] != "errors"
    assert [row["text"] for row in await thread.harness.rows(tables.entry)] == ["Kim Larsen"]


async def test_a_form_that_was_stored_but_answered_too_late_can_be_changed_and_sent_again(
    thread: Thread, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = thread.harness.user("dana")
    work.has_begun.set()
    view = await dana.open("Add…", "1 of 8")
    work.has_begun.clear()
    work.after = True
    monkeypatch.setattr(app, "ANSWER_SECONDS", 0.5)
    await dana.submit(view, {"Contact": "Kim"})
    await dana.submit(view, {"Contact": "Kim Larsen"})
    assert [row["text"] for row in await thread.harness.rows(tables.entry)] == ["Kim Larsen"]


async def test_a_command_given_twice_begins_one_recovery_and_says_so(thread: Thread) -> None:
    omar = thread.harness.user("omar")
    await omar.type("Borg", "acct-borg")
    second = await omar.type("Borg", "acct-borg")
    assert "You already lead a recovery with Borg here." in words_of(second.json)
    assert [row["account"] for row in await thread.harness.rows(tables.recovery)].count("Borg") == 1


async def test_a_command_given_twice_at_the_same_time_begins_one_recovery(thread: Thread) -> None:
    omar = thread.harness.user("omar")
    await asyncio.gather(*(omar.type("Borg", "acct-borg") for _ in range(4)))
    assert [row["account"] for row in await thread.harness.rows(tables.recovery)].count("Borg") == 1


async def test_a_command_that_is_signed_anew_is_still_the_same(thread: Thread) -> None:
    payload = (await draft_sender(thread.harness.sender()).command("omar", "acct-borg", "Borg")).payload
    for _ in range(2):
        assert (await deliver(thread.harness, signed(written(payload), thread.clock.now))).status == 200
        thread.clock.forward(1)
    assert [row["account"] for row in await thread.harness.rows(tables.recovery)].count("Borg") == 1


async def test_a_tap_that_is_signed_anew_is_still_the_same(thread: Thread) -> None:
    dana = thread.harness.user("dana")
    payload = (
        await draft_sender(thread.harness.sender()).press("dana", await dana.guide("1 of 8"), "I am ready")
    ).payload
    for _ in range(2):
        assert (await deliver(thread.harness, signed(written(payload), thread.clock.now))).status == 200
        thread.clock.forward(1)
    await settled(thread.harness, thread.clock)
    assert [row["next_step"] for row in await thread.harness.rows(tables.step_visit)] == ["facts"]
    assert not thread.harness.shim.of("chat.postEphemeral")


# -- We send again -------------------------------------------------------------------------------------------------

PEOPLE = {f"p{number}": f"Person {number}" for number in range(120)}
LARGE_TEAM = Team(people={**NORTHWIND.people, **PEOPLE})
FAULTS: dict[str, Fault] = {
    "too often": RateLimited(1),
    "broken": Broken(500),
    "no answer": Hanging(),
    "the line drops": ConnectionDrop(),
    "the answer is lost": AnswerLoss(),
}
TWICE = {"chat.postMessage"}
"""What Slack shows again when only the answer was lost."""


@dataclass(slots=True)
class PeoplePool:
    """A team where every test has somebody of its own: what is known of one person is asked for only once."""

    harness: SlackHarness
    _numbers: "count[int]" = field(default_factory=count)

    def somebody(self) -> SlackUser:
        return self.harness.user(f"p{next(self._numbers)}")


def in_a_hurry(patch: pytest.MonkeyPatch) -> None:
    """What is about time is not told here: that we wait at all is, and so is that a call does not hang for ever."""
    patch.setattr(client, "CALL_TIMEOUT_SECONDS", 1.0)
    patch.setattr(delivery, "FIRST_BACKOFF_SECONDS", 0.05)
    patch.setattr(delivery, "POLL_SECONDS", 0.05)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PeoplePool]:
    with pytest.MonkeyPatch.context() as patch:
        in_a_hurry(patch)
        async with slack_harness(f"sqlite:///{tmp_path_factory.mktemp('again')}/room.db", LARGE_TEAM) as result:
            yield PeoplePool(result)


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def happened(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """What was to go wrong in the pool's team did go wrong, and goes wrong no more."""
    if "pool" not in request.fixturenames:
        yield
        return
    shim = request.getfixturevalue("pool").harness.shim
    fault, before = request.getfixturevalue("fault"), len(shim.calls)
    yield
    shim.heal()
    assert any(call.fault == fault for call in shim.calls.all[before:])


@pytest.fixture
async def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackHarness]:
    """An application that knows nobody: recoveries begin in a chat with it, and no channel's members are looked up."""
    in_a_hurry(monkeypatch)
    async with slack_harness(f"sqlite:///{tmp_path}/room.db") as result:
        yield result


shared = pytest.mark.asyncio(loop_scope="module")
of_each_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
ANSWERED = {name: fault for name, fault in FAULTS.items() if not isinstance(fault, ConnectionDrop | AnswerLoss)}
of_each_fault_of_a_read = pytest.mark.parametrize("fault", ANSWERED.values(), ids=ANSWERED)
"""A question whose line drops is asked again by aiohttp itself, and nobody notices."""


def most(method: str, fault: Fault) -> int:
    """How often something may be there."""
    return 2 if isinstance(fault, AnswerLoss) and method in TWICE else 1


async def guides(user: SlackUser) -> list[Json]:
    return [message for message in await user.workspace.received(user.name) if "thread_ts" not in message]


@shared
@of_each_fault
@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
async def test_a_guide_comes_though_slack_fails_at_first(pool: PeoplePool, method: str, fault: Fault) -> None:
    user = pool.somebody()
    direct = await user.workspace.direct(user.name)
    mine = {user.id, direct}
    pool.harness.shim.fail(method, fault, fits=lambda call: bool(mine & set(map(str, call.arguments.values()))))
    await user.begin(f"Account of {user.name}")
    await user.tap("I am ready", "1 of 8")
    await user.guide("2 of 8")
    assert 1 <= len(await guides(user)) <= most(method, fault)


@shared
@of_each_fault
async def test_a_guide_moves_on_in_its_place_though_slack_fails_at_first(pool: PeoplePool, fault: Fault) -> None:
    user = pool.somebody()
    guide = await user.begin(f"Account of {user.name}")
    pool.harness.shim.fail("chat.update", fault, fits=lambda call: call.arguments["ts"] == guide["ts"])
    await user.tap("I am ready", "1 of 8")
    await user.guide("2 of 8")
    assert [message["ts"] for message in await guides(user)] == [guide["ts"]]


@shared
@of_each_fault
async def test_nudges_come_in_order_though_slack_fails_at_first(pool: PeoplePool, fault: Fault) -> None:
    user, observer = pool.somebody(), pool.somebody()
    guide = await user.begin(f"Account of {user.name}")
    by = Person(PLATFORM, LARGE_TEAM.team_id, observer.id, observer.name)
    values = (part["value"] for block in guide["blocks"] for part in block.get("elements", ()) if "value" in part)
    recovery = next(values).split("|")[0]

    async def notice(from_: Person, form: str, **answers: str | Person) -> None:
        scene = RequestContext(Place(PLATFORM, LARGE_TEAM.team_id, ""))
        id_ = f"{user.name}:{form}:{answers}"
        await pool.harness.parts.application.receive(FormSubmission(id_, from_, scene, recovery, form, dict(answers)))

    await notice(Person(PLATFORM, LARGE_TEAM.team_id, user.id), "observe", person=by)
    await observer.guide("You are observing")
    pool.harness.shim.fail("chat.postMessage", fault, fits=lambda call: call.arguments.get("thread_ts") == guide["ts"])
    for text in ("one", "two"):
        await notice(by, "tip", text=f"Tip {text}")

    def second(call: Call) -> bool:
        return call.ok and call.arguments.get("thread_ts") == guide["ts"] and "Tip two" in words_of(call.arguments)

    await pool.harness.shim.wait_for("chat.postMessage", 1, second)
    replies = (await user.workspace.ask("conversations.replies", user.name, channel=guide["channel"], ts=guide["ts"]))[
        "messages"
    ][1:]
    tips = [words_of(message["blocks"]).rpartition("Tip ")[2] for message in replies]
    assert tips in ([["one", "two"], ["one", "one", "two"]] if isinstance(fault, AnswerLoss) else [["one", "two"]])


@shared
@of_each_fault
@pytest.mark.parametrize("method", ["chat.postMessage", "conversations.info", "conversations.members"])
async def test_a_summary_reaches_its_thread_though_slack_fails_at_first(
    pool: PeoplePool, method: str, fault: Fault
) -> None:
    user = pool.somebody()
    posted_message = await user.ready_to_post(f"Account of {user.name}")
    id_ = user.workspace.channel("acct-acme")
    pool.harness.shim.fail(method, fault, fits=lambda call: bool(call.arguments["channel"] == id_))
    await user.tap("Post internal version", f"{user.name} (internal)")

    def post(call: Call) -> bool:
        return call.ok and call.fault is None and call.arguments.get("thread_ts") == posted_message["ts"]

    await pool.harness.shim.wait_for("chat.postMessage", 1, post)
    replies = (await user.workspace.replies("acct-acme", posted_message["ts"]))[1:]
    assert 1 <= len(replies) <= most(method, fault)
    assert {user.name in words_of(message["blocks"]) for message in replies} == {True}


@shared
@of_each_fault
async def test_a_line_for_one_person_comes_though_slack_fails_at_first(pool: PeoplePool, fault: Fault) -> None:
    user = pool.somebody()
    early = await user.begin(f"Account of {user.name}")
    await user.tap("I am ready", "1 of 8")
    await user.guide("2 of 8")
    pool.harness.shim.fail("chat.postEphemeral", fault, fits=lambda call: call.arguments["user"] == user.id)
    await user.sender.press(user.name, early, "I am ready")
    lines = await user.lines(most("chat.postMessage", fault))
    assert all("That button belongs to an earlier card, so nothing was changed." in line for line in lines)


@shared
@of_each_fault
async def test_what_slack_puts_beside_the_thread_is_taken_back_though_slack_fails_at_first(
    pool: PeoplePool, fault: Fault
) -> None:
    user = pool.somebody()
    message = await user.ready_to_post(f"Account of {user.name}")

    def outside(answer: Json) -> None:
        answer["message"].pop("thread_ts")

    def mine(call: Call) -> bool:
        return bool(call.arguments.get("thread_ts") == message["ts"])

    pool.harness.shim.fail("chat.postMessage", AmendedAnswer(outside), math.inf, fits=mine)
    pool.harness.shim.fail("chat.delete", fault)
    await user.tap("Post internal version", f"{user.name} (internal)")
    assert "There is no thread to post to." in (await user.nudges())[0]
    assert (await user.workspace.replies("acct-acme", message["ts"]))[1:] == []


# -- Somebody waits for it -----------------------------------------------------------------------------------------


@shared
@of_each_fault_of_a_read
@pytest.mark.parametrize("private", [False, True], ids=["conversations.info", "conversations.members"])
async def test_a_link_that_cannot_be_looked_up_is_answered(pool: PeoplePool, fault: Fault, *, private: bool) -> None:
    user = pool.somebody()
    message = await user.workspace.say("admin", "acct-borg", "Where is it?")
    method = "conversations.members" if private else "conversations.info"
    if private:
        pool.harness.amend_channel("acct-borg", is_private=True)
    pool.harness.shim.fail(method, fault, fits=lambda call: call.arguments["channel"] == message["channel"])
    reply = await user.type(f"Account of {user.name} {user.link(message)}")
    assert SLACK in words_of(reply.json)
    again = await user.type(f"Account of {user.name} {user.link(message)}")
    assert f"Your guide for Account of {user.name} is open." in words_of(again.json)


async def _more(user: SlackUser) -> Json:
    return await user.open("More", "1 of 8")


@shared
@of_each_fault
async def test_a_modal_that_is_not_drawn_again_says_so_and_the_tap_counts(pool: PeoplePool, fault: Fault) -> None:
    user = pool.somebody()
    await user.begin(f"Account of {user.name}")
    view = await _more(user)
    pool.harness.shim.fail("views.update", fault)
    recorder = OutputRecorder(pool.harness)
    reply = await user.sender.press_in(user.name, view, "Skip")
    assert reply.status == 200
    assert SLACK in recorder.words(reply)
    await user.guide("2 of 8")


@shared
@of_each_fault
@pytest.mark.parametrize("method", ["views.open", "views.push"])
async def test_a_modal_that_does_not_open_is_made_up_for_by_a_word(pool: PeoplePool, method: str, fault: Fault) -> None:
    user = pool.somebody()
    guide = await user.begin(f"Account of {user.name}")
    view = await _more(user)
    pool.harness.shim.fail(method, fault)
    recorder = OutputRecorder(pool.harness)
    if method == "views.open":
        reply = await user.sender.press(user.name, guide, "More")
    else:
        reply = await user.sender.press_in(user.name, view, "Hand over")
    assert reply.status == 200
    assert SLACK in recorder.words(reply)


@shared
@of_each_fault
async def test_a_home_tab_that_cannot_be_shown_is_shown_when_slack_asks_again(pool: PeoplePool, fault: Fault) -> None:
    user = pool.somebody()
    await user.begin(f"Account of {user.name}")
    pool.harness.shim.fail("views.publish", fault)
    opening = events.home_opened(user.id, await user.workspace.direct(user.name))
    assert (await user.sender.event(opening, event_id=f"Ev{user.name}")).status == 503
    assert (await user.sender.event(opening, event_id=f"Ev{user.name}", retry=1)).status == 200
    await user.at_home(f"Account of {user.name}")


@of_each_fault
async def test_somebody_of_whom_slack_does_not_tell_is_asked_to_try_again(stranger: SlackHarness, fault: Fault) -> None:
    dana = stranger.user("dana")
    stranger.shim.fail("users.info", fault, math.inf)
    reply = await dana.type("Acme")
    assert "Slack cannot tell the app at the moment whether you belong to the company." in words_of(reply.json)
    stranger.shim.heal()
    await dana.begin("Acme", await dana.workspace.direct("dana"))


@of_each_fault_of_a_read
async def test_a_colleague_who_cannot_be_looked_up_is_told_at_the_form(stranger: SlackHarness, fault: Fault) -> None:
    dana, omar = stranger.user("dana"), stranger.user("omar")
    await dana.begin("Acme", await dana.workspace.direct("dana"))
    form = await dana.press(await dana.open("More", "1 of 8"), "Hand over")
    stranger.shim.fail("users.info", fault, fits=lambda call: call.arguments["user"] == omar.id)
    reply = await dana.submit(form, {"Who?": "omar"})
    assert reply.json["response_action"] == "errors"
    assert "Slack cannot tell the app at the moment whether that person belongs to your company." in str(
        reply.json["errors"]
    )
    assert (await dana.submit(form, {"Who?": "omar"})).json["response_action"] != "errors"
    await omar.guide("1 of 8", "Acme")


@of_each_fault
async def test_a_start_while_slack_is_away_says_so_and_works_when_it_is_back(
    tmp_path: Path, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "CALL_TIMEOUT_SECONDS", 1.0)
    async with emulator(NORTHWIND) as slack:
        slack.shim.fail("auth.test", fault, math.inf)
        url = f"sqlite:///{tmp_path}/room.db"
        with pytest.raises(SlackUnreachable, match="can be reached"):
            async with slack_harness(url, slack_api_url=slack.base_url):
                pass
        slack.shim.heal()
        async with slack_harness(url, slack_api_url=slack.base_url) as result:
            assert result.parts.database is not None
