"""What the platforms call: each request is handled in one transaction, and then answered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from adapters.port import (
    Answer,
    ButtonTap,
    CheckRequest,
    ConversationMove,
    FormSubmission,
    HomeRequest,
    Incoming,
    ReadersChange,
    RequestContext,
    Role,
    StartRequest,
    ThreadMessage,
    TypedCommand,
)
from bot.clock import Clock, WakeSignals
from bot.service import preferences
from bot.service.apply_event import apply_event
from bot.service.check_words import handle_check_request
from bot.service.command import handle_command, hours_notice, read_command
from bot.service.conversation_move import handle_conversation_move
from bot.service.guide_failure import with_guide_failure
from bot.service.start import handle_start_request
from bot.service.submissions import handle_start_form, handle_submission
from bot.service.taps import handle_tap
from bot.service.thread_messages import MessageForRecovery, handle_thread_message
from bot.service.transaction import RequestTransaction, TransactionResult
from bot.storage import accounts, recoveries
from bot.storage.database import Database
from bot.storage.flow_registry import FlowRegistry
from flows.action_ids import FormKind, decode_form_id
from flows.errors import UnknownForm
from flows.input.commands import CommandWord
from flows.input.form_answers import PersonalSettings, read_settings_form
from flows.state.events import Event, SetWorkingHours, ThreadReadersChange
from flows.state.identity import Person
from flows.state.local_time.time_zones import known_time_zone
from flows.state.local_time.working_hours import WorkingHours, parse_hours

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EventForRecovery:
    """Something that happens to one recovery without a request of one of its participants."""

    recovery_id: str
    event_id: str
    actor: Person
    event: Event


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
                return await self._transact(handle_tap, incoming)
            case FormSubmission():
                return await self._form_submitted(incoming)
            case TypedCommand():
                return await self._command_typed(incoming)
            case StartRequest():
                return await self._transact(handle_start_request, incoming)
            case CheckRequest():
                return await self._transact(handle_check_request, incoming)
            case HomeRequest():
                return await self._transact(_handle_home_request, incoming)
            case ThreadMessage():
                return await self._message_posted(incoming)
            case ConversationMove():
                return await self._transact(handle_conversation_move, incoming)
            case ReadersChange():
                return await self._readers_changed(incoming)

    async def _transact(self, handle: Callable[[RequestTransaction, T], TransactionResult], request: T) -> Answer:
        """Handle a request in one transaction, and then wake whoever has work from it."""
        now = self.clock()

        def work(connection: Connection) -> TransactionResult:
            result = handle(RequestTransaction(connection, self.registry, now), request)
            if result.has_changes:
                connection.commit()
            return result

        result = await self.database.run(work)
        if result.effects:
            self.wake.notify(result.effects, now)
        return result.answer

    async def _apply_to_each(self, recovery_ids: list[str], event_id: str, actor: Person, event: Event) -> None:
        """Apply the same event to several recoveries, in a transaction each."""
        for recovery_id in recovery_ids:
            request = EventForRecovery(recovery_id, f"{event_id}:{recovery_id}", actor, event)
            await self._transact(_handle_event, request)

    async def _message_posted(self, message: ThreadMessage) -> Answer:
        """Somebody wrote in a place: the recoveries that are bound to it are told."""
        if message.role is Role.COLLEAGUE:
            return Answer()
        is_client = message.role is Role.CLIENT
        led_by = None if is_client else message.author

        def find(tx: Connection) -> list[str]:
            return recoveries.ids_in_place(tx, message.place, led_by=led_by, open_only=True)

        for recovery_id in await self.database.run(find):
            request = MessageForRecovery(recovery_id, f"{message.event_id}:{recovery_id}", message)
            await self._transact(handle_thread_message, request)
        return Answer()

    async def _readers_changed(self, change: ReadersChange) -> Answer:
        """The readers of a conversation changed: every recovery that is bound to it is told."""

        def save(tx: Connection) -> list[str]:
            accounts.set_readers(tx, change.place, has_external_users=change.has_external_users)
            ids = recoveries.ids_in_conversation(tx, change.place, open_only=False)
            tx.commit()
            return ids

        event = ThreadReadersChange(change.has_external_users)
        await self._apply_to_each(await self.database.run(save), change.event_id, change.actor, event)
        return Answer()

    async def _form_submitted(self, submission: FormSubmission) -> Answer:
        match None if submission.recovery_id else _form_kind(submission.form_id):
            case FormKind.START:
                return await self._transact(handle_start_form, submission)
            case FormKind.SETTINGS:
                return await self._save_settings(submission)
            case _:
                return await self._transact(handle_submission, submission)

    async def _command_typed(self, request: TypedCommand) -> Answer:
        command = read_command(self.registry, request)
        hours = parse_hours(command.argument) if command and command.word is CommandWord.HOURS else None
        if hours is None:
            return await self._transact(_handle_command, request)
        await self._apply_preferences(request.event_id, request.actor, request.context, hours)
        return await self._transact(_handle_hours_saved, request)

    async def _save_settings(self, submission: FormSubmission) -> Answer:
        """Keep how the guide speaks to somebody and when they work; then their home shows it."""

        def read(tx: Connection) -> PersonalSettings | Answer:
            transaction = RequestTransaction(tx, self.registry, self.clock())
            localizer = preferences.localizer_for(transaction, submission.actor, submission.context)
            languages = tuple(dict(preferences.available_languages(self.registry)))
            settings = read_settings_form(submission.answers, languages, localizer)
            if isinstance(settings, PersonalSettings):
                return settings
            form = preferences.settings_form(transaction, submission.actor, localizer)
            return Answer(errors=settings.by_input, next_view=form, language=localizer.language)

        settings = await self.database.run(read)
        if isinstance(settings, Answer):
            return settings
        await self._apply_preferences(
            submission.event_id, submission.actor, submission.context, settings.working_hours, settings.language
        )
        return await self._transact(_handle_home_request, HomeRequest(submission.actor, submission.context))

    async def _apply_preferences(
        self, event_id: str, actor: Person, context: RequestContext, hours: WorkingHours, language: str = ""
    ) -> None:
        """Keep when somebody works, for what they lead now and later."""
        timezone = known_time_zone(context.timezone)

        def save(tx: Connection) -> list[str]:
            ids = preferences.save_settings(tx, actor, timezone, hours, language)
            tx.commit()
            return ids

        event = SetWorkingHours(actor, hours, timezone)
        await self._apply_to_each(await self.database.run(save), event_id, actor, event)


def _form_kind(form_id: str) -> FormKind | None:
    """Of which kind a form is; None if it is none of ours."""
    try:
        return decode_form_id(form_id).kind
    except UnknownForm:
        return None


def _handle_event(transaction: RequestTransaction, request: EventForRecovery) -> TransactionResult:
    """The engine is asked about everybody: whoever writes in a thread need not take part in the recovery."""
    return apply_event(
        transaction, request.recovery_id, request.event_id, request.actor, request.event, only_participants=False
    )


def _handle_command(transaction: RequestTransaction, request: TypedCommand) -> TransactionResult:
    return with_guide_failure(transaction, request.actor, handle_command(transaction, request))


def _handle_home_request(transaction: RequestTransaction, request: HomeRequest) -> TransactionResult:
    return TransactionResult(preferences.home_answer(transaction, request.actor, request.context))


def _handle_hours_saved(transaction: RequestTransaction, request: TypedCommand) -> TransactionResult:
    localizer = preferences.localizer_for(transaction, request.actor, request.context)
    hours = preferences.working_hours_of(transaction, request.actor)
    return TransactionResult(Answer(notice=hours_notice(hours, localizer)))
