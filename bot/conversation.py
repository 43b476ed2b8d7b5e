"""What the platforms call: each incoming thing becomes one transition, in one transaction, and then an answer."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.port import Answer, Filled, Heard, Incoming, Role, Scene, SharedWithOutsiders, Tapped, Typed
from bot import store
from bot.clock import Clock, Wake
from bot.library import Library
from bot.transition import apply
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
)
from flows.flow import Flow
from flows.panel import panel
from flows.people import Person
from flows.recovery import Recovery
from flows.timing import MOST_HEARD
from flows.voice import Voice

_IDS = uuid.UUID("6f0c0a52-6a55-4a0e-9d0e-6f1f0c8f7b10")

Read = Callable[[Flow, Recovery, Voice, float], Event | Faults]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The application, as the platforms see it (`adapters.port.Application`)."""

    engine: AsyncEngine
    library: Library
    clock: Clock
    wake: Wake

    async def receive(self, incoming: Incoming) -> Answer:
        """Take in what happened; on return, everything that must last is committed."""
        match incoming:
            case Tapped():
                return await self._tapped(incoming)
            case Filled():
                return await self._filled(incoming)
            case Typed():
                return await self._typed(incoming)
            case Heard():
                return await self._heard(incoming)
            case SharedWithOutsiders():
                return await self._shared(incoming)

    async def _tapped(self, tap: Tapped) -> Answer:
        def read(flow: Flow, recovery: Recovery, _voice: Voice, _now: float) -> Event:
            return actions.read(flow, recovery, tap.action, tap.visit, tap.by)

        return await self._transition(tap.recovery, tap.event_id, tap.by, read)

    async def _filled(self, filled: Filled) -> Answer:
        kind, _, flow_id = filled.form.partition(":")
        if kind == "start":
            named = answers.account(filled.answers, self._voice(filled.scene))
            if isinstance(named, Faults):
                return Answer(faults=named.of)
            return await self._start(filled.event_id, filled.by, filled.scene, named, flow_id)

        def read(flow: Flow, recovery: Recovery, voice: Voice, now: float) -> Event | Faults:
            return answers.read(flow, recovery, filled.form, filled.answers, filled.by, voice, now)

        return await self._transition(filled.recovery, filled.event_id, filled.by, read)

    async def _typed(self, typed: Typed) -> Answer:
        voice = self._voice(typed.scene)
        command = commands.read(typed.text, tuple(self.library.newest))
        if command.word is Word.HELP:
            return Answer(notice=self._help(command, voice))
        if command.word is Word.START:
            return await self._begin(typed, command, voice)
        async with self.engine.begin() as tx:
            mine = await store.in_place(tx, typed.scene.place, led_by=typed.by, open_only=True)
            closed = await store.in_place(tx, typed.scene.place, led_by=typed.by, open_only=False)
        if command.word is Word.SUMMARY:
            mine = mine or closed
        if not mine:
            return Answer(notice=voice.say("command.none"))
        if command.word is Word.STATUS:
            return await self._status(mine[0], typed.by)
        return await self._command(mine[0], typed, command, voice)

    async def _begin(self, typed: Typed, command: Command, voice: Voice) -> Answer:
        if not command.rest:
            return Answer(dialog=forms.start(voice, command.flow))
        named = answers.account({"account": command.rest}, voice)
        if isinstance(named, Faults):
            return Answer(notice=next(iter(named.of.values())), faults={"text": named.of["account"]})
        return await self._start(typed.event_id, typed.by, typed.scene, named, command.flow)

    async def _start(self, event_id: str, by: Person, scene: Scene, account: str, flow_id: str) -> Answer:
        voice = self._voice(scene)
        flow = self.library.start(flow_id)
        inbox_id = _scoped(event_id, by)
        recovery_id = uuid.uuid5(_IDS, inbox_id).hex
        event = Start(recovery_id, by, account, scene.place, scene.language, scene.timezone, scene.shared)
        now = self.clock()
        async with self.engine.begin() as tx:
            already = await store.in_place(tx, scene.place, led_by=by, open_only=True)
            if already and recovery_id not in already:
                running = await store.load(tx, already[0])
                return Answer(notice=voice.say("command.already", account=running.account if running else ""))
            if await store.first_time(tx, inbox_id, recovery_id, now):
                recovery, effects = advance(flow, None, event, now)
                if await store.add(tx, recovery):
                    await store.remember(tx, recovery_id, 1, event, now)
                    await apply(tx, flow, recovery, 1, effects, self.library, now)
        self.wake.all()
        return Answer(recovery=recovery_id, notice=voice.say("command.started", account=account))

    async def _status(self, recovery_id: str, by: Person) -> Answer:
        async with self.engine.begin() as tx:
            recovery = await store.load(tx, recovery_id)
            if recovery is None:
                return Answer()
            flow = await self.library.of(tx, recovery.flow, recovery.flow_version)
        voice = self.library.voice(recovery.language, recovery.timezone)
        return Answer(recovery=recovery_id, notice=plain.card_text(guide.card(flow, recovery, by, voice)))

    async def _command(self, recovery_id: str, typed: Typed, command: Command, voice: Voice) -> Answer:
        by, who = typed.by, typed.who
        if command.word is Word.HANDOVER and who is None:
            return await self._transition(recovery_id, typed.event_id, by, _always(OpenForm(by, "hand_over")))
        event: Event
        match command.word:
            case Word.SUMMARY:
                await self._transition(recovery_id, typed.event_id, by, _preview(by))
                return Answer(recovery=recovery_id, notice=voice.say("command.summary"))
            case Word.STOP:
                await self._transition(recovery_id, typed.event_id, by, _always(Close(by)))
                return Answer(recovery=recovery_id, notice=voice.say("command.stopped"))
            case Word.HANDOVER if who is not None:
                event = HandOver(by, who)
            case _:
                event = Quiet(by, on=command.rest.lower() != "off")
        return await self._transition(recovery_id, typed.event_id, by, _always(event))

    async def _heard(self, heard: Heard) -> Answer:
        if heard.role is Role.COLLEAGUE:
            return Answer()
        client = heard.role is Role.CLIENT
        async with self.engine.begin() as tx:
            here = await store.in_place(tx, heard.place, led_by=None if client else heard.by, open_only=True)
        event = ClientSpoke(heard.text[:MOST_HEARD]) if client else ResponderSpoke(heard.by)
        for recovery_id in here:
            await self._transition(recovery_id, f"{heard.event_id}:{recovery_id}", heard.by, _always(event))
        return Answer()

    async def _shared(self, shared: SharedWithOutsiders) -> Answer:
        async with self.engine.begin() as tx:
            here = await store.in_place(tx, shared.place, open_only=False)
        for recovery_id in here:
            event = ThreadShared(shared.outsiders)
            await self._transition(recovery_id, f"{shared.event_id}:{recovery_id}", shared.by, _always(event))
        return Answer()

    async def _transition(self, recovery_id: str, event_id: str, by: Person, read: Read) -> Answer:
        """One transaction: lock, take in once, advance, write. What only answers this request leaves no trace."""
        now = self.clock()
        async with self.engine.connect() as tx, tx.begin() as transaction:
            found = await store.locked(tx, recovery_id, by)
            if found is None:
                return Answer(notice=self.library.voice("en", "UTC").say("error.unknown"))
            recovery, version = found
            if not await store.first_time(tx, _scoped(event_id, by), recovery_id, now):
                return Answer(recovery=recovery_id)
            flow = await self.library.of(tx, recovery.flow, recovery.flow_version)
            voice = self.library.voice(recovery.language, recovery.timezone)
            try:
                event = read(flow, recovery, voice, now)
            except TrustRecoverError:
                await transaction.rollback()
                return Answer(recovery=recovery_id, notice=voice.say("error.gone"))
            if isinstance(event, Faults):
                await transaction.rollback()
                return Answer(recovery=recovery_id, faults=event.of)
            after, effects = advance(flow, recovery, event, now)
            opened = next((effect for effect in effects if isinstance(effect, ShowForm)), None)
            answer = Answer(self._dialog(flow, after, opened, voice), recovery_id)
            if after is recovery and len(effects) == (opened is not None):
                await transaction.rollback()
                return answer
            await store.save(tx, after, version)
            await store.remember(tx, recovery_id, version + 1, event, now)
            await apply(tx, flow, after, version + 1, effects, self.library, now)
        self.wake.all()
        return answer

    def _dialog(self, flow: Flow, recovery: Recovery, opened: ShowForm | None, voice: Voice) -> Form | Panel | None:
        if opened is None:
            return None
        return panel(flow, recovery, voice) if opened.form == "more" else forms.form(flow, recovery, opened.form, voice)

    def _help(self, command: Command, voice: Voice) -> str:
        lines = voice.say("command.help", flows=", ".join(sorted(self.library.newest)))
        if not command.nearest:
            return lines
        return voice.say("command.nearest", typed=command.typed, nearest=command.nearest) + "\n\n" + lines

    def _voice(self, scene: Scene) -> Voice:
        return self.library.voice(scene.language, scene.timezone)


def _always(event: Event) -> Read:
    """Read as this event, whatever the recovery is like."""
    return lambda _flow, _recovery, _voice, _now: event


def _preview(by: Person) -> Read:
    """Read as a look at the summary that may be posted."""
    return lambda _flow, recovery, _voice, _now: Preview(by, recovery.chosen)


def _scoped(event_id: str, by: Person) -> str:
    """An event's id, unique over platforms and workspaces."""
    return f"{by.platform}:{by.workspace}:{event_id}"
