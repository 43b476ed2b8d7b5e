"""A promise comes due on each platform: the reminder can be answered where it stands, and leads to the guide."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.storage import tables as t
from flows.state.entries import CommitmentState
from tests.adapters.parity.driver import FormInput, PlatformDriver
from tests.adapters.parity.scenarios import on
from tests.adapters.parity.steps import FillCardInputs, FillForm, Later, More, Step, TapButton, TypeCommand
from tests.adapters.parity.test_parity import BETWEEN, everywhere, settled
from tests.adapters.teams.fake_microsoft import trust_login_server
from tests.conftest import SetClock

EXPORT, BOARD = "send a fixed export", "write to the board"
DONE, MOVE, IN_30_MIN, GUIDE = "Done", "Move", "Remind me in 30 min", "Open guide"
POSTED: tuple[Step, ...] = (
    TypeCommand("dana", "Acme"),
    More("dana", "8 Handle the problem"),
    FillCardInputs("dana", {"Who": "Ana", "Does what": EXPORT, "By when": on(15, 12)}),
    FillForm("dana", "Another…", {"Who": "Ana", "Does what": BOARD, "By when": on(15, 16)}),
    TypeCommand("dana", "stop"),
    TapButton("dana", "Post client version…"),
    FillForm("dana", "Edit", {"Client version": f"Hello, Ana will {EXPORT} by noon. Dana"}),
    TapButton("dana", "Post client version"),
)
"""Two promises. The text that the client reads tells of the first one only."""


@dataclass(frozen=True, slots=True)
class EveryPlatform:
    """The same recovery, led by Dana on each platform by one clock."""

    drivers: Sequence[PlatformDriver]
    clock: SetClock

    async def do(self, act: Callable[[PlatformDriver], Awaitable[object]]) -> None:
        """Let this be done on each a minute later, and wait until all is sent."""
        self.clock.now += BETWEEN
        now = self.clock.now
        for one in self.drivers:
            await act(one)
        await settled(self.drivers, self.clock, now, Later(0))
        for one in self.drivers:
            one.look()
            await one.card("dana")

    async def remind_at(self, time: datetime, *, of: str) -> None:
        """Let time pass until the reminder comes that names the client and this promise, with its buttons."""
        self.clock.now = time.timestamp() - BETWEEN
        await self.do(Later(0).do)
        for one in self.drivers:
            reminder = await one.reminder("dana")
            assert "Acme" in reminder.text, one.name
            assert of in reminder.text, one.name
            assert [button.label for button in reminder.buttons] == [DONE, MOVE, IN_30_MIN, GUIDE], one.name

    async def answer(self, label: str, answers: FormInput | None = None) -> None:
        await self.do(partial(_answer, label=label, answers=answers))

    async def posts(self) -> list[list[str]]:
        return [await one.new_posts() for one in self.drivers]

    async def promises(self) -> list[set[tuple[str, str]]]:
        """What is promised, and how it stands."""
        query = select(t.entry.c.text, t.entry.c.state).where(t.entry.c.kind == "commitment")
        rows = [await one.parts.database.run(lambda tx: tx.execute(query).all()) for one in self.drivers]
        return [{(row.text, row.state) for row in one} for one in rows]


async def test_a_reminder_of_a_promise_is_answered_where_it_stands(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust_login_server(monkeypatch, tmp_path)
    async with everywhere(tmp_path, clock) as drivers:
        for one in drivers:
            await one.ready()
        every = EveryPlatform(drivers, clock)
        for step in POSTED:
            await every.do(step.do)
        assert [len(posts) for posts in await every.posts()] == [1, 1, 1]
        await every.remind_at(on(15, 11), of=EXPORT)
        assert [await one.leads_to_guide("dana", GUIDE) for one in drivers] == [True, True, True]
        await settled(drivers, clock, clock.now, Later(0))
        await every.answer(IN_30_MIN)
        for one in drivers[1:]:  # in the room its buttons stay
            answered = await one.reminder("dana")
            assert (answered.buttons, IN_30_MIN in answered.text) == ((), True)
        await every.remind_at(on(15, 11, 40), of=EXPORT)
        await every.answer(MOVE, {"By when": on(15, 14)})
        await every.remind_at(on(15, 13), of=EXPORT)
        await every.answer(DONE)
        assert await every.posts() == [[f"Done: {EXPORT}"]] * 3
        await every.remind_at(on(15, 15), of=BOARD)
        await every.answer(DONE)
        assert await every.posts() == [[], [], []]
        kept = CommitmentState.KEPT
        assert await every.promises() == [{(EXPORT, kept), (BOARD, kept)}] * 3


async def _answer(driver: PlatformDriver, label: str, answers: FormInput | None) -> None:
    await driver.answer_reminder("dana", label, answers)
