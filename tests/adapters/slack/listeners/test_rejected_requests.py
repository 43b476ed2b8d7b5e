"""What is forged, repeated, or not this person's to do is turned away: the engine does not run, and nothing is told."""

import copy
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex

import pytest
import pytest_asyncio
from sqlalchemy import RowMapping

from adapters.shared.crypto import Keys
from bot.server.slack import SIGNING_PURPOSE
from bot.storage import tables
from tests.adapters.slack.harness import APP, KEY, NORTHWIND, SlackHarness, slack_harness, words_of
from tests.adapters.slack.raw_requests import (
    FORM,
    DraftSender,
    OutputRecorder,
    RawRequest,
    deliver,
    draft_sender,
    settled,
    signed,
    stored_counts,
    written,
)
from tests.conftest import SetClock
from tests.peers.slack import events
from tests.peers.slack.sender import Reply
from tests.peers.slack.team import Json, Team

pytestmark = pytest.mark.asyncio(loop_scope="module")

NORTH = replace(NORTHWIND, people={**NORTHWIND.people, "zoe": "Zoe Brandt"})
CONTOSO = Team("T0CONTOSO", "Contoso")
ACCOUNT, FACT, TYPED = "Quietwater Mills", "the ledger was empty on Monday", "they threatened to leave"
LABEL = "What happened"
ANOTHER_SECRET = "f" * 32
SEALS = Keys([KEY]).signer(SIGNING_PURPOSE)
TODAY = "This form or button is too old, so nothing was changed."
UNKNOWN_RECOVERY = "This recovery does not exist here."
GONE = "That no longer exists, so nothing was changed."
OUTSIDER = "Only the people in this recovery can do that."
UNKNOWN = "The app does not know this button or command"
NOT_INSTALLED = "This app is no longer installed here."


@dataclass(frozen=True, slots=True)
class ObservedRecovery:
    """Dana leads it, Omar watches, Kim and all of Contoso have nothing to do with it. `form` and `more` are Dana's.

    `other`: the guide of a second recovery of hers, for what is honest and has effects.
    """

    harness: SlackHarness
    clock: SetClock
    id: str
    guide: Json
    observer_guide: Json
    form: Json
    more: Json
    other: Json

    @property
    def drafts(self) -> DraftSender:
        return draft_sender(self.harness.sender())

    @property
    def elsewhere(self) -> DraftSender:
        return draft_sender(self.harness.sender(CONTOSO))

    def signed(self, payload: Json, **how: str) -> RawRequest:
        return signed(written(payload), self.clock.now, **how)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def recovery(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ObservedRecovery]:
    folder: Path = tmp_path_factory.mktemp("rejected")
    clock = SetClock(float(int(time.time())))
    async with slack_harness(f"sqlite:///{folder}/room.db", NORTH, CONTOSO, clock=clock) as result:
        dana, omar = result.user("dana"), result.user("omar")
        result.amend_user("zoe", team_id="T0ANOTHERCOMPANY")
        await dana.begin(
            ACCOUNT, await dana.workspace.direct("dana")
        )  # in a chat between two, no readers are looked up
        await dana.tap("I am ready", "1 of 8")
        await dana.fill("Add…", {LABEL: FACT}, "2 of 8")
        view = await dana.open("More", "2 of 8", FACT)
        before = len(result.shim.calls)
        await dana.sender.press_in("dana", view, "Invite an observer")
        await dana.submit(dana.opened(before), {"Who?": "omar"})
        observer_guide = await omar.guide("You are observing")
        more = await dana.open("More", "2 of 8", FACT)
        form = await dana.open("Add…", "2 of 8", FACT)
        (row,) = await result.rows(tables.recovery)
        guide = await dana.guide("2 of 8", FACT)
        other = await dana.begin("Bywater", await dana.workspace.direct("dana"))
        await settled(result, clock)
        yield ObservedRecovery(result, clock, row["id"], guide, observer_guide, form, more, other)


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """No test may leave a secret, a client's word or a traceback in a log that an operator keeps."""
    caplog.set_level(logging.INFO)
    yield caplog
    for record in caplog.get_records("call"):
        line = logging.Formatter("%(name)s %(message)s").format(record)
        assert "Traceback" not in line, line
        for secret in (APP.signing_secret, NORTHWIND.bot_token, CONTOSO.bot_token, KEY, ACCOUNT, FACT, TYPED):
            assert secret not in line, line


async def rejected(recovery: ObservedRecovery, letter: RawRequest, method: str = "POST") -> tuple[Reply, str]:
    """Send it; the answer and what people read. Nothing changed, and nothing of the recovery stands in either."""
    before, recorder = await stored_counts(recovery.harness), OutputRecorder(recovery.harness)
    reply = await deliver(recovery.harness, letter, method)
    assert await stored_counts(recovery.harness) == before
    notice = recorder.everything(reply)
    assert not [word for word in (ACCOUNT, FACT, TYPED, "Traceback", 'File "') if word in notice], notice
    return reply, recorder.words(reply)


# -- What people send, honestly ------------------------------------------------------------------------------------


async def command(recovery: ObservedRecovery, text: str = "status", **fields: str) -> Json:
    return (await recovery.drafts.command("dana", "acct-acme", text)).payload | fields


async def tap(recovery: ObservedRecovery, *, person: str = "dana", button: str = "All said") -> Json:
    return (await recovery.drafts.press(person, recovery.guide, button)).payload


async def other_tap(recovery: ObservedRecovery) -> Json:
    return (await recovery.drafts.press("dana", recovery.other, "Two minutes")).payload


async def form(recovery: ObservedRecovery, *, person: str = "dana") -> Json:
    view = recovery.form | {"hash": token_hex(8)}
    return (await recovery.drafts.submit(person, view, {LABEL: TYPED})).payload


async def event(recovery: ObservedRecovery) -> Json:
    message = events.message(
        recovery.drafts.workspace.channel("acct-acme"), recovery.drafts.workspace.user("dana"), TYPED
    )
    return (await recovery.drafts.event(message)).payload


Draft = Callable[[ObservedRecovery], Awaitable[Json]]
HONEST: dict[str, Draft] = {"a command": command, "a tap": other_tap, "a form": form, "an event": event}


@pytest.mark.parametrize("draft", HONEST.values(), ids=HONEST)
async def test_an_honest_one_is_let_in(recovery: ObservedRecovery, draft: Draft) -> None:
    reply = await deliver(recovery.harness, recovery.signed(await draft(recovery)))
    assert reply.status == 200
    await settled(recovery.harness, recovery.clock)


# -- Signatures ----------------------------------------------------------------------------------------------------

Change = Callable[[ObservedRecovery, Json], RawRequest]


def _changed(**headers: str | None) -> Change:
    return lambda recovery, payload: recovery.signed(payload).with_(**headers)


def _stamped(stamp: Callable[[ObservedRecovery], str]) -> Change:
    return lambda recovery, payload: recovery.signed(payload, stamp=stamp(recovery))


def _with_body_of(recovery: ObservedRecovery, payload: Json) -> RawRequest:
    return RawRequest(recovery.signed(payload).body, recovery.signed(payload | {"token": "another"}).headers)


def _at_another_time(recovery: ObservedRecovery, payload: Json) -> RawRequest:
    return recovery.signed(payload).with_(stamp=str(int(recovery.clock.now) - 1))


UNSIGNED: dict[str, Change] = {
    "a forged signature": _changed(signature="v0=" + "0" * 64),
    "a signature that is empty": _changed(signature=""),
    "a signature that is no ASCII": _changed(signature="v0=ü"),
    "no signature": _changed(signature=None),
    "no time": _changed(stamp=None),
    "neither": _changed(signature=None, stamp=None),
    "signed with another secret": lambda recovery, payload: recovery.signed(payload, secret=ANOTHER_SECRET),
    "signed with no secret": lambda recovery, payload: recovery.signed(payload, secret=""),
    "another version of signature": lambda recovery, payload: recovery.signed(payload, version="v1"),
    "a signature of another body": _with_body_of,
    "a signature of another time": _at_another_time,
    "a time that is a word": _stamped(lambda _: "yesterday"),
    "a time below zero": _stamped(lambda recovery: str(-int(recovery.clock.now))),
    "a time with a fraction": _stamped(lambda recovery: f"{recovery.clock.now:.3f}"),
    "a time in other digits": _stamped(
        lambda recovery: "".join(chr(0x0660 + int(sign)) for sign in str(int(recovery.clock.now)))
    ),
    "a time with a thousand digits": _stamped(lambda _: "9" * 1000),
    "301 seconds old": _stamped(lambda recovery: str(int(recovery.clock.now) - 301)),
    "301 seconds ahead": _stamped(lambda recovery: str(int(recovery.clock.now) + 301)),
}


@pytest.mark.parametrize("draft", HONEST.values(), ids=HONEST)
@pytest.mark.parametrize("change", UNSIGNED.values(), ids=UNSIGNED)
async def test_what_slack_did_not_sign_just_now_is_refused(
    recovery: ObservedRecovery, change: Change, draft: Draft
) -> None:
    reply, _ = await rejected(recovery, change(recovery, await draft(recovery)))
    assert reply.status == 401


@pytest.mark.parametrize("seconds", [300, -300], ids=["300 seconds old", "300 seconds ahead"])
async def test_five_minutes_are_still_in_time(recovery: ObservedRecovery, seconds: int) -> None:
    payload = await command(recovery, "help")
    assert (
        await deliver(recovery.harness, recovery.signed(payload, stamp=str(int(recovery.clock.now) - seconds)))
    ).status == 200


# -- Repeated ------------------------------------------------------------------------------------------------------


async def a_start(recovery: ObservedRecovery) -> Json:
    return await command(recovery, "Borg")


ONCE: dict[str, Draft] = {
    "a command that starts a recovery": a_start,
    "the command status": command,
    "a tap": other_tap,
    "a form": form,
}
DISGUISES: dict[str, dict[str, str | None]] = {
    "byte for byte": {},
    "as JSON": {"kind": "application/json"},
    "as plain text": {"kind": "text/plain"},
    "as a form in capitals": {"kind": FORM.upper()},
    "as nothing": {"kind": None},
}


@pytest.mark.parametrize("draft", ONCE.values(), ids=ONCE)
@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
async def test_what_slack_sends_once_is_taken_once(
    recovery: ObservedRecovery, draft: Draft, disguise: Mapping[str, str | None]
) -> None:
    letter = recovery.signed(await draft(recovery))
    assert (await deliver(recovery.harness, letter)).status == 200
    await settled(recovery.harness, recovery.clock)
    reply, _ = await rejected(recovery, letter.with_(**disguise))
    assert reply.status == 401


async def test_a_repeated_event_is_acknowledged_and_has_no_effect(recovery: ObservedRecovery) -> None:
    letter = recovery.signed(await event(recovery))
    assert (await deliver(recovery.harness, letter)).status == 200
    reply, _ = await rejected(recovery, letter)
    assert reply.status == 200


# -- Not theirs ----------------------------------------------------------------------------------------------------


def valued(payload: Json, value: str) -> Json:
    change = copy.deepcopy(payload)
    change["actions"][0]["value"] = value
    return change


def sealed(payload: Json, metadata: str | None) -> Json:
    change = copy.deepcopy(payload)
    change["view"] |= {"private_metadata": metadata}
    if metadata is None:
        del change["view"]["private_metadata"]
    return change


def _value(make: Callable[[ObservedRecovery], str]) -> Draft:
    async def draft(recovery: ObservedRecovery) -> Json:
        return valued(await tap(recovery), make(recovery))

    return draft


def _metadata(make: Callable[[ObservedRecovery], str | None]) -> Draft:
    async def draft(recovery: ObservedRecovery) -> Json:
        return sealed(await form(recovery), make(recovery))

    return draft


def _of_form(recovery: str, form_id: str) -> str:
    return SEALS.sign({"recovery": recovery, "form": form_id, "nth": 0})


async def from_contoso(recovery: ObservedRecovery) -> Json:
    return (await recovery.elsewhere.press("dana", recovery.guide | {"channel": "D0ELSEWHERE"}, "All said")).payload


async def form_from_contoso(recovery: ObservedRecovery) -> Json:
    payload = copy.deepcopy(await form(recovery))
    payload["team"]["id"] = payload["user"]["team_id"] = CONTOSO.team_id
    payload["user"]["id"] = recovery.elsewhere.workspace.user("dana")
    return payload


async def tap_of_kim(recovery: ObservedRecovery) -> Json:
    return await tap(recovery, person="kim")


async def form_of_kim(recovery: ObservedRecovery) -> Json:
    return await form(recovery, person="kim")


async def menu(recovery: ObservedRecovery, value: str) -> Json:
    (block,) = [block for block in recovery.more["blocks"] if (block.get("accessory") or {}).get("type") == "overflow"]
    option = block["accessory"]["options"][0]["value"]
    payload = (
        await recovery.drafts.press_in("dana", recovery.more, block["accessory"]["action_id"], value=option)
    ).payload
    change = copy.deepcopy(payload)
    change["actions"][0]["selected_option"]["value"] = value
    return change


async def foreign_callback(recovery: ObservedRecovery) -> Json:
    payload = copy.deepcopy(await form(recovery))
    payload["view"]["callback_id"] = "somebody_elses"
    return payload


async def foreign_shortcut(recovery: ObservedRecovery) -> Json:
    message = await recovery.harness.slack.workspace.say("kim", "acct-acme", TYPED)
    return (await recovery.drafts.shortcut("dana", message, "somebody_elses")).payload


async def global_shortcut(recovery: ObservedRecovery) -> Json:
    payload = await foreign_shortcut(recovery)
    return {name: payload[name] for name in payload if name not in {"message", "channel", "response_url"}} | {
        "type": "shortcut"
    }


async def unknown_block(recovery: ObservedRecovery) -> Json:
    payload = copy.deepcopy(await form(recovery))
    values = payload["view"]["state"]["values"]
    payload["view"]["state"]["values"] = {"somebody_elses": next(iter(values.values()))}
    return payload


def _nowhere(draft: Draft) -> Draft:
    async def drafted(recovery: ObservedRecovery) -> Json:
        text = json.dumps(await draft(recovery))
        payload: Json = json.loads(text.replace(NORTHWIND.team_id, "T0NOWHERE"))
        return payload

    return drafted


NOT_THEIRS: dict[str, tuple[Draft, str]] = {
    "a button of another workspace's recovery": (from_contoso, UNKNOWN_RECOVERY),
    "a form of another workspace's recovery": (form_from_contoso, UNKNOWN_RECOVERY),
    "a button by somebody who is no part of it": (tap_of_kim, OUTSIDER),
    "a form by somebody who is no part of it": (form_of_kim, OUTSIDER),
    "a recovery that does not exist": (_value(lambda _: f"{'0' * 32}|1|choose:all_said"), UNKNOWN_RECOVERY),
    "an action that no button has": (_value(lambda recovery: f"{recovery.id}|{_visit(recovery)}|explode"), GONE),
    "an action that is a word alone": (
        _value(lambda recovery: f"{recovery.id}|{_visit(recovery)}|post:everything"),
        GONE,
    ),
    "a value that is not ours": (_value(lambda _: "approve_invoice_17"), TODAY),
    "a value with another app's JSON": (_value(lambda recovery: json.dumps({"recovery": recovery.id})), TODAY),
    "a value of two parts": (_value(lambda recovery: f"{recovery.id}|choose:all_said"), TODAY),
    "a visit below zero": (_value(lambda recovery: f"{recovery.id}|-1|choose:all_said"), TODAY),
    "a visit of thirty digits": (_value(lambda recovery: f"{recovery.id}|{'9' * 30}|choose:all_said"), TODAY),
    "a visit in other digits": (_value(lambda recovery: f"{recovery.id}|٢|choose:all_said"), TODAY),
    "an empty value": (_value(lambda _: ""), TODAY),
    "a menu with a foreign value": (lambda recovery: menu(recovery, "delete|everything"), TODAY),
    "a menu with an empty value": (lambda recovery: menu(recovery, ""), TODAY),
    "a form without its seal": (_metadata(lambda _: None), TODAY),
    "a form with an empty seal": (_metadata(lambda _: ""), TODAY),
    "a seal with a sign changed": (_metadata(lambda recovery: _bent(recovery.form["private_metadata"])), TODAY),
    "a seal with a sign of its signature changed": (_metadata(lambda t: _bent(t.form["private_metadata"], -5)), TODAY),
    "a seal that is plain JSON": (_metadata(lambda t: json.dumps({"recovery": t.id, "form": "tip", "nth": 0})), TODAY),
    "a seal for another purpose": (
        _metadata(lambda t: Keys([KEY]).signer("state").sign({"recovery": t.id, "form": "note:facts", "nth": 0})),
        TODAY,
    ),
    "a seal with another key": (
        _metadata(
            lambda t: Keys(["k" * 40]).signer(SIGNING_PURPOSE).sign({"recovery": t.id, "form": "note:facts", "nth": 0})
        ),
        TODAY,
    ),
    "a seal of a list": (_metadata(lambda recovery: SEALS.sign([recovery.id, "note:facts", 0])), TODAY),
    "a seal of half a meaning": (_metadata(lambda recovery: SEALS.sign({"recovery": recovery.id})), TODAY),
    "the seal of another modal": (_metadata(lambda recovery: recovery.more["private_metadata"]), TODAY),
    "a seal of no recovery that exists": (
        _metadata(lambda _: _of_form("0" * 32, "note:facts")),
        UNKNOWN_RECOVERY,
    ),
    "a form that does not exist": (_metadata(lambda recovery: _of_form(recovery.id, "confess")), GONE),
    "a form about a field that does not exist": (_metadata(lambda recovery: _of_form(recovery.id, "note:bribe")), GONE),
    "a form about a note that does not exist": (_metadata(lambda recovery: _of_form(recovery.id, "edit:e999")), GONE),
    "a form with a field that is not ours": (unknown_block, TODAY),
    "a form of another app": (foreign_callback, UNKNOWN),
    "a shortcut of another app": (foreign_shortcut, UNKNOWN),
    "a shortcut that stands nowhere": (global_shortcut, UNKNOWN),
    "a command of another app": (lambda recovery: command(recovery, command="/deploy"), UNKNOWN),
    "a command where the app is not installed": (_nowhere(command), NOT_INSTALLED),
    "a tap where the app is not installed": (_nowhere(tap), NOT_INSTALLED),
    "a form where the app is not installed": (_nowhere(form), NOT_INSTALLED),
}


def _visit(recovery: ObservedRecovery) -> str:
    values = [
        element["value"]
        for block in recovery.guide["blocks"]
        for element in block.get("elements", ())
        if "value" in element
    ]
    return str(values[0].split("|")[1])


def _bent(text: str, at: int = 3) -> str:
    sign = text[at]
    return text[:at] + ("A" if sign != "A" else "B") + text[at:][1:]


@pytest.mark.parametrize(("draft", "message"), NOT_THEIRS.values(), ids=NOT_THEIRS)
async def test_what_is_not_theirs_or_not_ours_is_answered_with_a_helpful_word(
    recovery: ObservedRecovery, draft: Draft, message: str
) -> None:
    reply, words = await rejected(recovery, recovery.signed(await draft(recovery)))
    assert reply.status == 200
    assert message in words


@pytest.mark.parametrize("kind", ["a form", "a form where the app is not installed"])
async def test_what_was_typed_into_a_form_that_is_refused_stays_in_it(recovery: ObservedRecovery, kind: str) -> None:
    draft = _metadata(lambda _: "") if kind == "a form" else _nowhere(form)
    reply, _ = await rejected(recovery, recovery.signed(await draft(recovery)))
    assert reply.json["response_action"] == "errors"


async def gate_of_omar(recovery: ObservedRecovery) -> Json:
    observer_guide = recovery.guide | {"channel": recovery.observer_guide["channel"]}
    return (await recovery.drafts.press("omar", observer_guide, "All said")).payload


REFUSED: dict[str, tuple[Draft, str, str]] = {
    "a gate, by somebody who watches": (
        gate_of_omar,
        "omar",
        "You are observing, so only the person who leads the recovery can do that.",
    ),
    "a gate that the step does not have": (
        _value(lambda t: f"{t.id}|{_visit(t)}|choose:none|1"),
        "dana",
        "earlier card",
    ),
    "a gate of an earlier card": (_value(lambda t: f"{t.id}|1|choose:ready"), "dana", "earlier card"),
    "a note that is not there": (_value(lambda t: f"{t.id}|{_visit(t)}|remove:e999"), "dana", "no longer exists"),
}


@pytest.mark.parametrize(("draft", "who", "message"), REFUSED.values(), ids=REFUSED)
async def test_what_the_engine_refuses_changes_nothing_and_is_told_to_one_person(
    recovery: ObservedRecovery, draft: Draft, who: str, message: str
) -> None:
    before = [
        await recovery.harness.rows(table) for table in (tables.recovery, tables.entry, tables.timer, tables.step_visit)
    ]
    since = len(recovery.harness.shim.calls)
    assert (await deliver(recovery.harness, recovery.signed(await draft(recovery)))).status == 200
    await settled(recovery.harness, recovery.clock)
    after = [
        await recovery.harness.rows(table) for table in (tables.recovery, tables.entry, tables.timer, tables.step_visit)
    ]
    assert _states(after) == _states(before)
    lines = [call.arguments for call in recovery.harness.shim.calls.all[since:] if call.method == "chat.postEphemeral"]
    assert [line["user"] for line in lines] == [recovery.harness.user(who).id]
    assert message in words_of(lines[0]["blocks"])


def _states(tables_of_rows: list[list[RowMapping]]) -> list[list[Json]]:
    """Without the number that says that something was answered."""
    return [[{name: row[name] for name in row if name != "version"} for row in rows] for rows in tables_of_rows]


async def test_a_recovery_cannot_be_handed_to_another_company(recovery: ObservedRecovery) -> None:
    dana = recovery.harness.user("dana")
    before = len(recovery.harness.shim.calls)
    await dana.sender.press_in("dana", recovery.more, "Hand over")
    payload = (await recovery.drafts.submit("dana", dana.opened(before), {"Who?": "zoe"})).payload
    reply, words = await rejected(recovery, recovery.signed(payload))
    assert reply.json["response_action"] == "errors"
    assert "is not a person of your company" in words


# -- Not even Slack's ----------------------------------------------------------------------------------------------

NO_REQUEST: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "no UTF-8": (b"payload=\xff\xfe\x80", 400),
    "JSON that is none": (b'{"event": ', 400),
    "a payload that is no JSON": (b"payload=%7B%22type%22", 400),
    "a payload that is empty": (b"payload=", 400),
    "a payload that is a list": (b"payload=%5B%5D", 400),
    "a payload that is null": (b"payload=null", 400),
    "an unknown kind of form": (b"colour=green", 200),
    "an empty object": (b"{}", 200),
    "more than a megabyte": (b"text=" + b"a" * 1_048_577, 413),
}


@pytest.mark.parametrize(("body", "status"), NO_REQUEST.values(), ids=NO_REQUEST)
async def test_what_is_no_request_of_slacks_is_refused_though_it_is_signed(
    recovery: ObservedRecovery, body: bytes, status: int
) -> None:
    reply, _ = await rejected(recovery, signed(body, recovery.clock.now))
    assert reply.status == status


async def test_an_event_that_we_did_not_ask_for_is_acknowledged_so_that_it_does_not_come_again(
    recovery: ObservedRecovery,
) -> None:
    payload = (await recovery.drafts.event({"type": "emoji_changed", "subtype": "add"})).payload
    reply, words = await rejected(recovery, recovery.signed(payload))
    assert (reply.status, words.strip()) == (200, "")


async def test_an_event_where_the_app_is_not_installed_is_acknowledged(recovery: ObservedRecovery) -> None:
    reply, words = await rejected(recovery, recovery.signed(await _nowhere(event)(recovery)))
    assert (reply.status, words.strip()) == (200, "")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_posts_are_taken(recovery: ObservedRecovery, method: str) -> None:
    reply, _ = await rejected(recovery, recovery.signed(await command(recovery)), method)
    assert reply.status == 405
