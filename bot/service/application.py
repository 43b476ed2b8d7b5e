"""What the platforms call: each incoming thing becomes one transition, in one transaction, and then an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from adapters.port import (
    Answer,
    ButtonTap,
    FormRequest,
    FormSubmission,
    HomeRequest,
    Incoming,
    ReadersChange,
    RequestContext,
    Role,
    ThreadMessage,
    TypedCommand,
)
from adapters.shared.storage import with_commit
from bot.clock import Clock, WakeSignals
from bot.service import command, preferences
from bot.service.apply_event import EventRequest, TransactionResult, apply_event, constant_event
from bot.service.start import start_from_command, start_recovery
from bot.storage import accounts, recoveries
from bot.storage.database import Database
from bot.storage.flow_registry import FlowRegistry
from flows.definition.model import Flow
from flows.engine.nudges import MAX_CLIENT_MESSAGE_CHARACTERS
from flows.input import actions, commands, form_answers
from flows.input.commands import Command, CommandWord
from flows.input.form_answers import FormErrors
from flows.screens import forms
from flows.state.events import ClientWrote, Event, HandOver, ResponderWrote, SetWorkingHours, ThreadReadersChange
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.state.working_hours import WorkingHours
from flows.state.working_hours import parse_hours as hours_of
from flows.text import clean_text
from flows.wording.localization import Localizer


@dataclass(frozen=True, slots=True)
class RecoveryApplication:
    """The application, as the platforms see it (`adapters.port.Application`)."""

    database: Database
    registry: FlowRegistry
    clock: Clock
    wake: WakeSignals

    async def receive(self, incoming: Incoming) -> Answer:
        """Take in what happened; on return, everything that must last is committed."""
        match incoming:
            case ButtonTap():
                return await self._transact(lambda tx, now: self._button_tapped(tx, incoming, now))
            case FormSubmission(form_id="settings"):
                return await self._save_settings(incoming)
            case FormSubmission():
                return await self._transact(lambda tx, now: self._form_submitted(tx, incoming, now))
            case TypedCommand():
                return await self._command_typed(incoming)
            case FormRequest():
                return await self._transact(lambda tx, _: TransactionResult(self._form_requested(tx, incoming)))
            case HomeRequest():
                return await self._transact(
                    lambda tx, _: TransactionResult(preferences.home_answer(tx, self.registry, incoming))
                )
            case ThreadMessage():
                return await self._message_posted(incoming)
            case ReadersChange():
                return await self._readers_changed(incoming)

    async def _transact(self, work: Callable[[Connection, float], TransactionResult]) -> Answer:
        """One transaction, kept if it has changes; then whoever has work from it is woken."""
        now = self.clock()

        def transaction(tx: Connection) -> TransactionResult:
            result = work(tx, now)
            if result.has_changes:
                tx.commit()
            return result

        taken = await self.database.run(transaction)
        if taken.effects:
            self.wake.notify(taken.effects, now)
        return taken.answer

    async def _apply_to_each(self, recoveries: list[str], event_id: str, actor: Person, event: Event) -> None:
        """The same event for several recoveries, a transaction each."""
        for recovery_id in recoveries:
            await self._transact(partial(self._apply, recovery_id, f"{event_id}:{recovery_id}", actor, event))

    def _apply(
        self, recovery_id: str, event_id: str, actor: Person, event: Event, tx: Connection, now: float
    ) -> TransactionResult:
        return apply_event(
            tx, self.registry, EventRequest(event_id, actor, recovery_id), constant_event(event), now, member=False
        )

    async def _message_posted(self, heard: ThreadMessage) -> Answer:
        if heard.role is Role.COLLEAGUE:
            return Answer()
        client = heard.role is Role.CLIENT
        led_by = None if client else heard.author
        here = await self.database.run(
            lambda tx: recoveries.ids_in_place(tx, heard.place, led_by=led_by, open_only=True)
        )
        event = (
            ClientWrote(clean_text(heard.text[:MAX_CLIENT_MESSAGE_CHARACTERS]))
            if client
            else ResponderWrote(heard.author)
        )
        await self._apply_to_each(here, heard.event_id, heard.author, event)
        return Answer()

    async def _readers_changed(self, news: ReadersChange) -> Answer:
        """The readers of a conversation changed, for every talk that is bound to it."""

        def note(tx: Connection) -> list[str]:
            accounts.set_readers(tx, news.place, has_external_users=news.has_external_users)
            here = recoveries.ids_in_conversation(tx, news.place, open_only=False)
            tx.commit()
            return here

        here = await self.database.run(note)
        await self._apply_to_each(here, news.event_id, news.actor, ThreadReadersChange(news.has_external_users))
        return Answer()

    def _button_tapped(self, tx: Connection, tap: ButtonTap, now: float) -> TransactionResult:
        def read(flow: Flow, recovery: Recovery, _voice: Localizer, _now: float) -> Event:
            return actions.event_from_action(flow, recovery, tap.action, tap.card_revision, tap.actor)

        return apply_event(tx, self.registry, tap, read, now)

    def _form_submitted(self, tx: Connection, filled: FormSubmission, now: float) -> TransactionResult:
        kind, _, flow_id = filled.form_id.partition(":")
        if kind == "start":
            localizer = preferences.localizer_for(tx, self.registry, filled.actor, filled.context)
            beginning = form_answers.read_start_form(filled.answers, localizer)
            if isinstance(beginning, FormErrors):
                return TransactionResult(Answer(errors=beginning.by_input))
            return start_recovery(tx, self.registry, filled, beginning, flow_id, localizer, now)

        def read(flow: Flow, recovery: Recovery, localizer: Localizer, now: float) -> Event | FormErrors:
            event = form_answers.event_from_form(
                flow, recovery, filled.form_id, filled.answers, filled.actor, localizer, now
            )
            return command.with_known_hours(tx, event) if isinstance(event, HandOver) else event

        return apply_event(tx, self.registry, filled, read, now)

    async def _command_typed(self, typed: TypedCommand) -> Answer:
        found = commands.parse_command(clean_text(typed.text), tuple(self.registry.newest_versions), chat=typed.is_chat)
        if found.word is CommandWord.HOURS and (hours := hours_of(found.argument)):
            return await self._set_hours(typed, hours)
        return await self._transact(lambda tx, now: self._run_word(tx, typed, found, now))

    def _run_word(self, tx: Connection, typed: TypedCommand, found: Command, now: float) -> TransactionResult:
        localizer = preferences.localizer_for(tx, self.registry, typed.actor, typed.context)
        match found.word:
            case CommandWord.HELP:
                return TransactionResult(Answer(notice=self._help_text(found, localizer)))
            case CommandWord.HOURS:
                return TransactionResult(
                    Answer(notice=_hours_notice(preferences.working_hours_of(tx, typed.actor), localizer))
                )
            case CommandWord.START:
                return start_from_command(tx, self.registry, typed, found, localizer, now)
            case _:
                return command.run_command(tx, self.registry, typed, found, localizer, now)

    def _form_requested(self, tx: Connection, asked: FormRequest) -> Answer:
        if asked.form_id == "settings":
            form = preferences.settings_form(tx, self.registry, asked.actor, asked.context)
            return Answer(
                form, language=preferences.localizer_for(tx, self.registry, asked.actor, asked.context).language
            )
        localizer = preferences.localizer_for(tx, self.registry, asked.actor, asked.context)
        account = accounts.account_at(tx, asked.context.place)
        return Answer(
            forms.start_form(localizer, account=account, message=clean_text(asked.message)), language=localizer.language
        )

    async def _set_hours(self, typed: TypedCommand, hours: WorkingHours) -> Answer:
        """Keep when this person works, for what they lead now and later."""
        await self._apply_preferences(typed.event_id, typed.actor, typed.context, hours)
        return await self._transact(
            lambda tx, _: TransactionResult(
                Answer(
                    notice=_hours_notice(
                        hours, preferences.localizer_for(tx, self.registry, typed.actor, typed.context)
                    )
                )
            )
        )

    async def _save_settings(self, filled: FormSubmission) -> Answer:
        actor, scene = filled.actor, filled.context
        localizer = await self.database.run(lambda tx: preferences.localizer_for(tx, self.registry, actor, scene))
        chosen = preferences.read_settings(filled, self.registry, localizer)
        if isinstance(chosen, FormErrors):
            return Answer(errors=chosen.by_input)
        await self._apply_preferences(filled.event_id, actor, scene, chosen.working_hours, chosen.language)
        return Answer()

    async def _apply_preferences(
        self, event_id: str, actor: Person, scene: RequestContext, hours: WorkingHours, language: str = ""
    ) -> None:
        timezone = scene.timezone
        led = await self.database.run(
            with_commit(lambda tx: preferences.save_settings(tx, actor, timezone, hours, language))
        )
        await self._apply_to_each(led, event_id, actor, SetWorkingHours(actor, hours, timezone))

    def _help_text(self, found: Command, localizer: Localizer) -> str:
        lines = localizer.text("command.help", flows=", ".join(sorted(self.registry.newest_versions)))
        if found.argument:
            return localizer.text("command.begin", typed=found.argument) + "\n\n" + lines
        if not found.suggestion:
            return lines
        return localizer.text("command.nearest", typed=found.first_word, nearest=found.suggestion) + "\n\n" + lines


def _hours_notice(hours: WorkingHours, localizer: Localizer) -> str:
    return localizer.text("command.hours", hours=localizer.format_hours(hours), timezone=localizer.timezone)
