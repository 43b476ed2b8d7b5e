"""A recovery that is played event by event, with what came of the last one."""

from dataclasses import dataclass

from bot.storage import flow_registry
from flows.definition.model import Flow
from flows.engine.advance import advance
from flows.input.actions import event_from_action
from flows.screens import plain_text
from flows.screens.card import guide_card
from flows.state.effects import Effect, SendPrivateMessage, SetTimer, ShowCard
from flows.state.entries import Entry, Value
from flows.state.events import ChooseGate, Event, JumpToStep, StartRecovery, TimerDue
from flows.state.identity import Person
from flows.state.local_time.working_hours import DEFAULT_HOURS, WorkingHours
from flows.state.record_events import RecordEntry
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PostSummary, PreviewSummary
from flows.wording.localization import Localizer, private_message_text
from flows.wording.summaries.documents import document_from_record, summary_document
from tests.conftest import ANA, NOON, THREAD

REGISTRY = flow_registry.load_registry("trust-recovery", None)
MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(slots=True)
class RecoveryDriver:
    """One recovery, the time, and the effects of the last event."""

    flow: Flow
    recovery: Recovery
    effects: tuple[Effect, ...]
    now: float = NOON

    def do(self, event: Event) -> tuple[Effect, ...]:
        """Let something happen now."""
        self.recovery, self.effects = advance(self.flow, self.recovery, event, self.now)
        return self.effects

    def tap(self, gate: str) -> tuple[Effect, ...]:
        """The responder taps a gate that is in view."""
        return self.do(ChooseGate(self.recovery.responder, gate, self.recovery.card_revision))

    def act(self, action: str) -> tuple[Effect, ...]:
        """The responder taps the button or chip with this action."""
        revision, responder = self.recovery.card_revision, self.recovery.responder
        return self.do(event_from_action(self.flow, self.recovery, action, revision, responder, self.now))

    def taps(self, *gates: str) -> None:
        for gate in gates:
            self.tap(gate)

    def jump(self, step: str) -> tuple[Effect, ...]:
        return self.do(JumpToStep(self.recovery.responder, step, self.recovery.card_revision))

    def note(self, field_id: str, value: Value) -> Entry:
        """The responder notes something; the entry that was made."""
        self.do(RecordEntry(self.recovery.responder, field_id, value))
        return self.recovery.entries[-1]

    def ring(self, timer: str) -> list[str]:
        """A timer comes; what is said because of it."""
        self.do(TimerDue(timer))
        return self.private_messages()

    def later(self, minutes: float) -> None:
        self.now += minutes * MINUTE

    def value(self, entry: Entry) -> Value:
        """What an entry holds now."""
        match = self.recovery.entry(entry.id)
        assert match
        return match.value

    def private_messages(self, to: Person = ANA) -> list[str]:
        """What the last event whispered to somebody, in words."""
        messages = [
            effect for effect in self.effects if isinstance(effect, SendPrivateMessage) and effect.recipient == to
        ]
        return [private_message_text(self.flow, self.recovery, whisper, self.localizer) for whisper in messages]

    def set_timers(self) -> dict[str, float]:
        """The timers that the last event set, in minutes from now."""
        return {e.timer_name: (e.due_at - self.now) / MINUTE for e in self.effects if isinstance(e, SetTimer)}

    def card_recipients(self) -> list[Person]:
        """Who was shown the card by the last event."""
        return [effect.recipient for effect in self.effects if isinstance(effect, ShowCard)]

    def card(self, viewer: Person | None = None) -> str:
        """The card in plain text, as somebody sees it."""
        return plain_text.card_text(
            guide_card(self.flow, self.recovery, viewer or self.recovery.responder, self.localizer, self.now)
        )

    def posting(self, version: SummaryVersion) -> PostSummary:
        """The tap on the button that posts this summary, as it reads now."""
        text = summary_document(self.flow, self.recovery, version, self.localizer).text
        return PostSummary(self.recovery.responder, version, self.recovery.card_revision, text)

    def post(self, version: SummaryVersion) -> tuple[Effect, ...]:
        """The responder looks at this summary and posts it."""
        self.do(PreviewSummary(self.recovery.responder, version))
        return self.do(self.posting(version))

    def summary(self, version: SummaryVersion) -> str:
        return document_from_record(self.flow, self.recovery, version, self.localizer).text

    @property
    def localizer(self) -> Localizer:
        return REGISTRY.localizer(self.recovery.language, self.recovery.timezone)


def begin_recovery(
    flow: str = "trust-recovery",
    language: str = "en",
    *,
    timezone: str = "UTC",
    shared: bool = False,
    hours: WorkingHours = DEFAULT_HOURS,
) -> RecoveryDriver:
    """A recovery between Ana and the client Acme that has just begun, on a Friday at 8:00 UTC."""
    chosen = REGISTRY.newest_or_default(flow)
    start = StartRecovery("r", ANA, "Acme", THREAD, language, timezone, shared, hours)
    recovery, effects = advance(chosen, None, start, NOON)
    return RecoveryDriver(chosen, recovery, effects)
