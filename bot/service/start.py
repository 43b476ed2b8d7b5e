"""How a talk begins, and to which account thread it belongs."""

import uuid
from dataclasses import replace

from sqlalchemy import Connection

from adapters.port import Answer, FormSubmission, RequestContext, TypedCommand
from bot.service.apply_event import EventRequest, TransactionResult, apply_event, constant_event, inbox_id
from bot.service.transition import PreparedTransition, prepare_transition, save_transitions
from bot.storage import accounts, people, queries, recoveries
from bot.storage.accounts import AccountThread
from bot.storage.flow_registry import FlowRegistry
from flows.definition.model import FieldKind, Flow
from flows.engine.advance import advance
from flows.input import form_answers
from flows.input.commands import Command
from flows.input.form_answers import FormErrors, StartAnswers
from flows.screens import forms
from flows.state.events import BindThread, RecordEntry, StartRecovery
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.text import name_key
from flows.wording.localization import Localizer

_IDS = uuid.UUID("6f0c0a52-6a55-4a0e-9d0e-6f1f0c8f7b10")


def start_from_command(
    tx: Connection, registry: FlowRegistry, begun: TypedCommand, command: Command, localizer: Localizer, now: float
) -> TransactionResult:
    """Somebody typed the command to start, with an account or without, with a link to a thread or without."""
    account = command.argument
    if begun.is_linked_place:
        running = _matching_recoveries(queries.led_recoveries(tx, begun.actor), account)
        if len(running) == 1:
            return _bind_thread(tx, registry, running[0], begun, now)
        if running:
            accounts_led = ", ".join(recovery.account for recovery in running)
            return TransactionResult(Answer(notice=localizer.text("bind.which", accounts=accounts_led)))
    if not account and (here := _recovery_here(tx, begun.actor, begun.context)):
        return TransactionResult(
            Answer(recovery_id=here.id, notice=localizer.text("command.already", account=here.account))
        )
    account = account or accounts.account_at(tx, begun.context.place)
    if not account:
        return TransactionResult(
            Answer(dialog=forms.start_form(localizer, command.flow_id), language=localizer.language)
        )
    beginning = form_answers.read_start_form({"account": account}, localizer)
    if isinstance(beginning, FormErrors):
        fault = beginning.by_input["account"]
        return TransactionResult(Answer(notice=fault, errors={"text": fault}))
    return start_recovery(tx, registry, begun, beginning, command.flow_id, localizer, now)


def start_recovery(
    tx: Connection,
    registry: FlowRegistry,
    begun: TypedCommand | FormSubmission,
    beginning: StartAnswers,
    flow_id: str,
    localizer: Localizer,
    now: float,
) -> TransactionResult:
    """Begin a talk, once however often it is asked for, unless this person is in one there already."""
    actor, scene, account = begun.actor, begun.context, beginning.account
    flow = registry.newest_or_default(flow_id)
    event_key = inbox_id(begun.event_id, actor)
    recovery_id = uuid.uuid5(_IDS, event_key).hex
    hours = people.register_person(tx, actor, scene.timezone)
    home = accounts.account_thread(tx, account, actor, AccountThread(scene.place, scene.has_external_users))
    already = recoveries.ids_in_place(tx, home.place, led_by=actor, open_only=True) if home.place.conversation else []
    if already and recovery_id not in already:
        running = recoveries.load(tx, already[0])
        notice = localizer.text("command.already", account=running.account if running else "")
        return TransactionResult(Answer(recovery_id=already[0], notice=notice), has_changes=True)
    answer = Answer(
        recovery_id=recovery_id, notice=localizer.text("command.started", account=account), language=localizer.language
    )
    if not recoveries.claim_event(tx, event_key, recovery_id, now):
        return TransactionResult(answer)
    event = StartRecovery(
        recovery_id, actor, account, home.place, localizer.language, scene.timezone, home.has_external_users, hours
    )
    recovery, effects = advance(flow, None, event, now)
    if not recoveries.insert_recovery(tx, recovery):
        return TransactionResult(answer)
    accounts.remember_thread(tx, account, home, now)
    happened = [prepare_transition(registry, flow, recovery, 0, event, effects, now)]
    happened += _first_facts(registry, flow, happened[0], actor, beginning, now)
    save_transitions(tx, happened, now)
    effects_of_all = tuple(effect for one in happened for effect in one.effects)
    return TransactionResult(answer, effects_of_all, has_changes=True)


def _first_facts(
    registry: FlowRegistry, flow: Flow, begun: PreparedTransition, actor: Person, beginning: StartAnswers, now: float
) -> list[PreparedTransition]:
    """What the client wrote becomes the first facts, in their words."""
    field = flow.first_field_of(FieldKind.FACT)
    happened = [begun]
    for fact in beginning.facts if field else ():
        recovery, version = happened[-1].locked_recovery
        event = RecordEntry(actor, field or "", fact)
        after, effects = advance(flow, recovery, event, now)
        happened.append(prepare_transition(registry, flow, after, version, event, effects, now))
    return happened[1:]


def _recovery_here(tx: Connection, actor: Person, scene: RequestContext) -> Recovery | None:
    """The talk that this person leads where they are."""
    place = scene.place
    mine = recoveries.ids_in_place(tx, place, led_by=actor, open_only=True) if place.conversation else []
    return recoveries.load(tx, mine[0]) if mine else None


def _matching_recoveries(leading: list[Recovery], account: str) -> list[Recovery]:
    """The talks that a link can be meant for: those with this account, or all where none is named."""
    return [recovery for recovery in leading if not account or name_key(recovery.account) == name_key(account)]


def _bind_thread(
    tx: Connection, registry: FlowRegistry, recovery: Recovery, begun: TypedCommand, now: float
) -> TransactionResult:
    home = AccountThread(begun.context.place, begun.context.has_external_users)
    localizer = registry.localizer(recovery.language, recovery.timezone)
    event = BindThread(begun.actor, home.place, home.has_external_users)
    taken = apply_event(
        tx, registry, EventRequest(begun.event_id, begun.actor, recovery.id), constant_event(event), now
    )
    if taken.answer.notice or not taken.effects:
        return taken
    accounts.remember_thread(tx, recovery.account, home, now)
    key = "bind.same" if recovery.place == home.place else "bind.done"
    return replace(taken, answer=Answer(recovery_id=recovery.id, notice=localizer.text(key)))
