"""Payloads with parts that are missing, of another type, nested or strange: never a 5xx, a traceback or a hang."""

import asyncio
import copy
import json
import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.slack import documented_payloads as documented
from tests.adapters.slack.harness import SlackHarness, slack_harness
from tests.adapters.slack.raw_requests import deliver, draft_sender, signed, written
from tests.conftest import SetClock
from tests.examples import examples
from tests.peers.slack import events
from tests.peers.slack.team import Json

APP_TOKEN = "xapp-1-A0TRUSTRECOVER-123-made-up-for-these-tests"
STRANGE: list[Any] = [
    None, True, 0, -1, 10**30, 1e308, "", "x",
    "\x00", "\ud800", "\u202e", "a" * 5000, [], {}, [[]], [None], {"id": None},
    {"id": []}, {"id": "U1"}, {"type": "x"}, {"values": []}, "C1", "<@U1>", {"": {"": {}}},
]  # fmt: skip
Path = tuple[str | int, ...]


class LineRecorder(logging.Handler):
    """Keeps what would be more than a line in the log."""

    def __init__(self) -> None:
        super().__init__()
        self.tracebacks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        if record.exc_info or "\n" in line:
            self.tracebacks.append(line)


@dataclass
class Application:
    """The product in an event loop of this thread, and payloads of every kind: another app's, and ours."""

    runner: asyncio.Runner
    harness: SlackHarness
    payloads: list[Json]
    lines: LineRecorder
    clock: SetClock

    def send(self, payload: Json) -> int:
        """Over HTTP, as Slack would sign it; the status of the answer."""
        self.clock.forward(1)  # so that no two requests have the same signature
        body = urlencode(payload, errors="replace") if "command" in payload else written(payload)
        return self.runner.run(deliver(self.harness, signed(body, self.clock.now))).status

    def send_down_socket(self, payload: Json) -> None:
        """By Socket Mode, which must acknowledge it."""
        kind = "events_api" if "event" in payload else "slash_commands" if "command" in payload else "interactive"
        self.runner.run(self.harness.shim.sockets.send(kind, payload))


async def ours(harness: SlackHarness) -> list[Json]:
    """An honest payload of each kind that the product answers."""
    dana, drafts = harness.user("dana"), draft_sender(harness.sender())
    await dana.begin()
    await dana.tap("I am ready", "1 of 8")
    guide = await dana.guide("2 of 8")
    form, more = await dana.open("Add…", "2 of 8"), await dana.open("More", "2 of 8")
    home = await dana.home("Acme")
    message = await dana.workspace.say("kim", "acct-acme", "hello")
    hand_over = await dana.press(more, "Hand over")
    drafted = [
        await drafts.command("dana", "acct-acme", "status"),
        await drafts.command("dana", "acct-acme", "handover <@U1|omar>"),
        await drafts.press("dana", guide, "All said"),
        await drafts.press_in("dana", more, "Snooze 2 min"),
        await drafts.press_in("dana", home, "Change"),
        await drafts.submit("dana", form, {"What happened": "It was late."}),
        await drafts.submit("dana", hand_over, {"Who?": "omar"}),
        await drafts.shortcut("dana", message, "recover_here"),
        await drafts.event(events.message(message["channel"], dana.id, "hello", thread_ts=message["ts"])),
        await drafts.event(events.home_opened(dana.id, guide["channel"])),
        await drafts.event(events.member_joined(message["channel"], dana.id, "T0NORTHWIND")),
        await drafts.event(events.channel_unshared(message["channel"], "T0OTHER")),
    ]
    return [reply.payload for reply in drafted]


def application(**options: object) -> Iterator[Application]:
    clock, lines = SetClock(float(int(time.time()))), LineRecorder()
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        stack = AsyncExitStack()
        url = f"sqlite:///{folder}/room.db"
        harness = runner.run(stack.enter_async_context(slack_harness(url, clock=clock, **options)))  # type: ignore[arg-type]  # settings of all types
        if "slack_app_token" in options:
            harness.sender().sockets = harness.shim.sockets
            runner.run(harness.shim.sockets.open.until(lambda _: True, 1))
        others = [documented.command(), *(payload for _, payload in (*documented.interactions(), *documented.events()))]
        honest = runner.run(ours(harness))
        logging.getLogger().addHandler(lines)
        try:
            yield Application(runner, harness, [*honest * 4, *others], lines, clock)
        finally:
            logging.getLogger().removeHandler(lines)
            runner.run(stack.aclose())


@pytest.fixture(scope="module")
def over_http() -> Iterator[Application]:
    yield from application()


@pytest.fixture(scope="module")
def on_sockets() -> Iterator[Application]:
    yield from application(slack_signing_secret=None, slack_app_token=APP_TOKEN)


def paths(node: object, here: Path = ()) -> Iterator[Path]:
    """Where every part of a payload stands."""
    if here:
        yield here
    if isinstance(node, dict):
        for name, part in node.items():
            yield from paths(part, (*here, name))
    elif isinstance(node, list):
        for number, part in enumerate(node):
            yield from paths(part, (*here, number))


def changed(payload: Json, path: Path, change: str, value: Any) -> Json:  # noqa: ANN401 - JSON
    """The payload with one part removed, replaced, wrapped or named in another way."""
    result = copy.deepcopy(payload)
    parent: Any = result
    for name in path[:-1]:
        parent = parent[name]
    name = path[-1]
    match change:
        case "drop":
            del parent[name]
        case "wrap":
            parent[name] = [parent[name]]
        case "nest":
            parent[name] = {"id": parent[name], "type": parent[name], "value": parent[name]}
        case "rename" if isinstance(parent, dict):
            parent[str(value)] = parent.pop(name)
        case _:
            parent[name] = value
    return result


@st.composite
def mutations(draw: st.DrawFn, payloads: list[Json]) -> Json:
    """A payload with one to three changes."""
    payload = draw(st.sampled_from(payloads))
    for _ in range(draw(st.integers(1, 3))):
        places = list(paths(payload))
        if not places:
            break
        change = draw(st.sampled_from(["drop", "replace", "replace", "wrap", "nest", "rename"]))
        payload = changed(payload, draw(st.sampled_from(places)), change, draw(st.sampled_from(STRANGE)))
    return payload


@examples(400)
@given(data=st.data())
def test_no_mutated_payload_is_an_error_of_the_server(over_http: Application, data: st.DataObject) -> None:
    payload = data.draw(mutations(over_http.payloads))
    assert over_http.send(payload) in {200, 400}
    assert over_http.lines.tracebacks == []


@examples(100)
@given(data=st.data())
def test_every_mutated_payload_is_acknowledged_by_socket_mode(on_sockets: Application, data: st.DataObject) -> None:
    payload = data.draw(mutations(on_sockets.payloads))
    on_sockets.send_down_socket(json.loads(json.dumps(payload)))
    assert on_sockets.lines.tracebacks == []
