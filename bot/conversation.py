"""What the platforms call: each incoming thing becomes one transition, in one transaction, and then an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from adapters.port import (
    Answer,
    Asked,
    AtHome,
    Filled,
    Heard,
    Incoming,
    Role,
    Scene,
    SharedWithOutsiders,
    Tapped,
    Typed,
)
from bot import accounts, command, personal, starting, store
from bot.clock import Clock, Wake
from bot.database import Database
from bot.library import Library
from bot.turn import Taken, Told, always, turn
from flows import actions, answers, commands, forms
from flows.answers import Faults
from flows.commands import Command, Word
from flows.events import ClientSpoke, Event, HandOver, ResponderSpoke, ThreadShared, WorkingHours
from flows.flow import Flow
from flows.hours import Hours
from flows.hours import read as hours_of
from flows.people import Person
from flows.recovery import Recovery
from flows.timing import MOST_HEARD
from flows.typed import clean
from flows.voice import Voice


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
            case Filled(form="settings"):
                return await self._settings(incoming)
            case Filled():
                return await self._run(lambda tx, now: self._filled(tx, incoming, now))
            case Typed():
                return await self._typed(incoming)
            case Asked():
                return await self._run(lambda tx, _: Taken(self._asked(tx, incoming)))
            case AtHome():
                return await self._run(lambda tx, _: Taken(personal.at_home(tx, self.library, incoming)))
            case Heard():
                return await self._heard(incoming)
            case SharedWithOutsiders():
                return await self._shared(incoming)

    async def _run(self, work: Callable[[Connection, float], Taken]) -> Answer:
        """One transaction, and then waking whoever has work from it."""
        now = self.clock()
        taken = await self.database.run(lambda tx: work(tx, now))
        if taken.effects:
            self.wake.after(taken.effects, now)
        return taken.answer

    async def _all(self, recoveries: list[str], event_id: str, by: Person, event: Event) -> None:
        """The same event for several recoveries, a transaction each."""
        for recovery_id in recoveries:
            await self._run(partial(self._told, recovery_id, f"{event_id}:{recovery_id}", by, event))

    def _told(self, recovery_id: str, event_id: str, by: Person, event: Event, tx: Connection, now: float) -> Taken:
        return turn(tx, self.library, Told(event_id, by, recovery_id), always(event), now, member=False)

    async def _heard(self, heard: Heard) -> Answer:
        if heard.role is Role.COLLEAGUE:
            return Answer()
        client = heard.role is Role.CLIENT
        led_by = None if client else heard.by
        here = await self.database.run(lambda tx: store.in_place(tx, heard.place, led_by=led_by, open_only=True))
        event = ClientSpoke(clean(heard.text[:MOST_HEARD])) if client else ResponderSpoke(heard.by)
        await self._all(here, heard.event_id, heard.by, event)
        return Answer()

    async def _shared(self, news: SharedWithOutsiders) -> Answer:
        """The readers of a conversation changed, for every talk that is bound to it."""

        def note(tx: Connection) -> list[str]:
            accounts.share(tx, news.place, outsiders=news.outsiders)
            return store.in_conversation(tx, news.place, open_only=False)

        here = await self.database.run(note)
        await self._all(here, news.event_id, news.by, ThreadShared(news.outsiders))
        return Answer()

    def _tapped(self, tx: Connection, tap: Tapped, now: float) -> Taken:
        def read(flow: Flow, recovery: Recovery, _voice: Voice, _now: float) -> Event:
            return actions.read(flow, recovery, tap.action, tap.visit, tap.by)

        return turn(tx, self.library, tap, read, now)

    def _filled(self, tx: Connection, filled: Filled, now: float) -> Taken:
        kind, _, flow_id = filled.form.partition(":")
        if kind == "start":
            voice = personal.voice_of(tx, self.library, filled.by, filled.scene)
            beginning = answers.beginning(filled.answers, voice)
            if isinstance(beginning, Faults):
                return Taken(Answer(faults=beginning.of))
            return starting.start(tx, self.library, filled, beginning, flow_id, voice, now)

        def read(flow: Flow, recovery: Recovery, voice: Voice, now: float) -> Event | Faults:
            event = answers.read(flow, recovery, filled.form, filled.answers, filled.by, voice, now)
            return command.knowing(tx, event) if isinstance(event, HandOver) else event

        return turn(tx, self.library, filled, read, now)

    async def _typed(self, typed: Typed) -> Answer:
        found = commands.read(clean(typed.text), tuple(self.library.newest), chat=typed.chat)
        if found.word is Word.HOURS and (hours := hours_of(found.rest)):
            return await self._hours(typed, hours)
        return await self._run(lambda tx, now: self._word(tx, typed, found, now))

    def _word(self, tx: Connection, typed: Typed, found: Command, now: float) -> Taken:
        voice = personal.voice_of(tx, self.library, typed.by, typed.scene)
        match found.word:
            case Word.HELP:
                return Taken(Answer(notice=self._help(found, voice)))
            case Word.HOURS:
                return Taken(Answer(notice=_hours_notice(personal.hours_of(tx, typed.by), voice)))
            case Word.START:
                return starting.asked(tx, self.library, typed, found, voice, now)
            case _:
                return command.said(tx, self.library, typed, found, voice, now)

    def _asked(self, tx: Connection, asked: Asked) -> Answer:
        if asked.form == "settings":
            form = personal.settings_form(tx, self.library, asked.by, asked.scene)
            return Answer(form, language=personal.voice_of(tx, self.library, asked.by, asked.scene).language)
        voice = personal.voice_of(tx, self.library, asked.by, asked.scene)
        account = accounts.recognised(tx, asked.scene.place)
        return Answer(forms.start(voice, account=account, message=clean(asked.text)), language=voice.language)

    async def _hours(self, typed: Typed, hours: Hours) -> Answer:
        """Keep when this person works, for what they lead now and later."""
        await self._work(typed.event_id, typed.by, typed.scene, hours)
        return await self._run(
            lambda tx, _: Taken(
                Answer(notice=_hours_notice(hours, personal.voice_of(tx, self.library, typed.by, typed.scene)))
            )
        )

    async def _settings(self, filled: Filled) -> Answer:
        by, scene = filled.by, filled.scene
        voice = await self.database.run(lambda tx: personal.voice_of(tx, self.library, by, scene))
        chosen = personal.chosen(filled, self.library, voice)
        if isinstance(chosen, Faults):
            return Answer(faults=chosen.of)
        await self._work(filled.event_id, by, scene, chosen.hours, chosen.language)
        return Answer()

    async def _work(self, event_id: str, by: Person, scene: Scene, hours: Hours, language: str = "") -> None:
        timezone = scene.timezone
        led = await self.database.run(lambda tx: personal.keep(tx, by, timezone, hours, language))
        await self._all(led, event_id, by, WorkingHours(by, hours, timezone))

    def _help(self, found: Command, voice: Voice) -> str:
        lines = voice.say("command.help", flows=", ".join(sorted(self.library.newest)))
        if found.rest:
            return voice.say("command.begin", typed=found.rest) + "\n\n" + lines
        if not found.nearest:
            return lines
        return voice.say("command.nearest", typed=found.typed, nearest=found.nearest) + "\n\n" + lines


def _hours_notice(hours: Hours, voice: Voice) -> str:
    return voice.say("command.hours", hours=voice.hours(hours), timezone=voice.timezone)
