"""The same talk in the practice room, in Slack and in Teams leaves the same behind and says the same."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from difflib import unified_diff
from pathlib import Path
from pprint import pformat
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from bot import tables as t
from bot.wiring import Wired
from flows import guide, plain
from flows.cards import Card
from flows.codec import load_recovery
from flows.flow import Flow
from flows.panel import panel
from flows.recovery import Recovery
from flows.voice import Voice
from tests.adapters.parity import reading
from tests.adapters.parity.hands import Hands
from tests.adapters.parity.in_room import in_room
from tests.adapters.parity.in_slack import in_slack
from tests.adapters.parity.in_teams import in_teams
from tests.adapters.parity.scenarios import SCENARIOS, Later, Shared, Step
from tests.conftest import SetClock

PEOPLE = ("dana", "ben", "kim")
BETWEEN = 60.0
"""Seconds between two steps."""
SOON = 0.005
"""Seconds between two looks: the outbox tells nobody that it is empty."""
PATIENCE = 20
REST = 1.0
TABLES = (t.recovery, t.entry, t.passage, t.timer, t.observer)
KEYS = frozenset({"recovery_id", "platform", "workspace", "conversation", "thread", "data"})
BEYOND = {
    "practice room": (),
    "Slack": ("It goes to #.",),
    "Teams": ("It goes to the thread in the channel. Open the thread",),
}
"""The lines that a guide may have and the plain text has not: docs/parity.md tells why."""


@asynccontextmanager
async def everywhere(folder: Path, clock: SetClock) -> AsyncIterator[tuple[Hands, ...]]:
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
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "login.pem"))
    async with everywhere(tmp_path, clock) as hands:
        for one in hands:
            await one.ready()
        now = clock.now
        for number, step in enumerate(SCENARIOS[scenario], 1):
            now += step.minutes * 60 if isinstance(step, Later) else BETWEEN
            clock.now = now
            try:
                faults = [dict(await step.do(one)) for one in hands]
                await settled(hands, clock, now, step)
                same(hands, faults)
                wrong = getattr(step, "wrong", "")
                assert list(faults[0]) == ([wrong] if wrong else [])
                await compare(hands)
            except Exception as error:
                error.add_note(f"step {number} of “{scenario}”: {step}")
                raise


async def settled(hands: Sequence[Hands], clock: SetClock, now: float, step: Step) -> None:
    """Wait until timers have fired, mail has been sent and all know who reads the thread."""
    async with asyncio.timeout(PATIENCE):
        for one in hands:
            while await one.parts.database.run(lambda tx: _count(tx, t.timer.c.due_at <= now)):
                await asyncio.sleep(SOON)
        while any([await _unsettled(one.parts, step) for one in hands]):
            clock.forward(REST)
            assert clock.now < now + BETWEEN, "mail that is never sent"
            for one in hands:
                one.parts.delivery.wake.mail.set()
            await asyncio.sleep(SOON)


async def _unsettled(parts: Wired, step: Step) -> bool:
    def look(tx: Connection) -> bool:
        found = [load_recovery(row.data) for row in tx.execute(select(t.recovery.c.data))]
        waits = isinstance(step, Shared) and any(one.shared != step.outsiders for one in found)
        return waits or _count(tx, t.outbox.c.state == "pending") > 0

    return await parts.database.run(look)


def _count(tx: Connection, where: ColumnElement[bool]) -> int:
    return tx.execute(select(func.count()).where(where)).scalar_one()


def same(hands: Sequence[Hands], found: Sequence[object]) -> None:
    """Whether all platforms came to the same."""
    first = pformat(found[0], width=100).splitlines()
    for one, other in zip(hands[1:], found[1:], strict=True):
        difference = unified_diff(first, pformat(other, width=100).splitlines(), hands[0].name, one.name, n=1, lineterm="")
        told = "\n".join(difference)
        assert not told, told


async def compare(hands: Sequence[Hands]) -> None:
    """What is stored, what is shown and what was said, on each platform."""
    scenes = [await Scene.of(one) for one in hands]
    same(hands, [one.stored for one in scenes])
    same(hands, [[reading.lines(post) for post in await one.posted()] for one in hands])
    for who in PEOPLE:
        same(hands, [sorted(await one.told(who)) for one in hands])
    for who in scenes[0].guided:
        same(hands, [plain.card_text(one.card(who)) for one in scenes])
        for one in scenes:
            await one.compare_card(who)
    if scenes[0].recovery is not None:
        same(hands, [await one.compare_panel() for one in scenes])


@dataclass(frozen=True, slots=True)
class Scene:
    """What one platform's database holds of the talk. `stored`: its rows, without keys. `guided`: who has a guide."""

    hands: Hands
    recovery: Recovery | None
    flow: Flow | None
    stored: Any
    guided: tuple[str, ...]

    @classmethod
    async def of(cls, hands: Hands) -> "Scene":
        people = {hands.person(who).user: who for who in PEOPLE}

        def look(tx: Connection) -> tuple[Recovery | None, Flow | None, Any, tuple[str, ...]]:
            rows = {table.name: tx.execute(select(table)).mappings().all() for table in TABLES}
            stored = {name: sorted((_row(row, people) for row in found), key=str) for name, found in rows.items()}
            for row in stored["recovery"]:
                del row["id"]
            cards = tx.execute(select(t.outbox.c.card).where(t.outbox.c.card.is_not(None)).distinct()).scalars()
            guided = tuple(who for user, who in people.items() if any(card.endswith(f":{user}") for card in cards))
            data = [load_recovery(row["data"]) for row in rows["recovery"]]
            if not data:
                return None, None, stored, guided
            (recovery,) = data
            stored["state"] = _plain(asdict(recovery) | {"id": ""}, people)
            return recovery, hands.parts.library.of(tx, recovery.flow, recovery.flow_version), stored, guided

        return cls(hands, *await hands.parts.database.run(look))

    @property
    def voice(self) -> Voice:
        assert self.recovery
        return self.hands.parts.library.voice(self.recovery.language, self.recovery.timezone)

    def card(self, who: str) -> Card:
        """The guide that somebody is to see."""
        assert self.recovery
        assert self.flow
        return guide.card(self.flow, self.recovery, self.hands.person(who), self.voice)

    async def compare_card(self, who: str) -> None:
        """Whether somebody sees it, word by word, and nothing else."""
        card, shown = self.card(who), await self.hands.card(who)
        as_drawn = reading.said_once(card) if self.hands.has_inputs else reading.without_inputs(card)
        wanted = reading.words(plain.card_text(as_drawn)) + reading.words(self.hands.extra(card))
        found = reading.words(shown.text)
        assert (wanted - found, found - wanted) == ({}, {}), f"missing and beyond, for {who}: {self.hands.name}"
        posts = any(button.label.startswith("Post ") for button in reading.buttons(card))
        assert shown.beyond == (BEYOND[self.hands.name] if posts else ()), self.hands.name
        buttons = tuple(one for one in shown.buttons if self.hands.has_inputs or not one.label.endswith("…"))
        wanted_buttons = reading.buttons(card)
        assert buttons == wanted_buttons, f"the buttons, for {who}: {self.hands.name}"

    async def compare_panel(self) -> str:
        """The same of what “More” opens for the responder."""
        assert self.recovery
        assert self.flow
        wanted = panel(self.flow, self.recovery, self.voice)
        who = self.recovery.responder.name.lower()
        shown = await self.hands.panel(who)
        told = reading.words(plain.panel_text(wanted))
        found = reading.words(shown.text)
        assert (told - found, found - told) == ({}, {}), f"missing and beyond, under “More”: {self.hands.name}"
        labels = [button.label for group in wanted.groups for row in group.rows for button in row.buttons]
        assert [button.label for button in shown.buttons] == labels, f"the buttons under “More”: {self.hands.name}"
        return plain.panel_text(wanted)


def _row(row: RowMapping, people: Mapping[str, str]) -> dict[str, Any]:
    """A row without what tells platforms apart."""
    named = {"by_user", "responder", "user_id"}
    kept = {name: value for name, value in row.items() if name not in KEYS}
    return {name: people[value] if name in named else value for name, value in kept.items()}


def _plain(part: Any, people: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever a talk holds
    """A talk without its id, its place and the keys of its people."""
    match part:
        case {"user": user, "name": name}:
            return people[user], name
        case {"conversation": _, "thread": _}:
            return "the account thread"
        case dict():
            return {key: _plain(one, people) for key, one in part.items()}
        case list() | tuple():
            return [_plain(one, people) for one in part]
        case _:
            return part
