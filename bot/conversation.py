"""What the platforms call: each incoming thing becomes one transition, in one transaction, and then an answer."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from adapters.port import Answer, Filled, Heard, Incoming, Role, Scene, SharedWithOutsiders, Tapped, Typed
from bot import store
from bot.clock import Clock, Wake
from bot.database import Database
from bot.library import Library
from bot.transition import Effects, done, write
from flows import actions, answers, commands, forms, guide, plain
from flows.answers import Faults
from flows.cards import Form, Panel
from flows.commands import Command, Word
from flows.effects import ShowForm
from flows.engine import advance
from flows.errors import TrustRecoverError
from flows.events import (
    ClientSpoke,
    Close,
    Event,
    HandOver,
    OpenForm,
    Preview,
    Quiet,
    ResponderSpoke,
    Start,
    ThreadShared,
    WorkingHours,
)
from flows.flow import Flow
from flows.hours import Hours
from flows.hours import read as hours_of
from flows.panel import panel
from flows.people import Person
from flows.recovery import Recovery
from flows.timing import MOST_HEARD
from flows.voice import Voice

_IDS = uuid.UUID("6f0c0a52-6a55-4a0e-9d0e-6f1f0c8f7b10")

Read = Callable[[Flow, Recovery, Voice, float], Event | Faults]


@dataclass(frozen=True, slots=True)
class Taken:
    """What one transaction came to: the answer, and the effects to wake others for."""

    answer: Answer
    effects: Effects = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The application, as the platforms see it (`adapters.port.Application`)."""

    database: Database
    library: Library
    clock: Clock
    wake: Wake

    async def receive(self, incoming: Incoming) -> Answer:
        """Take in what happened; on return, everything that must last is committed."""
        match incoming:
            case Tapped():
                return await self._run(lambda tx, now: self._tapped(tx, incoming, now))
            case Filled():
                return await self._run(lambda tx, now: self._filled(tx, incoming, now))
            case Typed(text=text, scene=scene):
                command = commands.read(text, tuple(self.library.newest))
                if command.word is Word.HELP:
                    return Answer(notice=self._help(command, self._voice(scene)))
                if command.word is Word.HOURS and (hours := hours_of(command.rest)):
                    return await self._hours(incoming, hours)
                return await self._run(lambda tx, now: self._typed(tx, incoming, command, now))
            case Heard():
                return await self._heard(incoming)
            case SharedWithOutsiders(place=place, outsiders=outsiders):
                here = await self.database.run(lambda tx: store.in_place(tx, place, open_only=False))
                return await self._all(here, incoming, ThreadShared(outsiders))

    async def _run(self, work: Callable[[Connection, float], Taken]) -> Answer:
        """One transaction, and then waking whoever has work from it."""
        now = self.clock()
        taken = await self.database.run(lambda tx: work(tx, now))
        if taken.effects:
            self.wake.after(taken.effects, now)
        return taken.answer

    async def _all(self, recoveries: list[str], happened: Incoming, event: Event) -> Answer:
        """The same event for several recoveries, a transaction each."""
        for recovery_id in recoveries:
            event_id = f"{happened.event_id}:{recovery_id}"
            await self._run(partial(self._transition, recovery_id, event_id, happened.by, _always(event)))
        return Answer()

    async def _heard(self, heard: Heard) -> Answer:
        if heard.role is Role.COLLEAGUE:
            return Answer()
        client = heard.role is Role.CLIENT
        led_by = None if client else heard.by
        here = await self.database.run(lambda tx: store.in_place(tx, heard.place, led_by=led_by, open_only=True))
        event = ClientSpoke(heard.text[:MOST_HEARD]) if client else ResponderSpoke(heard.by)
        return await self._all(here, heard, event)

    async def _hours(self, typed: Typed, hours: Hours) -> Answer:
        """Keep when this person works, for what they lead now and later."""
        by, timezone = typed.by, typed.scene.timezone

        def keep(tx: Connection) -> list[str]:
            store.know_hours(tx, by, timezone, hours)
            return store.led_by(tx, by)

        await self._all(await self.database.run(keep), typed, WorkingHours(by, hours, timezone))
        return Answer(notice=self._hours_notice(hours, typed.scene))

    def _tapped(self, tx: Connection, tap: Tapped, now: float) -> Taken:
        def read(flow: Flow, recovery: Recovery, _voice: Voice, _now: float) -> Event:
            return actions.read(flow, recovery, tap.action, tap.visit, tap.by)

        return self._transition(tap.recovery, tap.event_id, tap.by, read, tx, now)

    def _filled(self, tx: Connection, filled: Filled, now: float) -> Taken:
        kind, _, flow_id = filled.form.partition(":")
        if kind == "start":
            named = answers.account(filled.answers, self._voice(filled.scene))
            if isinstance(named, Faults):
                return Taken(Answer(faults=named.of))
            return self._start(tx, filled, named, flow_id, now)

        def read(flow: Flow, recovery: Recovery, voice: Voice, now: float) -> Event | Faults:
            event = answers.read(flow, recovery, filled.form, filled.answers, filled.by, voice, now)
            return _knowing(tx, event) if isinstance(event, HandOver) else event

        return self._transition(filled.recovery, filled.event_id, filled.by, read, tx, now)

    def _typed(self, tx: Connection, typed: Typed, command: Command, now: float) -> Taken:
        voice = self._voice(typed.scene)
        if command.word is Word.START:
            return self._begin(tx, typed, command, voice, now)
        if command.word is Word.HOURS:
            _, hours = store.person(tx, typed.by) or ("", Hours())
            return Taken(Answer(notice=self._hours_notice(hours, typed.scene)))
        mine = store.in_place(tx, typed.scene.place, led_by=typed.by, open_only=True)
        if command.word is Word.SUMMARY:
            mine = mine or store.in_place(tx, typed.scene.place, led_by=typed.by, open_only=False)
        if not mine:
            return Taken(Answer(notice=voice.say("command.none")))
        if command.word is Word.STATUS:
            return Taken(self._status(tx, mine[0], typed.by))
        return self._command(tx, mine[0], typed, command, voice, now)

    def _begin(self, tx: Connection, typed: Typed, command: Command, voice: Voice, now: float) -> Taken:
        if not command.rest:
            return Taken(Answer(dialog=forms.start(voice, command.flow)))
        named = answers.account({"account": command.rest}, voice)
        if isinstance(named, Faults):
            return Taken(Answer(notice=next(iter(named.of.values())), faults={"text": named.of["account"]}))
        return self._start(tx, typed, named, command.flow, now)

    def _start(self, tx: Connection, asked: Typed | Filled, account: str, flow_id: str, now: float) -> Taken:
        by, scene = asked.by, asked.scene
        voice = self._voice(scene)
        flow = self.library.start(flow_id)
        inbox_id = _scoped(asked.event_id, by)
        recovery_id = uuid.uuid5(_IDS, inbox_id).hex
        hours = store.arrived(tx, by, scene.timezone)
        already = store.in_place(tx, scene.place, led_by=by, open_only=True)
        if already and recovery_id not in already:
            running = store.load(tx, already[0])
            return Taken(Answer(notice=voice.say("command.already", account=running.account if running else "")))
        answer = Answer(recovery=recovery_id, notice=voice.say("command.started", account=account))
        if not store.take_in(tx, inbox_id, recovery_id, now):
            return Taken(answer)
        event = Start(recovery_id, by, account, scene.place, scene.language, scene.timezone, scene.shared, hours)
        recovery, effects = advance(flow, None, event, now)
        if not store.add(tx, recovery):
            return Taken(answer)
        write(tx, [done(self.library, flow, recovery, 0, event, effects, now)], now)
        return Taken(answer, effects)

    def _status(self, tx: Connection, recovery_id: str, by: Person) -> Answer:
        recovery = store.load(tx, recovery_id)
        if recovery is None:
            return Answer()
        flow = self.library.of(tx, recovery.flow, recovery.flow_version)
        voice = self.library.voice(recovery.language, recovery.timezone)
        return Answer(recovery=recovery_id, notice=plain.card_text(guide.card(flow, recovery, by, voice)))

    def _command(
        self, tx: Connection, recovery_id: str, typed: Typed, command: Command, voice: Voice, now: float
    ) -> Taken:
        by, who = typed.by, typed.who
        told = ""
        read: Read
        match command.word:
            case Word.SUMMARY:
                read, told = _preview(by), voice.say("command.summary")
            case Word.STOP:
                read, told = _always(Close(by)), voice.say("command.stopped")
            case Word.HANDOVER if who is None:
                read = _always(OpenForm(by, "hand_over"))
            case Word.HANDOVER if who is not None:
                read = _always(_knowing(tx, HandOver(by, who)))
            case _:
                read = _always(Quiet(by, on=command.rest.lower() != "off"))
        taken = self._transition(recovery_id, typed.event_id, by, read, tx, now)
        return Taken(Answer(recovery=recovery_id, notice=told), taken.effects) if told else taken

    def _transition(self, recovery_id: str, event_id: str, by: Person, read: Read, tx: Connection, now: float) -> Taken:
        """Lock, take in once, advance, write. What only answers this request leaves no trace."""
        found = store.locked(tx, recovery_id, by)
        if found is None:
            return Taken(Answer(notice=self.library.voice("en", "UTC").say("error.unknown")))
        recovery, version = found
        if not store.take_in(tx, _scoped(event_id, by), recovery_id, now):
            return Taken(Answer(recovery=recovery_id))
        flow = self.library.of(tx, recovery.flow, recovery.flow_version)
        voice = self.library.voice(recovery.language, recovery.timezone)
        try:
            event = read(flow, recovery, voice, now)
        except TrustRecoverError:
            tx.rollback()
            return Taken(Answer(recovery=recovery_id, notice=voice.say("error.gone")))
        if isinstance(event, Faults):
            tx.rollback()
            return Taken(Answer(recovery=recovery_id, faults=event.of))
        after, effects = advance(flow, recovery, event, now)
        opened = next((effect for effect in effects if isinstance(effect, ShowForm)), None)
        answer = Answer(self._dialog(flow, after, opened, voice), recovery_id)
        if after is recovery and len(effects) == (opened is not None):
            tx.rollback()
            return Taken(answer)
        write(tx, [done(self.library, flow, after, version, event, effects, now)], now)
        return Taken(answer, effects)

    def _dialog(self, flow: Flow, recovery: Recovery, opened: ShowForm | None, voice: Voice) -> Form | Panel | None:
        if opened is None:
            return None
        return panel(flow, recovery, voice) if opened.form == "more" else forms.form(flow, recovery, opened.form, voice)

    def _help(self, command: Command, voice: Voice) -> str:
        lines = voice.say("command.help", flows=", ".join(sorted(self.library.newest)))
        if not command.nearest:
            return lines
        return voice.say("command.nearest", typed=command.typed, nearest=command.nearest) + "\n\n" + lines

    def _hours_notice(self, hours: Hours, scene: Scene) -> str:
        voice = self._voice(scene)
        return voice.say("command.hours", hours=voice.hours(hours), timezone=scene.timezone)

    def _voice(self, scene: Scene) -> Voice:
        return self.library.voice(scene.language, scene.timezone)


def _always(event: Event) -> Read:
    """Read as this event, whatever the recovery is like."""
    return lambda _flow, _recovery, _voice, _now: event


def _preview(by: Person) -> Read:
    """Read as a look at the summary that may be posted."""
    return lambda _flow, recovery, _voice, _now: Preview(by, recovery.chosen)


def _knowing(tx: Connection, event: HandOver) -> HandOver:
    """The same hand-over, with what we know of when and where the new responder works."""
    known = store.person(tx, event.to)
    return event if known is None else replace(event, timezone=known[0], hours=known[1])


def _scoped(event_id: str, by: Person) -> str:
    """An event's id, unique over platforms and workspaces."""
    return f"{by.platform}:{by.workspace}:{event_id}"
