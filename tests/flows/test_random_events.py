"""Any events in any order keep what must always hold. `make fuzz` runs the same with 100,000 recoveries."""

import re
from collections.abc import Callable, Sequence
from dataclasses import fields as fields_of
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.storage import flow_registry
from flows.definition.model import END, MAX_BUTTONS, FieldKind, Flow
from flows.engine.advance import advance
from flows.input import actions
from flows.screens import card_codec, forms, plain_text
from flows.screens.card import guide_card
from flows.screens.elements import Button, ButtonRow, InlineForm, TextLine, Tone
from flows.screens.panel import more_panel
from flows.state import codec
from flows.state.delivery_failure import DeliveryFailure, MessageKind
from flows.state.effects import ClearTimer, Effect, PostSummaryToThread, SendPrivateMessage, SetTimer, ShowCard
from flows.state.entries import (
    Commitment,
    CommitmentState,
    Expression,
    Fact,
    Feeling,
    Holder,
    Level,
    Moment,
    Selection,
    Standing,
    Text,
    Value,
)
from flows.state.events import (
    AddObserver,
    BindThread,
    ChooseGate,
    ClientWrote,
    CloseRecovery,
    DeliveryFailed,
    DeliverySucceeded,
    Event,
    GoBack,
    HandOver,
    JumpToStep,
    OpenDialog,
    RemoveObserver,
    ReopenRecovery,
    ResponderWrote,
    SendTip,
    SetQuiet,
    SetWorkingHours,
    SkipStep,
    SnoozeNudge,
    StartRecovery,
    ThreadReadersChange,
    TimerDue,
)
from flows.state.identity import Person, Place
from flows.state.local_time.working_hours import ALL_HOURS, DEFAULT_HOURS, WorkingHours, next_working_time
from flows.state.record_events import EditEntry, RecordEntry, RemoveEntry
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary, PostSummary, PreviewSummary
from flows.wording.localization import Localizer, private_message_text
from flows.wording.summaries.documents import document_from_record
from tests.conftest import ANA, BEN, EVE, NOON, THREAD
from tests.examples import random_recoveries

LIBRARY = flow_registry.load_registry("trust-recovery", None)
PEOPLE = st.sampled_from([ANA, ANA, BEN, EVE])
INDEX = st.integers(0, 997)
MARKER = re.compile(r"(?:FACT|FEEL|NOTE|SAFE|HEARD|PROMISE)-\d+")
NEVER_FOR_CLIENTS = re.compile(r"(?:FACT|FEEL|NOTE|HEARD)-\d+| of 5")
BY_ITSELF = ("nudge.still", "nudge.due", "nudge.late", "nudge.update", "nudge.follow_up")
PLACES = [THREAD, Place("web", "practice", "acme", "2"), Place("web", "practice", "")]
HOURS = [DEFAULT_HOURS, ALL_HOURS, WorkingHours((0, 2, 6), 1320, 360), WorkingHours((5,), 0, 60)]
ZONES = ["", "Europe/Madrid", "Pacific/Auckland", "America/New_York", "Mars/Base"]
T = TypeVar("T")


def pick(choices: Sequence[T], index: int) -> T:
    """One of the choices: drawing a number is a hundred times as fast as building a strategy for each state."""
    return choices[index % len(choices)]


class AnyOrder(RuleBasedStateMachine):
    flow: Flow
    recovery: Recovery

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.entry_count = 0
        self.log: list[tuple[Event, float]] = []
        self.nudges: dict[int, int] = {}
        self.timers: dict[str, float] = {}

    @initialize(language=st.sampled_from(["en", "es", "xx"]), shared=st.booleans(), hours=st.sampled_from(HOURS))
    def start(self, language: str, shared: bool, hours: WorkingHours) -> None:  # noqa: FBT001 - Hypothesis passes it by name
        begin = StartRecovery("r", ANA, "Acme", THREAD, language, "Europe/Madrid", shared, hours)
        self.recovery, effects = advance(self.flow, None, begin, self.now)
        self.log.append((begin, self.now))
        self._set_timers(effects)
        assert ShowCard(ANA) in effects

    @rule(kind=INDEX, by=PEOPLE, a=INDEX, b=INDEX, seconds=st.sampled_from([0.0, 1.0, 100.0, 100_000.0]))
    def happen(self, kind: int, by: Person, a: int, b: int, seconds: float) -> None:
        self.now += seconds
        self._apply(self._event(kind, by, a, b))

    @rule(which=INDEX)
    def tap_what_is_in_view(self, which: int) -> None:
        button = pick(self._buttons(), which)
        self._apply(
            actions.event_from_action(
                self.flow, self.recovery, button.action, self.recovery.card_revision, self.recovery.responder, self.now
            )
        )

    @rule(a=INDEX, b=INDEX)
    def note(self, a: int, b: int) -> None:
        field = self._field(a)
        self._apply(RecordEntry(self.recovery.responder, field, self._value(field, b)))

    @rule()
    def wait_for_a_timer(self) -> None:
        if not self.timers:
            return
        name = min(self.timers, key=lambda timer: (self.timers[timer], timer))
        in_time = self.now <= self.timers[name]
        self.now = max(self.now, self.timers[name])
        waited = in_time and name in self.recovery.deferred_timers
        self._apply(TimerDue(name))
        assert not (waited and name in self.recovery.deferred_timers), (
            "what waits for the working hours waits no longer"
        )

    def _apply(self, event: Event) -> None:
        before = self.recovery
        if isinstance(event, TimerDue):
            self.timers.pop(event.timer_name, None)
        self.recovery, effects = advance(self.flow, before, event, self.now)
        self.log.append((event, self.now))
        self._set_timers(effects)
        self._see_effects(before, event, effects)

    def _set_timers(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, SetTimer):
                self.timers[effect.timer_name] = effect.due_at
            if isinstance(effect, ClearTimer):
                self.timers.pop(effect.timer_name, None)

    def _see_effects(self, before: Recovery, event: Event, effects: tuple[Effect, ...]) -> None:
        cards = [effect for effect in effects if isinstance(effect, ShowCard)]
        assert len(cards) == len({card.recipient.user_id for card in cards}), "one card a person"
        for effect in effects:
            if isinstance(effect, PostSummaryToThread):
                assert not (self.recovery.has_external_users and effect.summary_version is SummaryVersion.INTERNAL)
            if isinstance(effect, SendPrivateMessage) and effect.key.startswith("nudge"):
                assert not self.recovery.is_quiet
            if isinstance(effect, SendPrivateMessage) and effect.key in BY_ITSELF:
                assert self._may_speak(), "nothing outside the working hours unless they are active"
            if isinstance(effect, SendPrivateMessage) and effect.key == "nudge.still":
                stay = len(before.step_visits)
                self.nudges[stay] = self.nudges.get(stay, 0) + 1
                assert self.nudges[stay] == 1, "at most one nudge a step"
            if isinstance(effect, SendPrivateMessage) and effect.key.startswith(("undelivered", "arrived")):
                assert "{" not in private_message_text(self.flow, self.recovery, effect, self._voice())
                of_responder = effect.key == "undelivered.responder"
                assert effect.recipient in (self.recovery.observers if of_responder else (self.recovery.responder,))
        by = getattr(event, "by", None)
        if isinstance(by, Person) and by != before.responder and by not in before.observers:
            assert self.recovery == before, "who is no part of the talk changes nothing"

    def _may_speak(self) -> bool:
        recovery = self.recovery
        moments = [recovery.entered_at, recovery.responder_wrote_at]
        moments += [entry.changed_at or entry.recorded_at for entry in recovery.entries]
        active = any(moment > recovery.responder_since and self.now - moment < 30 * 60 for moment in moments)
        return active or next_working_time(recovery.working_hours, recovery.timezone, self.now) == self.now

    @invariant()
    def what_is_held_will_come(self) -> None:
        if hasattr(self, "recovery"):
            assert set(self.recovery.deferred_timers) <= set(self.timers)
            assert len(self.recovery.deferred_timers) == len(set(self.recovery.deferred_timers))

    @invariant()
    def the_thread_knows_only_of_promises_that_were_posted(self) -> None:
        if hasattr(self, "recovery"):
            for summary in self.recovery.posted_summaries:
                assert all(promise.words in " ".join(summary.text.split()) for promise in summary.promises)

    @invariant()
    def only_who_watches_can_be_out_of_reach(self) -> None:
        if hasattr(self, "recovery"):
            assert set(self.recovery.unreachable_people) <= {self.recovery.responder, *self.recovery.observers}

    @invariant()
    def there_is_one_card_that_works(self) -> None:
        if not hasattr(self, "recovery"):
            return
        card = guide_card(self.flow, self.recovery, self.recovery.responder, self._voice(), self.now)
        assert self.recovery.step in self.flow.steps
        assert len([e for e in card.elements if isinstance(e, TextLine) and e.tone is Tone.INSTRUCTION]) == 1
        for element in card.elements:
            if isinstance(element, ButtonRow):
                assert 1 <= len(element.buttons) <= MAX_BUTTONS
        assert "{" not in plain_text.card_text(card)
        assert card_codec.load_card(card_codec.dump_card(card)) == card
        for watcher in self.recovery.observers:
            seen = guide_card(self.flow, self.recovery, watcher, self._voice(), self.now)
            rows = [element for element in seen.elements if isinstance(element, ButtonRow)]
            assert [button.action for row in rows for button in row.buttons] == [f"unobserve:{watcher.user_id}"]
        stranger = guide_card(self.flow, self.recovery, Person("web", "practice", "nobody"), self._voice(), self.now)
        assert "Acme" not in plain_text.card_text(stranger)

    @invariant()
    def the_client_safe_summary_is_safe(self) -> None:
        if not hasattr(self, "recovery"):
            return
        text = document_from_record(self.flow, self.recovery, SummaryVersion.CLIENT, self._voice()).text
        assert not NEVER_FOR_CLIENTS.search(text), text

    @invariant()
    def a_summary_holds_only_what_is_on_record(self) -> None:
        if not hasattr(self, "recovery"):
            return
        text = document_from_record(self.flow, self.recovery, SummaryVersion.INTERNAL, self._voice()).text
        recorded = {marker for entry in self.recovery.entries for marker in MARKER.findall(_texts(entry.value))}
        assert set(MARKER.findall(text)) <= recorded

    def teardown(self) -> None:
        if not self.log:
            return
        again: Recovery | None = None
        for event, at in self.log:
            again, _ = advance(self.flow, again, codec.load_event(codec.dump_event(event)), at)
        assert again == self.recovery
        assert codec.load_recovery(codec.dump_recovery(self.recovery)) == self.recovery

    def _buttons(self) -> list[Button]:
        """Everything that the responder can tap; each form that it opens can be drawn."""
        localizer = self._voice()
        card = guide_card(self.flow, self.recovery, self.recovery.responder, localizer, self.now)
        buttons = [b for element in card.elements if isinstance(element, ButtonRow) for b in element.buttons]
        for group in more_panel(self.flow, self.recovery, localizer).groups:
            buttons += [button for row in group.rows for button in row.buttons]
        for button in buttons:
            kind, _, form = button.action.partition(":")
            if kind == "open" and form != "more":
                assert forms.dialog_form(self.flow, self.recovery, form, localizer, self.now), button
        assert all(isinstance(e.form.id, str) for e in card.elements if isinstance(e, InlineForm))
        return buttons

    def _voice(self) -> Localizer:
        return LIBRARY.localizer(self.recovery.language, self.recovery.timezone)

    def _mark(self, kind: str) -> str:
        self.entry_count += 1
        return f"{kind}-{self.entry_count}"

    def _field(self, a: int) -> str:
        return pick([name for step in self.flow.steps.values() for name in step.fields], a)

    def _value(self, field_id: str, b: int) -> Value:
        field = self.flow.field(field_id)
        assert field
        due = pick([None, self.now - 100, self.now + 50, self.now + 10**6], b)
        match field.kind:
            case FieldKind.FACT | FieldKind.DISPUTE:
                mark = self._mark("FACT")
                return Fact(
                    mark, pick(list(Expression), b), pick(list(Holder), b // 3), pick(list(Standing), b), mark, mark
                )
            case FieldKind.FEELING:
                word = pick([*field.options, self._mark("FEEL")], b)
                return Feeling(word, 1 + b % 3, pick([None, True, False], b))
            case FieldKind.COMMITMENT:
                return Commitment("Ana", self._mark("PROMISE"), due, pick(list(CommitmentState), b))
            case FieldKind.PICK:
                options = [*field.options, "unknown"]
                return Selection(tuple({pick(options, b): 0, pick(options, b // 7): 0}))
            case FieldKind.LEVEL:
                return Level(1 + b % 5)
            case FieldKind.MOMENT:
                return Moment(due or self.now)
            case FieldKind.TEXT:
                return Text(self._mark("SAFE" if field.client_safe else "NOTE"), pick([None, True, False], b))

    def _unfit(self, b: int) -> Value:
        """A value that fits few fields, and no text: that would be another field's words."""
        fields = [f for step in self.flow.steps.values() for f, field in step.fields.items() if field.kind != "text"]
        return self._value(pick(fields, b), b)

    def _event(self, kind: int, by: Person, a: int, b: int) -> Event:
        flow, recovery = self.flow, self.recovery
        other = pick([ANA, BEN, EVE], a)
        visit = pick(
            [recovery.card_revision, recovery.card_revision, recovery.card_revision - 1, recovery.card_revision + 1], b
        )
        entry = pick([*(entry.id for entry in recovery.entries), "e0"], a)
        gates = [gate for step in flow.steps.values() for gate in step.gates]
        timers = ["nudge", "nudge", "nonsense", "follow:week", "follow:x"]
        timers += [f"{name}:{entry}" for name in ("due", "late", "update")]
        text = pick(["", "a tip", "<b>tip</b>", "x" * 3000], a)
        version = pick(list(SummaryVersion), a)
        about: list[tuple[SummaryVersion | None, Person | None]] = [(version, None), (None, other), (None, None)]
        makers: list[Callable[[], Event]] = [
            lambda: ChooseGate(by, pick([*flow.steps[recovery.step].gates, *gates, "nothing"], a), visit),
            lambda: ChooseGate(by, pick(list(flow.steps[recovery.step].gates), a), recovery.card_revision),
            lambda: GoBack(by, visit),
            lambda: SkipStep(by, visit),
            lambda: JumpToStep(by, pick([*flow.steps, END, "nowhere"], a), visit),
            lambda: RecordEntry(by, self._field(a), self._unfit(b)),
            lambda: EditEntry(by, entry, self._unfit(b)),
            lambda: EditEntry(
                by, entry, self._value((match.field_id if (match := recovery.entry(entry)) else self._field(b)), b)
            ),
            lambda: RemoveEntry(by, entry),
            lambda: SnoozeNudge(by, 1 + a % 60),
            lambda: SetQuiet(by, is_quiet=a % 2 == 0),
            lambda: HandOver(by, other),
            lambda: HandOver(by, other, pick(ZONES, b), pick([None, *HOURS], b)),
            lambda: SetWorkingHours(by, pick(HOURS, a), pick(ZONES, b)),
            lambda: DeliveryFailed(pick(list(MessageKind), a), pick(list(DeliveryFailure), b), *pick(about, a + b)),
            lambda: DeliveryFailed(MessageKind.SUMMARY, pick(list(DeliveryFailure), b), version),
            lambda: DeliverySucceeded(pick(list(MessageKind), a), *pick(about, a + b)),
            lambda: AddObserver(by, other),
            lambda: RemoveObserver(by, other),
            lambda: SendTip(by, text),
            lambda: ClientWrote(self._mark("HEARD")),
            lambda: ResponderWrote(by),
            lambda: ThreadReadersChange(has_external_users=a % 2 == 0),
            lambda: BindThread(by, pick(PLACES, a), b % 2 == 0),
            lambda: TimerDue(pick(timers, a)),
            lambda: OpenDialog(by, pick(["more", "tip", "hand_over"], a)),
            lambda: PreviewSummary(by, version),
            lambda: EditSummary(by, version, text),
            lambda: PostSummary(by, version, visit),
            lambda: CloseRecovery(by),
            lambda: ReopenRecovery(by),
        ]
        return pick(makers, kind)()


def _texts(value: Value) -> str:
    return " ".join(str(getattr(value, field.name)) for field in fields_of(value))


class TrustRecovery(AnyOrder):
    flow = LIBRARY.newest_or_default("trust-recovery")


class FirstResponse(AnyOrder):
    flow = LIBRARY.newest_or_default("first-response")


TestTrustRecovery = TrustRecovery.TestCase
TestTrustRecovery.settings = random_recoveries()
TestFirstResponse = FirstResponse.TestCase
TestFirstResponse.settings = random_recoveries()
