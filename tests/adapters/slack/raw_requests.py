"""Requests to the last byte: drafted as Slack would send them, then changed, signed in any way, and sent again."""

import asyncio
import hashlib
import hmac
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self, Unpack
from urllib.parse import urlencode

import aiohttp

from adapters.slack.directory.tables import card_position as card_position_table
from bot.storage import tables
from tests.adapters.slack.harness import APP, SlackHarness, words_of
from tests.conftest import SetClock
from tests.peers.slack.sender import How, Reply, Sender
from tests.peers.slack.team import Json
from tests.peers.slack.waiting import SECONDS_OF_PATIENCE

SECONDS_BETWEEN_LOOKS = 0.02
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
STAMP, SIGNATURE, KIND = "X-Slack-Request-Timestamp", "X-Slack-Signature", "Content-Type"
TRACES = (tables.recovery, tables.entry, tables.event, tables.inbox, tables.outbox, tables.timer, tables.person)


class DraftSender(Sender):
    """Makes what Slack would send, and sends nothing: the draft is the reply's `payload`."""

    async def post(self, payload: Json, form: Mapping[str, str] | None, **how: Unpack[How]) -> Reply:  # noqa: ARG002 - nothing is signed here
        return Reply(200, "", {}, 0.0, payload)


def draft_sender(sender: Sender) -> DraftSender:
    """For the same workspace."""
    return DraftSender(sender.workspace, sender.url, sender.client, sender.urls, sender.app)


def written(payload: Json) -> str:
    """The body of a command, an interaction or an event."""
    if "command" in payload:
        return urlencode(payload)
    return json.dumps(payload) if "event" in payload else urlencode({"payload": json.dumps(payload)})


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A request with all of its headers."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_(self, **headers: str | None) -> Self:
        """With other headers, by the names above in lower case; None takes one away."""
        names = {"stamp": STAMP, "signature": SIGNATURE, "kind": KIND}
        change = dict(self.headers) | {names[name]: value for name, value in headers.items()}
        return replace(self, headers={name: value for name, value in change.items() if value is not None})


def signed(
    body: str | bytes, at: float, *, secret: str = APP.signing_secret, stamp: str = "", version: str = "v0"
) -> RawRequest:
    """A body as Slack signs it. `stamp`: another time of sending than `at`, as text."""
    raw = body.encode() if isinstance(body, str) else body
    stamp = stamp or str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
    kind = JSON if raw.startswith(b"{") else FORM
    return RawRequest(raw, {KIND: kind, STAMP: stamp, SIGNATURE: f"{version}={digest}"})


async def deliver(harness: SlackHarness, letter: RawRequest, method: str = "POST") -> Reply:
    """Send exactly this."""
    async with (
        aiohttp.ClientSession(skip_auto_headers=[KIND]) as client,
        client.request(
            method, f"{harness.url}/slack/events", data=io.BytesIO(letter.body), headers=letter.headers
        ) as response,
    ):
        return Reply(response.status, await response.text(), response.headers, 0.0, {})


@dataclass(frozen=True, slots=True)
class StoredCounts:
    """All that a request could have left in the database: rows, and each recovery's version."""

    rows: Mapping[str, int]
    versions: Mapping[str, int]


async def stored_counts(harness: SlackHarness) -> StoredCounts:
    """What is there now."""
    rows = {table.name: len(await harness.rows(table)) for table in (*TRACES, card_position_table)}
    versions = {row["id"]: row["version"] for row in await harness.rows(tables.recovery)}
    return StoredCounts(rows, versions)


async def settled(harness: SlackHarness, clock: SetClock) -> None:
    """Wait until all mail is sent. The outbox tells nobody, so this has to look; lines that rest are let go on."""
    async with asyncio.timeout(SECONDS_OF_PATIENCE):
        while any(row["state"] == "pending" for row in await harness.rows(tables.outbox)):
            clock.forward(1)
            harness.parts.delivery.wake.messages.set()
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


@dataclass(slots=True)
class OutputRecorder:
    """Everything that people could read since a moment: answers, `response_url`s, and what the product called."""

    harness: SlackHarness
    _calls: int = 0
    _posts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._calls = len(self.harness.shim.calls)
        self._posts = {team: len(sender.urls.posts) for team, sender in self.harness.senders.items()}

    def words(self, reply: Reply) -> str:
        """As people read it."""
        answer = reply.json if reply.status == 200 else {}
        posts = [post.body for team, since in self._posts.items() for post in self._sent(team)[since:]]
        content = [call.arguments for call in self.harness.shim.calls.all[self._calls :]]
        errors = "\n".join((answer.get("errors") or {}).values())
        return "\n".join([words_of([answer, posts, content]), errors])

    def everything(self, reply: Reply) -> str:
        """Down to the last byte."""
        posts = [post.body for team, since in self._posts.items() for post in self._sent(team)[since:]]
        calls = [(call.method, call.arguments) for call in self.harness.shim.calls.all[self._calls :]]
        return f"{reply.text}{dict(reply.headers)}{posts}{calls}"

    def _sent(self, team: str) -> list[Any]:
        return self.harness.senders[team].urls.posts.all
