"""The same recovery in the practice room, in Slack and in Teams leaves the same behind and says the same."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from difflib import unified_diff
from functools import partial
from pathlib import Path
from pprint import pformat
from typing import Any, get_args

import pytest
from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from adapters.port import Incoming, Outgoing
from bot.server.bootstrap import Runtime
from bot.storage import tables as t
from flows.definition.model import Flow
from flows.input.commands import CommandWord
from flows.screens import elements, inputs, plain_text
from flows.screens.card import guide_card
from flows.screens.draft_panel import draft_panel
from flows.screens.elements import Card
from flows.screens.panel import more_panel
from flows.state.codec import load_recovery
from flows.state.recovery import Recovery
from flows.wording.localization import Localizer
from tests.adapters.parity import card_text
from tests.adapters.parity.driver import PlatformDriver
from tests.adapters.parity.room_driver import in_room
from tests.adapters.parity.scenarios import SCENARIOS
from tests.adapters.parity.slack_driver import in_slack
from tests.adapters.parity.steps import (
    CheckMessage,
    CheckWords,
    FillFormFromMore,
    Later,
    More,
    Shared,
    Step,
    TapInPanel,
)
from tests.adapters.parity.teams_driver import in_teams
from tests.adapters.teams.fake_microsoft import trust_login_server
from tests.conftest import SetClock

PEOPLE = ("dana", "ben", "kim")
COLLEAGUES = ("dana", "ben")
BETWEEN = 60.0
"""Seconds between two steps."""
SOON = 0.005
"""Seconds between two looks: the outbox tells nobody that it is empty."""
PATIENCE = 60
TABLES = (
    t.recovery,
    t.entry,
    t.step_visit,
    t.timer,
    t.observer,
    t.hint_count_by_person,
    t.hint_count_by_rule,
)
KEYS = frozenset({"recovery_id", "platform", "workspace", "conversation", "thread", "data"})
PANEL_BEYOND = {"practice room": "Copy", "Slack": "", "Teams": ""}
"""What the panel of one's own words has beyond the plain text."""
BEYOND = {
    "practice room": (),
    "Slack": ("It will be posted in #.",),
    "Teams": ("It will be posted in the thread in the channel. Open the thread",),
}
"""The lines that a guide may have and the plain text has not: docs/parity.md tells why."""


@asynccontextmanager
async def everywhere(folder: Path, clock: SetClock) -> AsyncIterator[tuple[PlatformDriver, ...]]:
    """The product on each platform, with a database of its own, by one clock."""
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(in_room(folder, clock, *PEOPLE)),
            await stack.enter_async_context(in_slack(folder, clock, *PEOPLE)),
            await stack.enter_async_context(in_teams(folder, clock, *PEOPLE)),
        )


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_every_step_leaves_the_same_and_says_the_same(
    scenario: str, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust_login_server(monkeypatch, tmp_path)
    async with everywhere(tmp_path, clock) as drivers:
        for one in drivers:
            await one.ready()
        now = clock.now
        steps = SCENARIOS[scenario]
        for number, step in enumerate(steps, 1):
            now += step.minutes * 60 if isinstance(step, Later) else BETWEEN
            clock.now = now
            try:
                faults = [dict(await step.do(one)) for one in drivers]
                await settled(drivers, clock, now, step)
                same(drivers, faults)
                wrong = getattr(step, "wrong", "")
                assert list(faults[0]) == ([wrong] if wrong else [])
                await compare(drivers, now, more=number == len(steps) or isinstance(step, More | FillFormFromMore))
                if isinstance(step, CheckWords | CheckMessage | TapInPanel) and not wrong:
                    for one in drivers:
                        await (await Scene.of(one, now)).compare_words()
            except Exception as error:
                error.add_note(f"step {number} of “{scenario}”: {step}")
                raise


async def settled(drivers: Sequence[PlatformDriver], clock: SetClock, now: float, step: Step) -> None:
    """Wait until all messages are sent and all know who reads the thread.

    The time that queues rest passes on the clock, and no other: how fast the machine is does not change the hour.
    """
    async with asyncio.timeout(PATIENCE):
        while any([await _unsettled(one.parts, step) for one in drivers]):
            rests = [await one.parts.database.run(partial(_end_of_rest, now=clock.now)) for one in drivers]
            clock.now = max(clock.now, min((end for end in rests if end is not None), default=clock.now))
            assert clock.now < now + BETWEEN, "a message that is never sent"
            for one in drivers:
                one.parts.delivery.wake.messages.set()
            await asyncio.sleep(SOON)


async def _unsettled(parts: Runtime, step: Step) -> bool:
    def look(tx: Connection) -> bool:
        result = [load_recovery(row.data) for row in tx.execute(select(t.recovery.c.data))]
        waits = isinstance(step, Shared) and any(one.has_external_users != step.has_external_users for one in result)
        return waits or _count(tx, t.outbox.c.state == "pending") > 0

    return await parts.database.run(look)


def _end_of_rest(tx: Connection, now: float) -> float | None:
    """When the first queue may send again, if all queues with messages rest; None while anything can be sent."""
    waiting = select(t.outbox.c.queue).where(t.outbox.c.state == "pending")
    queues = tx.execute(select(t.queue.c.ready_at, t.queue.c.lease_token).where(t.queue.c.key.in_(waiting))).all()
    is_sending = any(queue.lease_token is not None or queue.ready_at <= now for queue in queues)
    return None if is_sending else min((queue.ready_at for queue in queues), default=None)


def _count(tx: Connection, where: ColumnElement[bool]) -> int:
    return tx.execute(select(func.count()).where(where)).scalar_one()


def _without_client_name(state: dict[str, Any]) -> dict[str, Any]:
    """The state without the greeting by name: in the room nobody is known as the client by name."""
    posted = [
        summary | {"text": summary["text"].replace("Hello Kim,", "Hello,")} for summary in state["posted_summaries"]
    ]
    drafts = [
        draft | {"original_parts": [_without_name(part) for part in draft["original_parts"]]}
        for draft in state["drafts"]
    ]
    return state | {"posted_summaries": posted, "drafts": drafts}


def _without_name(lines: Sequence[str]) -> list[str]:
    return [line.replace("Hello Kim,", "Hello,") for line in lines]


def same(drivers: Sequence[PlatformDriver], result: Sequence[object]) -> None:
    """Whether all platforms came to the same."""
    first = pformat(result[0], width=100).splitlines()
    for one, other in zip(drivers[1:], result[1:], strict=True):
        difference = unified_diff(
            first, pformat(other, width=100).splitlines(), drivers[0].name, one.name, n=1, lineterm=""
        )
        report = "\n".join(difference)
        assert not report, report


async def compare(drivers: Sequence[PlatformDriver], now: float, *, more: bool) -> None:
    """What is stored, what is shown and what was said, on each platform. `more`: what “More” opens, too."""
    for one in drivers:
        one.look()
    scenes = [await Scene.of(one, now) for one in drivers]
    same(drivers, [one.stored for one in scenes])
    same(drivers, [[_without_name(card_text.lines(post)) for post in await one.new_posts()] for one in drivers])
    for who in COLLEAGUES:
        same(drivers, [sorted(await one.new_private_messages(who)) for one in drivers])
    for who in scenes[0].guided:
        # Only in the practice room is nobody greeted by name.
        same(drivers, [plain_text.card_text(one.card(who)).replace("Hello Kim,", "Hello,") for one in scenes])
        for scene in scenes:
            await scene.compare_card(who)
    if more:
        same(drivers, [await one.compare_panel() for one in scenes])


@dataclass(frozen=True, slots=True)
class Scene:
    """What one platform's database holds of it. `stored`: its rows, without keys. `guided`: who has a guide."""

    driver: PlatformDriver
    recovery: Recovery | None
    flow: Flow | None
    stored: Any
    guided: tuple[str, ...]
    now: float

    @classmethod
    async def of(cls, driver: PlatformDriver, now: float) -> "Scene":
        people = {driver.person(who).user_id: who for who in PEOPLE}

        def look(tx: Connection) -> tuple[Recovery | None, Flow | None, Any, tuple[str, ...]]:
            rows = {table.name: tx.execute(select(table)).mappings().all() for table in TABLES}
            stored: dict[str, Any] = {
                name: sorted((_row(row, people) for row in result), key=str) for name, result in rows.items()
            }
            for row in stored["recovery"]:
                del row["id"]
            cards = tx.execute(select(t.outbox.c.card_key).where(t.outbox.c.card_key.is_not(None)).distinct()).scalars()
            guided = tuple(who for user, who in people.items() if any(card.endswith(f":{user}") for card in cards))
            data = [load_recovery(row["data"]) for row in rows["recovery"]]
            if not data:
                return None, None, stored, guided
            (recovery,) = data
            # In the practice room a colleague plays the client, who is not greeted by that name.
            stored["state"] = _without_client_name(_plain(asdict(recovery) | {"id": "", "client_name": ""}, people))
            return recovery, driver.parts.registry.get_version(tx, recovery.flow, recovery.flow_version), stored, guided

        return cls(driver, *await driver.parts.database.run(look), now)

    @property
    def voice(self) -> Localizer:
        assert self.recovery
        return self.driver.parts.registry.localizer(self.recovery.language, self.recovery.timezone)

    def card(self, who: str) -> Card:
        """The guide that somebody is to see."""
        assert self.recovery
        assert self.flow
        return guide_card(self.flow, self.recovery, self.driver.person(who), self.voice, self.now)

    async def compare_card(self, who: str) -> None:
        """Whether somebody sees it, word by word, and nothing else."""
        card, shown_card = self.card(who), await self.driver.card(who)
        as_drawn = card_text.said_once(card) if self.driver.has_inputs else card_text.without_inputs(card)
        expected = card_text.words(plain_text.card_text(as_drawn)) - card_text.words(self.driver.unsaid(card))
        expected += card_text.words(self.driver.besides(card))
        result = card_text.words(shown_card.text)
        self._same_words(expected, result, f"what {who} sees")
        rows = (element.buttons for element in card.elements if isinstance(element, elements.ButtonRow))
        posts = any(one.kind is elements.ButtonKind.POSTS_SUMMARY for buttons in rows for one in buttons)
        assert shown_card.beyond == (BEYOND[self.driver.name] if posts else ()), self.driver.name
        others = card_text.other_labels(card)
        buttons = tuple(one for one in shown_card.buttons if one.label not in others)
        wanted_buttons = card_text.buttons(card)
        assert buttons == wanted_buttons, f"the buttons, for {who}: {self.driver.name}"

    async def compare_panel(self) -> str:
        """The same of what “More” opens for the responder."""
        assert self.recovery
        assert self.flow
        expected = more_panel(self.flow, self.recovery, self.voice)
        who = self.recovery.responder.name.lower()
        shown_card = await self.driver.panel(who)
        self._same_words(
            card_text.words(plain_text.panel_text(expected)), card_text.words(shown_card.text), "what “More” opens"
        )
        labels = [button.label for group in expected.groups for row in group.rows for button in row.buttons]
        assert [button.label for button in shown_card.buttons] == labels, (
            f"the buttons under “More”: {self.driver.name}"
        )
        return plain_text.panel_text(expected)

    async def compare_words(self) -> None:
        """The same of the panel with the responder's words."""
        assert self.recovery
        panel = draft_panel(self.recovery, self.voice)
        assert panel
        shown_card = await self.driver.open_panel(self.recovery.responder.name.lower())
        expected = plain_text.panel_text(panel) + " " + PANEL_BEYOND[self.driver.name]
        self._same_words(card_text.words(expected), card_text.words(shown_card.text), "the panel with one's words")
        labels = [button.label for group in panel.groups for row in group.rows for button in row.buttons]
        assert [button.label for button in shown_card.buttons] == labels, self.driver.name

    def _same_words(self, expected: Counter[str], result: Counter[str], what: str) -> None:
        missing, beyond = list((expected - result).elements()), list((result - expected).elements())
        assert (missing, beyond) == ([], []), f"{self.driver.name}, {what}: {missing} missing, {beyond} beyond"


def _row(row: RowMapping, people: Mapping[str, str]) -> dict[str, Any]:
    """A row without what tells platforms apart."""
    people_columns = {"recorded_by", "responder", "user_id"}
    kept = {name: value for name, value in row.items() if name not in KEYS}
    return {name: people[value] if name in people_columns else value for name, value in kept.items()}


def _plain(part: Any, people: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever a recovery holds
    """A recovery without its id, its place and the keys of its people."""
    match part:
        case {"user_id": user, "name": name}:
            return people[user], name
        case {"conversation": _, "thread": _}:
            return "the account thread"
        case dict():
            return {key: _plain(one, people) for key, one in part.items()}
        case list() | tuple():
            return [_plain(one, people) for one in part]
        case _:
            return part


# --- docs/parity.md ---


PARITY = (Path(__file__).parents[3] / "docs" / "parity.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PARITY.splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| |", "| word"))
]
NAMES = (
    *(kind.__name__ for kind in (*get_args(Incoming), *get_args(Outgoing))),
    *(kind.__name__ for kind in (*get_args(elements.Element), *get_args(inputs.Input))),
    *(kind.__name__ for kind in (elements.Card, inputs.Form, elements.Panel, elements.HomeView)),
    *CommandWord,
)


@pytest.mark.parametrize("name", NAMES)
def test_the_document_tells_where_there_is(name: str) -> None:
    assert [row for row in ROWS if f"`{name}`" in row[0]]


def test_the_document_gives_a_reason_wherever_something_is_not_there() -> None:
    assert {len(row) for row in ROWS} == {4}
    cells = [(row[0], cell) for row in ROWS for cell in row[1:]]
    assert [what for what, cell in cells if not cell] == []
    absent = [(what, cell) for what, cell in cells if re.match(r"no\b", cell, re.IGNORECASE)]
    assert len(absent) > 10
    assert [what for what, cell in absent if not re.match(r"no: \w", cell)] == []


@pytest.mark.parametrize("line", [line for lines in BEYOND.values() for line in lines])
def test_the_document_tells_of_each_line_that_a_guide_has_beyond_the_plain_text(line: str) -> None:
    assert f"“{line}”" in PARITY
