"""What is typed after `/trust-recover` about a talk that runs."""

from dataclasses import replace

from sqlalchemy import Connection

from adapters.port import Answer, TypedCommand
from bot.service.apply_event import EventReader, EventRequest, TransactionResult, apply_event, constant_event
from bot.storage import people, queries, recoveries
from bot.storage.flow_registry import FlowRegistry
from flows.input.commands import Command, CommandWord
from flows.screens import plain_text
from flows.screens.card import guide_card
from flows.state.events import CloseRecovery, HandOver, OpenDialog, PreviewSummary, SetQuiet
from flows.state.identity import Person
from flows.wording.localization import Localizer


def run_command(
    tx: Connection, registry: FlowRegistry, typed: TypedCommand, command: Command, localizer: Localizer, now: float
) -> TransactionResult:
    """Do what was typed with the talk that is meant, or say why not."""
    mine = _meant_recoveries(tx, typed, closed_too=command.word is CommandWord.SUMMARY)
    if not mine:
        return TransactionResult(Answer(notice=localizer.text("command.none")))
    if len(mine) > 1:
        return TransactionResult(
            Answer(notice=localizer.text("command.which", accounts=", ".join(_accounts(tx, mine))))
        )
    if command.word is CommandWord.STATUS:
        return TransactionResult(_status(tx, registry, mine[0], typed.actor))
    told = ""
    read: EventReader
    actor, who = typed.actor, typed.mentioned_person
    match command.word:
        case CommandWord.SUMMARY:
            read, told = _preview_reader(actor), localizer.text("command.summary")
        case CommandWord.STOP:
            read, told = constant_event(CloseRecovery(actor)), localizer.text("command.stopped")
        case CommandWord.HANDOVER if who is None:
            read = constant_event(OpenDialog(actor, "hand_over"))
        case CommandWord.HANDOVER if who is not None:
            read = constant_event(with_known_hours(tx, HandOver(actor, who)))
        case _:
            read = constant_event(SetQuiet(actor, is_quiet=command.argument.lower() != "off"))
    taken = apply_event(tx, registry, EventRequest(typed.event_id, actor, mine[0]), read, now)
    return replace(taken, answer=Answer(recovery_id=mine[0], notice=told)) if told else taken


def with_known_hours(tx: Connection, event: HandOver) -> HandOver:
    """The same hand-over, with what we know of when and where the new responder works."""
    known = people.find_person(tx, event.new_responder)
    return event if known is None else replace(event, timezone=known.timezone, working_hours=known.working_hours)


def _meant_recoveries(tx: Connection, typed: TypedCommand, *, closed_too: bool) -> list[str]:
    """The talks of this person that can be meant: the newest one here, in this conversation, or all that they lead."""
    place, actor = typed.context.place, typed.actor
    if place.conversation:
        here = recoveries.ids_in_place(tx, place, led_by=actor, open_only=True)
        here = here or recoveries.ids_in_conversation(tx, place, led_by=actor)
        if not here and closed_too:
            here = recoveries.ids_in_place(tx, place, led_by=actor, open_only=False)
        if here:
            return here[:1]
    return [recovery.id for recovery in queries.led_recoveries(tx, actor)]


def _accounts(tx: Connection, recovery_ids: list[str]) -> list[str]:
    return [recovery.account for recovery_id in recovery_ids if (recovery := recoveries.load(tx, recovery_id))]


def _status(tx: Connection, registry: FlowRegistry, recovery_id: str, actor: Person) -> Answer:
    recovery = recoveries.load(tx, recovery_id)
    if recovery is None:
        return Answer()
    flow = registry.get_version(tx, recovery.flow, recovery.flow_version)
    localizer = registry.localizer(recovery.language, recovery.timezone)
    return Answer(recovery_id=recovery_id, notice=plain_text.card_text(guide_card(flow, recovery, actor, localizer)))


def _preview_reader(actor: Person) -> EventReader:
    """Read as a look at the summary that may be posted."""
    return lambda _flow, recovery, _voice, _now: PreviewSummary(actor, recovery.postable_version)
