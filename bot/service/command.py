"""What is typed after `/trust-recover`."""

from dataclasses import replace

from sqlalchemy import Connection

from adapters.port import Answer, TypedCommand
from bot.service import preferences
from bot.service.apply_event import LockedRecovery, apply_to_locked, claim_event, lock_recovery
from bot.service.check_words import check_typed_words
from bot.service.start import start_from_command
from bot.service.transaction import RequestTransaction, TransactionResult
from bot.storage import people, queries, recoveries
from bot.storage.flow_registry import FlowRegistry
from flows.action_ids import FormId, FormKind
from flows.input.commands import Command, CommandWord, parse_command
from flows.limits import MAX_COMMAND_CHARACTERS
from flows.screens.status import status_text
from flows.state.events import CloseRecovery, Event, HandOver, OpenDialog, SetQuiet
from flows.state.local_time.time_zones import known_time_zone
from flows.state.local_time.working_hours import WorkingHours
from flows.state.summary_events import PreviewSummary
from flows.text import clean_text, name_key
from flows.wording.localization import Localizer

WORDS_WITH_NOTICE = {CommandWord.SUMMARY: "command.summary", CommandWord.STOP: "command.stopped"}
"""What is said when the word was obeyed; the others show by themselves that they were."""


def read_command(registry: FlowRegistry, request: TypedCommand) -> Command | None:
    """The command that was typed; None if the text is longer than any command, and so is not read at all."""
    if len(request.text) > MAX_COMMAND_CHARACTERS:
        return None
    return parse_command(clean_text(request.text), tuple(registry.newest_versions), chat=request.is_chat)


def handle_command(transaction: RequestTransaction, request: TypedCommand) -> TransactionResult:
    """Do what was typed."""
    localizer = preferences.localizer_for(transaction, request.actor, request.context)
    command = read_command(transaction.registry, request)
    if command is None:
        most, has = map(localizer.format_number, (MAX_COMMAND_CHARACTERS, len(request.text)))
        return _refuse(localizer.text("error.long", most=most, has=has))
    match command.word:
        case CommandWord.HELP:
            return TransactionResult(Answer(notice=_help_text(transaction, command, localizer)))
        case CommandWord.HOURS if command.argument:  # valid hours were kept before
            return _refuse(_not_understood(command, localizer))
        case CommandWord.HOURS:
            hours = preferences.working_hours_of(transaction, request.actor)
            return TransactionResult(Answer(notice=hours_notice(hours, localizer)))
        case CommandWord.CHECK:
            return check_typed_words(transaction, request, command.argument, localizer)
        case CommandWord.START:
            return start_from_command(transaction, request, command, localizer)
        case _:
            return _run_on_recovery(transaction, request, command, localizer)


def hours_notice(hours: WorkingHours, localizer: Localizer) -> str:
    """When somebody works, in a line."""
    return localizer.text("command.hours", hours=localizer.format_hours(hours), timezone=localizer.timezone)


def with_known_hours(tx: Connection, event: HandOver) -> HandOver:
    """The same hand-over, with what we know of when and where the new responder works."""
    settings = people.find_person(tx, event.new_responder)
    if settings is None:
        return event
    return replace(event, timezone=known_time_zone(settings.timezone), working_hours=settings.working_hours)


def _run_on_recovery(
    transaction: RequestTransaction, request: TypedCommand, command: Command, localizer: Localizer
) -> TransactionResult:
    """Do what was typed with the recovery that is meant, or say why not."""
    tx = transaction.connection
    ids = _meant_recoveries(tx, request, command)
    if not ids and command.account:
        return _refuse(_not_understood(command, localizer))
    if not ids:
        return TransactionResult(Answer(notice=localizer.text("command.none")))
    if len(ids) > 1:
        return TransactionResult(Answer(notice=localizer.text("command.which", accounts=", ".join(_accounts(tx, ids)))))
    if command.word is CommandWord.STATUS:
        return TransactionResult(_status(transaction, ids[0]))
    locked_recovery = lock_recovery(transaction, ids[0], request.actor)
    if isinstance(locked_recovery, Answer):
        return TransactionResult(locked_recovery)
    notice_key = WORDS_WITH_NOTICE.get(command.word)
    notice = localizer.text(notice_key) if notice_key else ""
    if not claim_event(transaction, request.event_id, request.actor, ids[0]):
        return TransactionResult(Answer(recovery_id=ids[0], notice=notice) if notice else locked_recovery.answer())
    applied_event = apply_to_locked(
        transaction, locked_recovery, _event(transaction, locked_recovery, request, command)
    )
    answer = replace(applied_event.locked_recovery.answer(), dialog=applied_event.dialog)
    if notice:
        answer = Answer(recovery_id=ids[0], notice=notice)
    return TransactionResult(answer, applied_event.effects, has_changes=applied_event.is_saved)


def _event(
    transaction: RequestTransaction, locked_recovery: LockedRecovery, request: TypedCommand, command: Command
) -> Event:
    actor, mentioned_person = request.actor, request.mentioned_person
    match command.word:
        case CommandWord.SUMMARY:
            return PreviewSummary(actor, locked_recovery.recovery.postable_version)
        case CommandWord.STOP:
            return CloseRecovery(actor)
        case CommandWord.HANDOVER if mentioned_person is None:
            return OpenDialog(actor, FormId(FormKind.HAND_OVER).encode())
        case CommandWord.HANDOVER if mentioned_person is not None:
            return with_known_hours(transaction.connection, HandOver(actor, mentioned_person))
        case _:
            return SetQuiet(actor, is_quiet=command.argument != "off")


def _refuse(text: str) -> TransactionResult:
    """Nothing was done; where what was typed is still there to be corrected, the text stands beside it."""
    return TransactionResult(Answer(notice=text, errors={"text": text}))


def _help_text(transaction: RequestTransaction, command: Command, localizer: Localizer) -> str:
    text = localizer.text("command.help", flows=", ".join(sorted(transaction.registry.newest_versions)))
    if command.suggestion:
        return _not_understood(command, localizer) + "\n\n" + text
    return localizer.text("command.begin", typed=command.text) + "\n\n" + text if command.text else text


def _not_understood(command: Command, localizer: Localizer) -> str:
    """What was not understood, how to write what may have been meant, and how to begin with a client of that name."""
    if command.is_guess:
        return localizer.text("command.nearest", typed=command.text, nearest=command.suggestion)
    usage = localizer.text(f"usage.{command.suggestion}")
    return localizer.text("command.unclear", typed=command.text, usage=usage)


def _meant_recoveries(tx: Connection, request: TypedCommand, command: Command) -> list[str]:
    """The recoveries of this person that can be meant: the newest one here, in this conversation, or all they lead.

    A client who was named decides first: then only recoveries with that client can be meant.
    """
    place, actor = request.context.place, request.actor
    closed_too = command.word is CommandWord.SUMMARY
    ids_here: list[str] = []
    if place.conversation:
        ids_here = recoveries.ids_in_place(tx, place, led_by=actor, open_only=True)
        ids_here = ids_here or recoveries.ids_in_conversation(tx, place, led_by=actor)
        if not ids_here and closed_too:
            ids_here = recoveries.ids_in_place(tx, place, led_by=actor, open_only=False)
    led_recoveries = queries.led_recoveries(tx, actor)
    if command.account:
        keys = {name_key(name) for name in command.possible_accounts}
        recoveries_here = filter(None, (recoveries.load(tx, recovery_id) for recovery_id in ids_here))
        candidates = (*recoveries_here, *led_recoveries)
        ids = list(dict.fromkeys(recovery.id for recovery in candidates if name_key(recovery.account) in keys))
        ids_here = [recovery_id for recovery_id in ids if recovery_id in ids_here]
    else:
        ids = [recovery.id for recovery in led_recoveries]
    return ids_here[:1] or ids


def _accounts(tx: Connection, recovery_ids: list[str]) -> list[str]:
    return [recovery.account for recovery_id in recovery_ids if (recovery := recoveries.load(tx, recovery_id))]


def _status(transaction: RequestTransaction, recovery_id: str) -> Answer:
    """Where the recovery is and what to say now, in a few sentences."""
    registry = transaction.registry
    recovery = recoveries.load(transaction.connection, recovery_id)
    if recovery is None:
        return Answer()
    flow = registry.get_version(transaction.connection, recovery.flow, recovery.flow_version)
    localizer = registry.localizer(recovery.language, recovery.timezone)
    return Answer(recovery_id=recovery_id, notice=status_text(flow, recovery, localizer, transaction.now))
