"""Whatever goes wrong, nobody is left with Slack's “operation_timeout”, and nothing that was typed is lost."""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from sqlalchemy.exc import OperationalError

from adapters.slack.listeners import app, error_replies
from adapters.slack.web_api.client import CALL_TIMEOUT_SECONDS
from bot.service.application import RecoveryApplication
from bot.storage import tables
from tests.adapters.application_fault import ApplicationFault
from tests.adapters.slack.harness import APP, NORTHWIND, SlackHarness, SlackUser, slack_harness
from tests.adapters.slack.raw_requests import OutputRecorder
from tests.conftest import new_postgres
from tests.peers.slack import events
from tests.peers.slack.faults import Broken, ConnectionDrop, ErrorReply, Fault, Hanging, RateLimited
from tests.peers.slack.sender import Reply
from tests.peers.slack.team import Json
from tests.peers.slack.waiting import SECONDS_OF_PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")

ACCOUNT, TYPED = "Quietwater Mills", "they threatened to leave"
LABEL = "What happened"
OURS = "That did not work because of an error in the app. Try again"
DATABASE = "Not saved: the app cannot reach its database. Try again in a minute."
SLOW = "This is taking longer than it should. Look at your guide"
SLACK = "Slack does not answer at the moment. Look at your guide"
LATE = "Slack could not open this window in time. Try again."
NOT_ALLOWED = "Slack did not allow that. Ask an administrator"
SECONDS_TO_ANSWER = 0.3


@dataclass(frozen=True, slots=True)
class OpenRecovery:
    """Dana is in the second step; `form` and `more` are open, and `home` is what she sees there."""

    harness: SlackHarness
    trouble: ApplicationFault
    guide: Json
    form: Json
    more: Json
    home: Json
    message: Json

    @property
    def dana(self) -> SlackUser:
        return self.harness.user("dana")


@asynccontextmanager
async def open_recovery(database_url: str) -> AsyncIterator[OpenRecovery]:
    trouble = ApplicationFault(RecoveryApplication.receive)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RecoveryApplication, "receive", lambda conversation, incoming: trouble(conversation, incoming))  # noqa: PLW0108 - a function is bound to its object
        async with slack_harness(database_url) as harness:
            dana = harness.user("dana")
            await dana.begin(ACCOUNT)
            await dana.tap("I am ready", "1 of 8")
            await dana.fill("Add…", {LABEL: "the ledger was empty"}, "2 of 8")
            guide = await dana.guide("2 of 8", "the ledger was empty")
            form = await dana.open("Add…", "2 of 8")
            more = await dana.open("More", "2 of 8")
            home = await dana.home(ACCOUNT)
            message = await dana.workspace.say("kim", "acct-borg", TYPED)
            yield OpenRecovery(harness, trouble, guide, form, more, home, message)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def recovery(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OpenRecovery]:
    async with open_recovery(f"sqlite:///{tmp_path_factory.mktemp('apology')}/room.db") as result:
        yield result


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def orphan() -> AsyncIterator[OpenRecovery]:
    """A recovery whose PostgreSQL is gone."""
    with new_postgres() as server:
        async with open_recovery(server.get_uri()) as result:
            server.stop()
            yield result


@pytest.fixture(autouse=True)
def healed(recovery: OpenRecovery) -> Iterator[None]:
    yield
    recovery.trouble.error, recovery.trouble.endless = None, False
    recovery.trouble.broke_off.clear()
    recovery.harness.shim.heal()


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No error may bring a secret or a client's word into a log that an operator keeps."""
    caplog.set_level(logging.INFO)
    yield
    for record in caplog.get_records("call"):
        line = logging.Formatter("%(name)s %(message)s").format(record)
        for secret in (APP.signing_secret, NORTHWIND.bot_token, ACCOUNT, TYPED, "Traceback"):
            assert secret not in line, line


# -- What somebody does, each by another handler -------------------------------------------------------------------


async def command(recovery: OpenRecovery) -> Reply:
    return await recovery.dana.sender.command("dana", "acct-borg", "Borg Foods")


async def empty_command(recovery: OpenRecovery) -> Reply:
    return await recovery.dana.sender.command("dana", "acct-borg", "start")


async def link(recovery: OpenRecovery) -> Reply:
    return await recovery.dana.sender.command("dana", "acct-acme", f"Borg {recovery.dana.link(recovery.message)}")


async def shortcut(recovery: OpenRecovery) -> Reply:
    return await recovery.dana.sender.shortcut("dana", recovery.message, "recover_here")


async def tap(recovery: OpenRecovery) -> Reply:
    return await recovery.dana.sender.press("dana", recovery.guide, "All said")


async def tap_that_opens(recovery: OpenRecovery) -> Reply:
    return await recovery.dana.sender.press("dana", recovery.guide, "More")


async def tap_in_modal(recovery: OpenRecovery) -> Reply:
    return await recovery.dana.sender.press_in("dana", recovery.more, "Snooze 2 min")


async def tap_in_modal_that_opens(recovery: OpenRecovery) -> Reply:
    return await recovery.dana.sender.press_in("dana", recovery.more, "Hand over")


async def tap_at_home(recovery: OpenRecovery) -> Reply:
    return await recovery.dana.sender.press_in("dana", recovery.home, "Change")


async def form(recovery: OpenRecovery) -> Reply:
    return await recovery.dana.sender.submit("dana", recovery.form, {LABEL: TYPED})


Act = Callable[[OpenRecovery], Awaitable[Reply]]
WAITING: dict[str, Act] = {
    "the command with an account": command,
    "the command without one": empty_command,
    "the command with a link": link,
    "the shortcut on a message": shortcut,
    "a button of the guide": tap,
    "a button of the guide that opens a modal": tap_that_opens,
    "a button in a modal": tap_in_modal,
    "a button in a modal that opens another": tap_in_modal_that_opens,
    "a button on the home tab": tap_at_home,
    "a form": form,
}


def a_person(recovery: OpenRecovery) -> tuple[str, str]:
    return recovery.dana.workspace.channel("acct-acme"), recovery.dana.workspace.user("dana")


EVENTS: dict[str, Callable[[OpenRecovery], Json]] = {
    "a message": lambda recovery: events.message(*a_person(recovery), TYPED),
    "a look at the home tab": lambda recovery: events.home_opened(a_person(recovery)[1], recovery.guide["channel"]),
    "a channel that is shared": lambda recovery: events.channel_shared(a_person(recovery)[0], "T0OTHER"),
}

TROUBLE: dict[str, tuple[Exception, str]] = {
    "a fault of ours": (KeyError(TYPED), OURS),
    "a fault that nobody thought of": (RuntimeError(TYPED), OURS),
    "the database is away": (OperationalError(TYPED, None, ConnectionError("away")), DATABASE),
}


@pytest.mark.parametrize("act", WAITING.values(), ids=WAITING)
@pytest.mark.parametrize(("error", "notice"), TROUBLE.values(), ids=TROUBLE)
async def test_whoever_waits_is_told_what_to_do(
    recovery: OpenRecovery, act: Act, error: Exception, notice: str
) -> None:
    recovery.trouble.error = error
    recorder = OutputRecorder(recovery.harness)
    reply = await act(recovery)
    assert reply.status == 200
    assert notice in recorder.words(reply)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize("error", [error for error, _ in TROUBLE.values()], ids=TROUBLE)
async def test_an_event_that_was_not_taken_is_asked_for_again(
    recovery: OpenRecovery, event: Callable[[OpenRecovery], Json], error: Exception
) -> None:
    recovery.trouble.error = error
    assert (await recovery.dana.sender.event(event(recovery))).status == 503


@pytest.mark.parametrize("error", [error for error, _ in TROUBLE.values()], ids=TROUBLE)
async def test_what_was_typed_into_a_form_stays_in_it(recovery: OpenRecovery, error: Exception) -> None:
    recovery.trouble.error = error
    assert (await form(recovery)).json["response_action"] == "errors"


async def test_a_form_that_failed_can_be_sent_again_as_it_is(recovery: OpenRecovery) -> None:
    text = "the second time it worked"
    view = await recovery.dana.open("Add…", "2 of 8")
    recovery.trouble.error = TROUBLE["the database is away"][0]
    assert (await recovery.dana.submit(view, {LABEL: text})).json["response_action"] == "errors"
    recovery.trouble.error = None
    assert (await recovery.dana.submit(view, {LABEL: text})).json["response_action"] == "update"
    assert [row["text"] for row in await recovery.harness.rows(tables.entry)].count(text) == 1


@pytest.mark.parametrize("act", WAITING.values(), ids=WAITING)
async def test_whoever_waits_is_told_that_the_real_database_is_away(orphan: OpenRecovery, act: Act) -> None:
    recorder = OutputRecorder(orphan.harness)
    reply = await act(orphan)
    assert reply.status == 200
    assert DATABASE in recorder.words(reply)


async def test_what_was_typed_while_the_real_database_is_away_stays(orphan: OpenRecovery) -> None:
    assert (await form(orphan)).json["response_action"] == "errors"


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
async def test_an_event_is_asked_for_again_while_the_real_database_is_away(
    orphan: OpenRecovery, event: Callable[[OpenRecovery], Json]
) -> None:
    assert (await orphan.dana.sender.event(event(orphan))).status == 503


@pytest.mark.parametrize("act", WAITING.values(), ids=WAITING)
async def test_who_waits_too_long_is_told_before_slack_gives_up(
    recovery: OpenRecovery, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "ANSWER_SECONDS", SECONDS_TO_ANSWER)
    recovery.trouble.endless = True
    recorder = OutputRecorder(recovery.harness)
    reply = await act(recovery)
    assert reply.status == 200
    assert SLOW in recorder.words(reply)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
async def test_an_event_that_takes_too_long_is_asked_for_again(
    recovery: OpenRecovery, event: Callable[[OpenRecovery], Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "ANSWER_SECONDS", SECONDS_TO_ANSWER)
    recovery.trouble.endless = True
    assert (await recovery.dana.sender.event(event(recovery))).status == 503


async def test_what_takes_too_long_is_broken_off(recovery: OpenRecovery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "ANSWER_SECONDS", SECONDS_TO_ANSWER)
    recovery.trouble.endless = True
    await tap(recovery)
    async with asyncio.timeout(SECONDS_OF_PATIENCE):
        await recovery.trouble.broke_off.wait()


# -- Slack itself is in trouble ------------------------------------------------------------------------------------

OPENS: dict[str, tuple[Act, str]] = {
    "the command without an account": (empty_command, "views.open"),
    "the shortcut on a message": (shortcut, "views.open"),
    "a button of the guide": (tap_that_opens, "views.open"),
    "a button in a modal": (tap_in_modal_that_opens, "views.push"),
    "a button on the home tab": (tap_at_home, "views.open"),
}
FAULTS: dict[str, tuple[Fault, str]] = {
    "too often": (RateLimited(1), SLACK),
    "broken": (Broken(), SLACK),
    "the line drops": (ConnectionDrop(), SLACK),
    "no answer": (Hanging(), SLOW),
    "too late": (ErrorReply("expired_trigger_id"), LATE),
    "not allowed": (ErrorReply("missing_scope", "commands"), NOT_ALLOWED),
    "not understood": (ErrorReply("invalid_arguments"), OURS),
}


@pytest.mark.parametrize(("act", "method"), OPENS.values(), ids=OPENS)
@pytest.mark.parametrize(("fault", "message"), FAULTS.values(), ids=FAULTS)
async def test_a_modal_that_does_not_open_is_made_up_for_by_a_word(
    recovery: OpenRecovery, act: Act, method: str, fault: Fault, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(fault, Hanging):
        monkeypatch.setattr(app, "ANSWER_SECONDS", SECONDS_TO_ANSWER)
    recovery.harness.shim.fail(method, fault)
    recorder = OutputRecorder(recovery.harness)
    reply = await act(recovery)
    assert reply.status == 200
    assert message in recorder.words(reply)


async def test_an_answer_that_cannot_be_shown_beside_the_guide_comes_by_the_response_url(
    recovery: OpenRecovery,
) -> None:
    recovery.harness.shim.fail("chat.postEphemeral", Broken())
    stale = recovery.guide | {"blocks": [block for block in recovery.guide["blocks"] if block["type"] == "actions"]}
    stale["blocks"][-1]["elements"][0]["value"] = "0" * 32 + "|1|choose:ready"
    recorder = OutputRecorder(recovery.harness)
    reply = await recovery.dana.sender.press("dana", stale, "All said")
    assert reply.status == 200
    assert SLACK in recorder.words(reply)


async def test_a_settings_form_whose_home_tab_cannot_be_drawn_keeps_what_was_typed(recovery: OpenRecovery) -> None:
    before = len(recovery.harness.shim.calls)
    await tap_at_home(recovery)
    recovery.harness.shim.fail("views.publish", Broken())
    reply = await recovery.dana.submit(recovery.dana.opened(before), {"When reminders may come": "8-16 mon-fri"})
    assert reply.json["response_action"] in {"clear", "errors"}
    assert "8" in str((await recovery.harness.rows(tables.person))[0]["working_hours"])


@pytest.mark.parametrize("endless", [False, True], ids=["it broke", "it took too long"])
async def test_even_if_nobody_can_be_told_slack_gets_its_answer_in_time(
    recovery: OpenRecovery, monkeypatch: pytest.MonkeyPatch, *, endless: bool
) -> None:
    monkeypatch.setattr(app, "ANSWER_SECONDS", SECONDS_TO_ANSWER)
    monkeypatch.setattr(error_replies, "NOTICE_SECONDS", SECONDS_TO_ANSWER)
    recovery.trouble.error, recovery.trouble.endless = None if endless else KeyError("ours"), endless
    recovery.harness.shim.fail("views.update", Hanging(), math.inf)
    reply = await tap_in_modal(recovery)
    assert reply.status == 200
    assert reply.seconds < CALL_TIMEOUT_SECONDS  # after which the call itself would have given up


async def test_what_is_allowed_to_take_time_adds_up_to_less_than_slack_gives() -> None:
    assert app.ANSWER_SECONDS + error_replies.NOTICE_SECONDS < 3
