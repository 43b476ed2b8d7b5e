"""Any events in any order keep what must always hold. `make fuzz` runs the same with 100,000 talks."""

import re
from collections.abc import Callable, Sequence
from dataclasses import fields as fields_of
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot import library
from flows import actions, codec, forms, guide, plain
from flows.cards import Ask, Button, Buttons, Line, Tone
from flows.effects import ClearTimer, Effect, PostSummaryToThread, SetTimer, ShowCard, Whisper
from flows.engine import advance
from flows.events import (
    Arrived,
    Back,
    Bind,
    Choose,
    ClientSpoke,
    Close,
    Edit,
    EditSummary,
    Event,
    HandOver,
    Jump,
    ObserverJoins,
    ObserverLeaves,
    OpenForm,
    PostSummary,
    Preview,
    Quiet,
    Record,
    Remove,
    Reopen,
    ResponderSpoke,
    Skip,
    Snooze,
    Start,
    ThreadShared,
    TimerDue,
    Tip,
    Undelivered,
    WorkingHours,
)
from flows.flow import END, MOST_BUTTONS, FieldKind, Flow
from flows.hours import ALWAYS, USUAL, Hours, opens
from flows.panel import panel
from flows.people import Person, Place
from flows.recovery import Recovery, Version
from flows.summary import from_record
from flows.values import (
    Commitment,
    Fact,
    Feeling,
    Holder,
    Level,
    Moment,
    Picked,
    Promise,
    Standing,
    Text,
    Told,
    Value,
)
from flows.voice import Voice, whisper_text
from flows.why import Mail, Why
from tests.conftest import ANA, BEN, EVE, NOON, THREAD

LIBRARY = library.read("trust-recovery", None)
PEOPLE = st.sampled_from([ANA, ANA, BEN, EVE])
INDEX = st.integers(0, 997)
MARKER = re.compile(r"(?:FACT|FEEL|NOTE|SAFE|HEARD|PROMISE)-\d+")
NEVER_FOR_CLIENTS = re.compile(r"(?:FACT|FEEL|NOTE|HEARD)-\d+| of 5")
BY_ITSELF = ("nudge.still", "nudge.due", "nudge.late", "nudge.update", "nudge.follow_up")
PLACES = [THREAD, Place("web", "practice", "acme", "2"), Place("web", "practice", "")]
HOURS = [USUAL, ALWAYS, Hours((0, 2, 6), 1320, 360), Hours((5,), 0, 60)]
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
        self.made = 0
        self.log: list[tuple[Event, float]] = []
        self.nudges: dict[int, int] = {}
        self.timers: dict[str, float] = {}

    @initialize(language=st.sampled_from(["en", "es", "xx"]), shared=st.booleans(), hours=st.sampled_from(HOURS))
    def start(self, language: str, shared: bool, hours: Hours) -> None:  # noqa: FBT001 - Hypothesis passes it by name
        begin = Start("r", ANA, "Acme", THREAD, language, "Europe/Madrid", shared, hours)
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
        self._apply(actions.read(self.flow, self.recovery, button.action, self.recovery.visit, self.recovery.responder))

    @rule(a=INDEX, b=INDEX)
    def note(self, a: int, b: int) -> None:
        field = self._field(a)
        self._apply(Record(self.recovery.responder, field, self._value(field, b)))

    @rule()
    def wait_for_a_timer(self) -> None:
        if not self.timers:
            return
        name = min(self.timers, key=lambda timer: (self.timers[timer], timer))
        in_time = self.now <= self.timers[name]
        self.now = max(self.now, self.timers[name])
        waited = in_time and name in self.recovery.held
        self._apply(TimerDue(name))
        assert not (waited and name in self.recovery.held), "what waits for the working hours waits no longer"

    def _apply(self, event: Event) -> None:
        before = self.recovery
        if isinstance(event, TimerDue):
            self.timers.pop(event.name, None)
        self.recovery, effects = advance(self.flow, before, event, self.now)
        self.log.append((event, self.now))
        self._set_timers(effects)
        self._see_effects(before, event, effects)

    def _set_timers(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, SetTimer):
                self.timers[effect.name] = effect.due
            if isinstance(effect, ClearTimer):
                self.timers.pop(effect.name, None)

    def _see_effects(self, before: Recovery, event: Event, effects: tuple[Effect, ...]) -> None:
        cards = [effect for effect in effects if isinstance(effect, ShowCard)]
        assert len(cards) == len({card.to.user for card in cards}), "one card a person"
        for effect in effects:
            if isinstance(effect, PostSummaryToThread):
                assert not (self.recovery.shared and effect.version is Version.INTERNAL)
            if isinstance(effect, Whisper) and effect.key.startswith("nudge"):
                assert not self.recovery.quiet
            if isinstance(effect, Whisper) and effect.key in BY_ITSELF:
                assert self._may_speak(), "nothing outside the working hours unless they are active"
            if isinstance(effect, Whisper) and effect.key == "nudge.still":
                stay = len(before.passages)
                self.nudges[stay] = self.nudges.get(stay, 0) + 1
                assert self.nudges[stay] == 1, "at most one nudge a step"
            if isinstance(effect, Whisper) and effect.key.startswith(("undelivered", "arrived")):
                assert "{" not in whisper_text(self.flow, self.recovery, effect, self._voice())
                of_responder = effect.key == "undelivered.responder"
                assert effect.to in (self.recovery.observers if of_responder else (self.recovery.responder,))
        by = getattr(event, "by", None)
        if isinstance(by, Person) and by != before.responder and by not in before.observers:
            assert self.recovery == before, "who is no part of the talk changes nothing"

    def _may_speak(self) -> bool:
        recovery = self.recovery
        moments = [recovery.entered_at, recovery.spoke_at]
        moments += [entry.changed_at or entry.at for entry in recovery.entries]
        active = any(moment > recovery.led_at and self.now - moment < 30 * 60 for moment in moments)
        return active or opens(recovery.hours, recovery.timezone, self.now) == self.now

    @invariant()
    def what_is_held_will_come(self) -> None:
        if hasattr(self, "recovery"):
            assert set(self.recovery.held) <= set(self.timers)
            assert len(self.recovery.held) == len(set(self.recovery.held))

    @invariant()
    def the_thread_knows_only_of_promises_that_were_posted(self) -> None:
        if hasattr(self, "recovery"):
            assert {version for version, _ in self.recovery.told} <= set(self.recovery.posted)

    @invariant()
    def only_who_watches_can_be_out_of_reach(self) -> None:
        if hasattr(self, "recovery"):
            assert set(self.recovery.unreached) <= {self.recovery.responder, *self.recovery.observers}

    @invariant()
    def there_is_one_card_that_works(self) -> None:
        if not hasattr(self, "recovery"):
            return
        card = guide.card(self.flow, self.recovery, self.recovery.responder, self._voice())
        assert self.recovery.step in self.flow.steps
        assert len([e for e in card.elements if isinstance(e, Line) and e.tone is Tone.INSTRUCTION]) == 1
        for element in card.elements:
            if isinstance(element, Buttons):
                assert 1 <= len(element.buttons) <= MOST_BUTTONS
        assert "{" not in plain.card_text(card)
        assert codec.load_card(codec.dump_card(card)) == card
        for watcher in self.recovery.observers:
            seen = guide.card(self.flow, self.recovery, watcher, self._voice())
            assert not any(isinstance(element, Buttons) for element in seen.elements)
        stranger = guide.card(self.flow, self.recovery, Person("web", "practice", "nobody"), self._voice())
        assert "Acme" not in plain.card_text(stranger)

    @invariant()
    def the_client_safe_summary_is_safe(self) -> None:
        if not hasattr(self, "recovery"):
            return
        text = from_record(self.flow, self.recovery, Version.CLIENT, self._voice())
        assert not NEVER_FOR_CLIENTS.search(text), text

    @invariant()
    def a_summary_holds_only_what_is_on_record(self) -> None:
        if not hasattr(self, "recovery"):
            return
        text = from_record(self.flow, self.recovery, Version.INTERNAL, self._voice())
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
        voice = self._voice()
        card = guide.card(self.flow, self.recovery, self.recovery.responder, voice)
        found = [b for element in card.elements if isinstance(element, Buttons) for b in element.buttons]
        for group in panel(self.flow, self.recovery, voice).groups:
            found += [button for row in group.rows for button in row.buttons]
        for button in found:
            kind, _, form = button.action.partition(":")
            if kind == "open" and form != "more":
                assert forms.form(self.flow, self.recovery, form, voice), button
        assert all(isinstance(e.form.id, str) for e in card.elements if isinstance(e, Ask))
        return found

    def _voice(self) -> Voice:
        return LIBRARY.voice(self.recovery.language, self.recovery.timezone)

    def _mark(self, kind: str) -> str:
        self.made += 1
        return f"{kind}-{self.made}"

    def _field(self, a: int) -> str:
        return pick([name for step in self.flow.steps.values() for name in step.fields], a)

    def _value(self, field_id: str, b: int) -> Value:
        field = self.flow.field(field_id)
        assert field
        due = pick([None, self.now - 100, self.now + 50, self.now + 10**6], b)
        match field.kind:
            case FieldKind.FACT | FieldKind.DISPUTE:
                mark = self._mark("FACT")
                return Fact(mark, pick(list(Told), b), pick(list(Holder), b // 3), pick(list(Standing), b), mark, mark)
            case FieldKind.FEELING:
                word = pick([*field.options, self._mark("FEEL")], b)
                return Feeling(word, 1 + b % 3, pick([None, True, False], b))
            case FieldKind.COMMITMENT:
                return Commitment("Ana", self._mark("PROMISE"), due, pick(list(Promise), b))
            case FieldKind.PICK:
                options = [*field.options, "unknown"]
                return Picked(tuple({pick(options, b): 0, pick(options, b // 7): 0}))
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
        visit = pick([recovery.visit, recovery.visit, recovery.visit - 1, recovery.visit + 1], b)
        entry = pick([*(entry.id for entry in recovery.entries), "e0"], a)
        gates = [gate for step in flow.steps.values() for gate in step.gates]
        timers = ["nudge", "nudge", "nonsense", "follow:week", "follow:x"]
        timers += [f"{name}:{entry}" for name in ("due", "late", "update")]
        text = pick(["", "a tip", "<b>tip</b>", "x" * 3000], a)
        version = pick(list(Version), a)
        about: list[tuple[Version | None, Person | None]] = [(version, None), (None, other), (None, None)]
        makers: list[Callable[[], Event]] = [
            lambda: Choose(by, pick([*flow.steps[recovery.step].gates, *gates, "nothing"], a), visit),
            lambda: Choose(by, pick(list(flow.steps[recovery.step].gates), a), recovery.visit),
            lambda: Back(by, visit),
            lambda: Skip(by, visit),
            lambda: Jump(by, pick([*flow.steps, END, "nowhere"], a), visit),
            lambda: Record(by, self._field(a), self._unfit(b)),
            lambda: Edit(by, entry, self._unfit(b)),
            lambda: Edit(
                by, entry, self._value((found.field if (found := recovery.entry(entry)) else self._field(b)), b)
            ),
            lambda: Remove(by, entry),
            lambda: Snooze(by, 1 + a % 60),
            lambda: Quiet(by, on=a % 2 == 0),
            lambda: HandOver(by, other),
            lambda: HandOver(by, other, pick(ZONES, b), pick([None, *HOURS], b)),
            lambda: WorkingHours(by, pick(HOURS, a), pick(ZONES, b)),
            lambda: Undelivered(pick(list(Mail), a), pick(list(Why), b), *pick(about, a + b)),
            lambda: Undelivered(Mail.SUMMARY, pick(list(Why), b), version),
            lambda: Arrived(pick(list(Mail), a), *pick(about, a + b)),
            lambda: ObserverJoins(by, other),
            lambda: ObserverLeaves(by, other),
            lambda: Tip(by, text),
            lambda: ClientSpoke(self._mark("HEARD")),
            lambda: ResponderSpoke(by),
            lambda: ThreadShared(outsiders=a % 2 == 0),
            lambda: Bind(by, pick(PLACES, a), b % 2 == 0),
            lambda: TimerDue(pick(timers, a)),
            lambda: OpenForm(by, pick(["more", "tip", "hand_over"], a)),
            lambda: Preview(by, version),
            lambda: EditSummary(by, version, text),
            lambda: PostSummary(by, version, visit),
            lambda: Close(by),
            lambda: Reopen(by),
        ]
        return pick(makers, kind)()


def _texts(value: Value) -> str:
    return " ".join(str(getattr(value, field.name)) for field in fields_of(value))


class TrustRecovery(AnyOrder):
    flow = LIBRARY.start("trust-recovery")


class FirstResponse(AnyOrder):
    flow = LIBRARY.start("first-response")


MANY = settings(suppress_health_check=list(HealthCheck))
TestTrustRecovery = TrustRecovery.TestCase
TestTrustRecovery.settings = MANY
TestFirstResponse = FirstResponse.TestCase
TestFirstResponse.settings = MANY
