"""The application on one database, led by hand: responders by taps and filled forms, time and timers as a test says."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from adapters.port import ButtonTap, FormSubmission, RequestContext, TypedCommand
from bot.service.application import RecoveryApplication
from bot.storage import recoveries
from bot.storage.database import Database
from bot.workers.timers import Timers
from flows.input.form_reader import FormAnswers
from flows.state.identity import Person, Place
from flows.state.recovery import Recovery
from tests.conftest import SetClock

MINUTE = 60.0


def at(text: str) -> float:
    """A time in UTC as epoch seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@dataclass(slots=True)
class ResponderSession:
    """A recovery as its responder leads it: by taps and filled forms, minute by minute."""

    application: "ApplicationHarness"
    by: Person
    place: Place
    id: str = ""
    events: int = 0

    async def start(self, text: str) -> None:
        answer = await self.application.service.receive(
            TypedCommand(self._event(), self.by, RequestContext(self.place), text)
        )
        self.id = answer.recovery_id
        assert self.id, answer.notice

    async def tap(self, action: str, after: float = 0) -> None:
        """Tap a button of the card in view, so many minutes later."""
        self.application.clock.forward(after * MINUTE)
        visit = (await self.state()).card_revision
        answer = await self.application.service.receive(ButtonTap(self._event(), self.by, self.id, visit, action))
        assert not answer.notice

    async def note(self, field_id: str, **answers: str | tuple[str, ...]) -> str:
        """Fill a field's form; the new entry's id, or an empty string where it makes none."""
        before = (await self.state()).last_entry_number
        await self.fill(f"note:{field_id}", answers)
        after = (await self.state()).last_entry_number
        return f"e{after}" if after > before else ""

    async def fill(self, form: str, answers: FormAnswers) -> None:
        filled = FormSubmission(self._event(), self.by, RequestContext(self.place), self.id, form, answers)
        answer = await self.application.service.receive(filled)
        assert not answer.errors
        assert not answer.notice

    async def state(self) -> Recovery:
        found = await self.application.database.run(lambda tx: recoveries.load(tx, self.id))
        assert found
        return found

    def _event(self) -> str:
        self.events += 1
        return f"{self.by.user_id}:{self.place.thread}:{self.events}"


@dataclass(slots=True)
class ApplicationHarness:
    """The application on one database, with a clock that is set by hand and timers that are fired by hand."""

    database: Database
    service: RecoveryApplication
    timers: Timers
    clock: SetClock
    sessions: list[ResponderSession] = field(default_factory=list)

    async def begin(self, text: str, *, workspace: str = "north", when: str = "2026-01-05T09:00") -> ResponderSession:
        """Begin a recovery in a thread of its own."""
        self.clock.now = at(when)
        thread = str(len(self.sessions))
        session = ResponderSession(
            self, Person("test", workspace, "ana", "Ana"), Place("test", workspace, "accounts", thread)
        )
        await session.start(text)
        self.sessions.append(session)
        return session

    async def wait_until(self, when: str) -> None:
        """Let the time pass, and every timer of it fire."""
        self.clock.now = at(when)
        await fire_due_timers(self.database, self.timers, self.clock)


async def fire_due_timers(db: Database, timers: Timers, clock: SetClock) -> None:
    """Fire until nothing is due. A loop may fire at the same time: its timers are due until it has stored what came."""
    while True:
        await timers.fire()
        next_due = await db.run(recoveries.next_due_time)
        if next_due is None or next_due > clock.now:
            return
