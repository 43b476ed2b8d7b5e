"""How much Teams takes of us in one conversation: we keep below it by ourselves, and obey when told to wait."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.port import FormSubmission, RateLimited, RequestContext
from adapters.shared.storage import with_commit
from adapters.teams.activity import without_thread
from adapters.teams.connector.rate_limit import RateLimiter
from adapters.teams.directory.user import PLATFORM
from bot.storage import tables
from bot.storage.outbox import queues
from bot.storage.outbox.messages import LineMessage
from bot.storage.outbox.queues import NewMessage
from flows.state.identity import Person, Place
from tests.adapters.teams.fake_connector import CHANNEL, Call
from tests.adapters.teams.fake_microsoft import TENANT
from tests.adapters.teams.harness import TeamsHarness, TeamsUser, teams_harness
from tests.conftest import SetClock

LIMITS = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
"""As Microsoft writes them: seconds, and messages of an app in one conversation."""
TARGETED = {"entities": [{"type": "activityTreatment", "treatment": "targeted"}]}


@dataclass(slots=True)
class Busy:
    """A harness where much happens, by a clock that is set by hand."""

    at: TeamsHarness
    clock: SetClock
    recovery: str = ""
    message_count: int = 0

    async def fill(self, by: TeamsUser, form: str, **answers: str | Person) -> None:
        self.message_count += 1
        scene = RequestContext(Place(PLATFORM, TENANT, ""))
        filled = FormSubmission(f"event:{self.message_count}", person(by), scene, self.recovery, form, dict(answers))
        assert not (await self.at.parts.application.receive(filled)).errors

    async def go_on(self, seconds: float, step: float = 0.1) -> None:
        """Let time pass, and what is ready be sent."""
        until = self.clock.now + seconds
        while self.clock.now < until:
            self.clock.forward(step)
            await self.at.parts.delivery.round()
            while any(row["lease_token"] for row in await self.at.rows(tables.queue)):
                pass

    def calls(self, conversation: str) -> list[Call]:
        """What was written into a conversation, new or changed, in any of its threads."""
        writes = [call for call in self.at.connector.calls if call.what in {"send", "update"}]
        return [call for call in writes if without_thread(call.conversation) == conversation]


@pytest.fixture
async def busy(trusted: Path) -> AsyncIterator[Busy]:
    """Dana's recovery, which Ben watches."""
    clock = SetClock(time.time())
    async with teams_harness(f"sqlite:///{trusted}/room.db", trusted, clock=clock) as at:
        busy_harness, dana = Busy(at, clock), at.user("dana")
        await dana.type("start Acme", CHANNEL + ";messageid=1500000000000")
        (busy_harness.recovery,) = [row["id"] for row in await at.rows(tables.recovery)]
        await busy_harness.fill(dana, "observe", person=person(at.user("ben")))
        await busy_harness.go_on(5)
        yield busy_harness


def person(user: TeamsUser) -> Person:
    return Person(PLATFORM, TENANT, user.id, user.name)


def too_fast(calls: list[Call]) -> list[Any]:
    """The windows that were exceeded, and when."""
    times = [call.at for call in calls]
    return [
        (seconds, most, end - begin)
        for seconds, most in LIMITS
        for begin, end in zip(times, times[most:], strict=False)
        if end - begin < seconds
    ]


async def test_a_chat_in_which_everything_happens_at_once_stays_below_the_limits(busy: Busy) -> None:
    dana, ben = busy.at.user("dana"), busy.at.user("ben")
    for number in range(12):
        for tip in range(3):
            await busy.fill(ben, "tip", text=f"Tip {number}.{tip}")
        await busy.fill(dana, "note:criticism", text=f"Fact {number}")  # the guide changes, and moves below the tips
        await dana.type("status")  # answered at once, whatever else waits
        await busy.go_on(2.4)
    await busy.go_on(60, step=0.5)
    calls = busy.calls(dana.chat)
    assert too_fast(calls) == []
    assert len(calls) > 12 * 5, "there was more than Teams takes in that time"
    tips = [call.body["text"].rpartition("Tip ")[2] for call in calls if "Tip " in call.body.get("text", "")]
    assert tips == [f"{number}.{tip}" for number in range(12) for tip in range(3)]
    assert {row["state"] for row in await busy.at.rows(tables.outbox)} == {"sent"}


async def test_a_channel_in_which_everything_happens_at_once_stays_below_the_limits(busy: Busy) -> None:
    queue, posts = f"{PLATFORM}:{TENANT}:{CHANNEL}", 60
    messages = [
        NewMessage(
            queue,
            busy.recovery,
            f"post:{number}",
            busy.clock.now,
            LineMessage(CHANNEL, f"15{number % 2}", f"Post {number:03}", is_internal=False),
        )
        for number in range(posts)
    ]
    await busy.at.parts.database.run(with_commit(lambda tx: queues.add_messages(tx, messages)))
    for _ in range(10):
        for name in ("dana", "ben", "eve"):  # each is answered there, for their eyes
            await busy.at.user(name).type("status", CHANNEL, **TARGETED)
        await busy.go_on(6)
    await busy.go_on(20)
    calls = busy.calls(CHANNEL)
    assert too_fast(calls) == []
    texts = [call.body["text"] for call in calls if "Post " in call.body["text"]]
    assert texts == [f"Post {number:03}" for number in range(posts)], "in their order across the threads of the channel"
    assert len(calls) == posts + 30


async def test_when_teams_says_wait_the_chat_waits_and_others_do_not(busy: Busy) -> None:
    dana, ben = busy.at.user("dana"), busy.at.user("ben")
    busy.at.connector.fail("update", 429, where=dana.chat, headers={"Retry-After": "30"})
    await busy.fill(dana, "note:criticism", text="One fact")
    await busy.go_on(0.1)
    (refused,) = [call for call in busy.calls(dana.chat) if not call.ok]
    await busy.go_on(29)
    assert busy.calls(dana.chat)[-1] is refused
    assert "One fact" in str(busy.calls(ben.chat)[-1].body)
    await busy.go_on(2)
    assert "One fact" in str(busy.calls(dana.chat)[-1].body)
    attempts = {row["attempts"] for row in await busy.at.rows(tables.outbox)}
    assert attempts <= {0, 1}, "to be told to wait is no attempt"


async def test_who_types_very_much_is_answered_and_the_rest_waits_for_room(busy: Busy) -> None:
    dana = busy.at.user("dana")
    began, before = busy.clock.now, len(busy.calls(dana.chat))
    for _ in range(12):
        await dana.type("status")
    assert len(busy.calls(dana.chat)) == before + 12
    await busy.fill(busy.at.user("ben"), "tip", text="Breathe out")
    await busy.go_on(4)
    (tip,) = [call for call in busy.calls(dana.chat) if "Breathe out" in str(call.body)]
    assert tip.at - began >= 2.0


def test_an_hour_has_its_limit_too(clock: SetClock) -> None:
    pace = RateLimiter(clock)
    began = clock.now
    for _ in range(1350):
        pace.acquire("a:dana")
        clock.forward(1.5)
    with pytest.raises(RateLimited) as limited:
        pace.acquire("a:dana")
    assert limited.value.retry_after == pytest.approx(began + 3600 - clock.now)
    clock.forward(limited.value.retry_after)
    pace.acquire("a:dana")


def test_all_threads_of_a_channel_count_together_and_each_chat_by_itself(clock: SetClock) -> None:
    pace = RateLimiter(clock)
    for number in range(5):
        pace.acquire(f"{CHANNEL};messageid={number}")
    with pytest.raises(RateLimited):
        pace.acquire(CHANNEL)
    pace.acquire("a:dana")
