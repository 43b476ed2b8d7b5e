"""Guests, and people of whom the platform tells nothing, are refused with a word: the same on both platforms."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
import pytest_asyncio
from sqlalchemy import Connection, RowMapping, Table

from adapters.shared.i18n import MessageCatalog
from adapters.slack.directory import people as slack_people
from adapters.slack.directory.tables import user as slack_user_table
from adapters.slack.manifest import RECOVER_HERE
from adapters.teams.directory import people as teams_people
from adapters.teams.directory.tables import user as teams_user_table
from bot.server.bootstrap import Runtime
from bot.storage import tables
from tests.adapters.slack.harness import NORTHWIND, SlackHarness, slack_harness
from tests.adapters.slack.raw_requests import OutputRecorder
from tests.adapters.teams.card_client import action, field_of
from tests.adapters.teams.fake_connector import BOT, CHANNEL
from tests.adapters.teams.fake_microsoft import TENANT, trust_login_server
from tests.adapters.teams.harness import TeamsHarness, teams_harness
from tests.peers.slack import events
from tests.peers.slack.faults import Broken, ErrorReply, Fault, Hanging
from tests.peers.slack.sender import Reply as SlackReply
from tests.peers.slack.team import Team

Json = dict[str, Any]
pytestmark = pytest.mark.asyncio(loop_scope="module")

THREAD = f"{CHANNEL};messageid=1500000000000"
MAX_PEOPLE = 60
"""Each test takes somebody new: whom a platform told of once is known from then on."""
SHORT_LOOKUP_SECONDS = 0.1
SECONDS_BETWEEN_LOOKS = 0.01


class Condition(StrEnum):
    """What the platform says when it is asked who somebody is."""

    GUEST = "a guest"
    NOT_FOUND = "nobody with this id"
    UNAVAILABLE = "503"
    NO_ANSWER = "no answer"


class RequestKind(StrEnum):
    """What such a person does, or what is done with them."""

    COMMAND = "a command"
    MESSAGE_ACTION = "the action on a message"
    BUTTON = "a button of a guide"
    FORM = "a form"
    HOME = "the home"
    HAND_OVER = "is named as the next responder"
    OBSERVE = "is named as an observer"


SLACK_FAULTS: dict[Condition, Fault] = {
    Condition.NOT_FOUND: ErrorReply("user_not_found"),
    Condition.UNAVAILABLE: Broken(503),
    Condition.NO_ANSWER: Hanging(),
}
NAMED = {RequestKind.HAND_OVER, RequestKind.OBSERVE}


class PlatformRequests(Protocol):
    """One platform, with a recovery that dana leads in a thread."""

    say: MessageCatalog
    user_table: Table

    def set_condition(self, name: str, condition: Condition) -> None:
        """From now on the platform says this of the person."""
        ...

    def heal(self) -> None:
        """The platform answers again."""
        ...

    async def request(self, name: str, kind: RequestKind) -> str:
        """Let it happen; everything that somebody could read because of it."""
        ...

    async def keep_record(self, name: str) -> None:
        """The platform once told us, very long ago, that this is a member."""
        ...

    async def rows(self, table: Table) -> list[RowMapping]:
        """What is stored in a table."""
        ...

    def user_id(self, name: str) -> str:
        """The platform's id of the person."""
        ...


@dataclass(slots=True)
class SlackRequests:
    harness: SlackHarness
    message: Json
    guide: Json
    form: Json
    observer_form: Json
    say: MessageCatalog = field(default_factory=lambda: MessageCatalog("adapters.slack", "Slack"))
    user_table: Table = slack_user_table

    def set_condition(self, name: str, condition: Condition) -> None:
        if condition is Condition.GUEST:
            self.harness.amend_user(name, is_restricted=True)
            return
        fault = SLACK_FAULTS[condition]
        user_id = self.user_id(name)
        self.harness.shim.fail("users.info", fault, math.inf, lambda call: call.arguments["user"] == user_id)

    def heal(self) -> None:
        self.harness.shim.heal()

    async def request(self, name: str, kind: RequestKind) -> str:
        recorder = OutputRecorder(self.harness)
        reply = await self._send(name, kind)
        assert reply.status == 200, reply.text
        return recorder.words(reply)

    async def keep_record(self, name: str) -> None:
        texts = dict.fromkeys(("name", "channel"), "")
        row = texts | {
            "language": "en",
            "timezone": "UTC",
            "is_bot": False,
            "workspace": NORTHWIND.team_id,
            "user_id": self.user_id(name),
            "is_external": False,
            "fetched_at": 0.0,
        }
        await insert(self.harness.parts, self.user_table, row)

    async def rows(self, table: Table) -> list[RowMapping]:
        return await self.harness.rows(table)

    def user_id(self, name: str) -> str:
        return self.harness.user(name).id

    async def _send(self, name: str, kind: RequestKind) -> SlackReply:
        user, dana = self.harness.user(name), self.harness.user("dana")
        chat = await user.workspace.direct(name)
        match kind:
            case RequestKind.COMMAND:
                return await user.type("Globex")
            case RequestKind.MESSAGE_ACTION:
                return await user.sender.shortcut(name, self.message, RECOVER_HERE)
            case RequestKind.BUTTON:
                return await user.sender.press(name, self.guide | {"channel": chat}, "I am ready")
            case RequestKind.FORM:
                return await user.submit(self.form, {"Contact": "Kim"})
            case RequestKind.HOME:
                return await user.sender.event(events.home_opened(user.id, chat))
            case RequestKind.HAND_OVER:
                return await dana.type(f"handover <@{user.id}|{name}>")
            case RequestKind.OBSERVE:
                return await dana.submit(self.observer_form, {"Who?": name})


@dataclass(slots=True)
class TeamsRequests:
    harness: TeamsHarness
    guide: Json
    form: Json
    observer_form: Json
    say: MessageCatalog = field(default_factory=lambda: MessageCatalog("adapters.teams", "Teams"))
    user_table: Table = teams_user_table
    _hanging: asyncio.Event = field(default_factory=asyncio.Event)

    def set_condition(self, name: str, condition: Condition) -> None:
        guest = {"userRole": "guest"} if condition is Condition.GUEST else {}
        self.harness.connector.add(name, CHANNEL, **guest)
        match condition:
            case Condition.NOT_FOUND:
                self.harness.connector.fail("member", 404, MAX_PEOPLE)
            case Condition.UNAVAILABLE:
                self.harness.connector.fail("member", 503, MAX_PEOPLE)
            case Condition.NO_ANSWER:
                self.harness.connector.fail("member", 503, MAX_PEOPLE, go=self._hanging)

    def heal(self) -> None:
        self.harness.connector.faults.clear()
        self._hanging.set()
        self._hanging = asyncio.Event()

    async def request(self, name: str, kind: RequestKind) -> str:
        chats = [self.harness.user(one).chat for one in (name, "dana")]
        counts = [len(self.harness.texts_in(chat)) for chat in chats]
        body = await self._send(name, kind)
        messages = [text for chat, old in zip(chats, counts, strict=True) for text in self.harness.texts_in(chat)[old:]]
        return "\n".join([json.dumps(body, ensure_ascii=False), *messages])

    async def keep_record(self, name: str) -> None:
        texts = dict.fromkeys(("name", "object_id", "chat", "service_url"), "")
        row = texts | {
            "language": "en",
            "timezone": "UTC",
            "workspace": TENANT,
            "user_id": self.user_id(name),
            "is_external": False,
            "fetched_at": 0.0,
        }
        await insert(self.harness.parts, self.user_table, row)

    async def rows(self, table: Table) -> list[RowMapping]:
        return await self.harness.rows(table)

    def user_id(self, name: str) -> str:
        return self.harness.user(name).id

    async def _send(self, name: str, kind: RequestKind) -> Json:
        user, dana = self.harness.user(name), self.harness.user("dana")
        match kind:
            case RequestKind.COMMAND:
                return (await user.type("start Globex", THREAD)).body
            case RequestKind.MESSAGE_ACTION:
                return await user.point("They called, and they are angry.")
            case RequestKind.BUTTON:
                return (await user.press(self.guide, "I am ready")).body
            case RequestKind.FORM:
                return (await user.submit(self.form, "Add", {"Contact": "Kim"})).body
            case RequestKind.HOME:
                return (await user.type("home")).body
            case RequestKind.HAND_OVER:
                known = [(BOT, "Trust Recover"), (user.id, name.capitalize())]
                mentions = [
                    {"type": "mention", "text": f"<at>{text}</at>", "mentioned": {"id": id_, "name": text}}
                    for id_, text in known
                ]
                return (await dana.type(f"handover <at>{name.capitalize()}</at>", THREAD, entities=mentions)).body
            case RequestKind.OBSERVE:
                data = action(self.observer_form, "Invite")["data"]
                return (
                    await dana.invoke(
                        "task/submit", {"data": data | {field_of(self.observer_form, "Who?")["id"]: user.id}}
                    )
                ).body


@asynccontextmanager
async def slack_driver(folder: Path) -> AsyncIterator[PlatformRequests]:
    people = {f"person{number}": f"Person {number}" for number in range(MAX_PEOPLE)}
    team = Team(people={**NORTHWIND.people, **people})
    async with slack_harness(f"sqlite:///{folder}/slack.db", team) as harness:
        harness.amend_channel("acct-acme", is_ext_shared=True)  # so that its members are not looked up
        dana = harness.user("dana", team)
        message = await dana.begin_in_thread()
        guide = await dana.guide("1 of 8")
        form = await dana.open("Add…", "1 of 8")
        more = await dana.open("More", "1 of 8")
        yield SlackRequests(harness, message, guide, form, await dana.press(more, "Invite an observer"))


@asynccontextmanager
async def teams_driver(folder: Path) -> AsyncIterator[PlatformRequests]:
    async with teams_harness(f"sqlite:///{folder}/teams.db", folder) as harness:
        dana = harness.user("dana")
        guide = await dana.begin("Acme", THREAD)
        form = (await dana.more("Contact", "1 of 8")).card
        observer_form = (await dana.more("Invite an observer", "1 of 8")).card
        yield TeamsRequests(harness, guide, form, observer_form)


DRIVERS: dict[str, Callable[[Path], AbstractAsyncContextManager[PlatformRequests]]] = {
    "Slack": slack_driver,
    "Teams": teams_driver,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=DRIVERS)
async def driver(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[PlatformRequests]:
    folder = tmp_path_factory.mktemp("unknown")
    with pytest.MonkeyPatch.context() as patch:
        trust_login_server(patch, folder)
        async with DRIVERS[request.param](folder) as one:
            yield one


@pytest.fixture(scope="module")
def names() -> "count[int]":
    return count()


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def healed(driver: PlatformRequests) -> AsyncIterator[None]:
    yield
    driver.heal()


async def insert(parts: Runtime, table: Table, row: Json) -> None:
    def work(tx: Connection) -> None:
        tx.execute(table.insert(), row)
        tx.commit()

    await parts.database.run(work)


async def stored(driver: PlatformRequests) -> dict[str, list[str]]:
    """All that the application keeps, once all messages are sent. The outbox tells nobody, so this has to look."""
    async with asyncio.timeout(15):
        while any(row["state"] == "pending" for row in await driver.rows(tables.outbox)):  # noqa: ASYNC110 - see above
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    return {
        table.name: sorted(repr(dict(row)) for row in await driver.rows(table))
        for table in tables.metadata.sorted_tables
    }


def expected_texts(say: MessageCatalog, name: str, kind: RequestKind, condition: Condition) -> set[str]:
    """The texts of which one must be shown."""
    is_unanswered = condition in {Condition.UNAVAILABLE, Condition.NO_ANSWER}
    if kind not in NAMED:
        return {say("en", "membership_unknown" if is_unanswered else "members_only")}
    if is_unanswered:
        return {say("en", "colleague_unknown")}
    return {
        say("en", "colleague_not_found"),
        *(say("en", "not_a_colleague", name=one) for one in (name, name.capitalize())),
    }


@pytest.mark.parametrize("condition", Condition)
@pytest.mark.parametrize("kind", RequestKind)
async def test_who_is_not_known_as_a_member_is_refused_with_a_word(
    driver: PlatformRequests,
    names: "count[int]",
    kind: RequestKind,
    condition: Condition,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if condition is Condition.NO_ANSWER:
        for module in (slack_people, teams_people):
            monkeypatch.setattr(module, "LOOKUP_SECONDS", SHORT_LOOKUP_SECONDS)
    name = f"person{next(names) % MAX_PEOPLE}"
    before = await stored(driver)
    driver.set_condition(name, condition)
    text = await driver.request(name, kind)
    assert any(one in text for one in expected_texts(driver.say, name, kind, condition)), text
    assert await stored(driver) == before
    if condition is not Condition.GUEST:
        assert driver.user_id(name) not in {row["user_id"] for row in await driver.rows(driver.user_table)}


@pytest.mark.parametrize("condition", [Condition.UNAVAILABLE, Condition.NO_ANSWER])
async def test_a_member_of_whom_there_is_an_old_record_goes_on_while_the_platform_does_not_answer(
    driver: PlatformRequests, names: "count[int]", condition: Condition, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (slack_people, teams_people):
        monkeypatch.setattr(module, "LOOKUP_SECONDS", SHORT_LOOKUP_SECONDS)
    name = f"person{next(names) % MAX_PEOPLE}"
    driver.set_condition(name, condition)
    await driver.keep_record(name)
    text = await driver.request(name, RequestKind.HOME)
    assert "Start a recovery" in text
    assert driver.say("en", "membership_unknown") not in text
