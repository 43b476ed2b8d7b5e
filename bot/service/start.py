"""How a recovery begins, and to which account thread it belongs."""

import uuid
from dataclasses import replace

from adapters.port import Answer, FormSubmission, RequestContext, StartRequest, TypedCommand
from bot.service import preferences
from bot.service.apply_event import apply_event, claim_event, inbox_id
from bot.service.transaction import RequestTransaction, TransactionResult
from bot.service.transition import PreparedTransition, prepare_transition, save_transitions
from bot.storage import accounts, people, queries, recoveries
from bot.storage.accounts import AccountThread
from flows.definition.model import FieldKind, Flow
from flows.engine.advance import advance
from flows.input.commands import Command
from flows.input.form_answers import FormErrors, StartAnswers, read_start_form
from flows.screens import forms
from flows.screens.inputs import Form
from flows.state.events import BindThread, StartRecovery
from flows.state.identity import Person
from flows.state.record_events import RecordEntry
from flows.state.recovery import Recovery
from flows.text import clean_text, name_key
from flows.wording.localization import Localizer

_IDS = uuid.UUID("6f0c0a52-6a55-4a0e-9d0e-6f1f0c8f7b10")


def handle_start_request(transaction: RequestTransaction, request: StartRequest) -> TransactionResult:
    """Answer with the form that starts a recovery, filled with the message that it is about."""
    return TransactionResult(
        start_form_answer(transaction, request.actor, request.context, message=clean_text(request.message))
    )


def start_form_answer(
    transaction: RequestTransaction, actor: Person, context: RequestContext, flow_id: str = "", message: str = ""
) -> Answer:
    """Open the form that starts a recovery."""
    localizer = preferences.localizer_for(transaction, actor, context)
    return Answer(start_form(transaction, context, localizer, flow_id, message), language=localizer.language)


def start_form(
    transaction: RequestTransaction, context: RequestContext, localizer: Localizer, flow_id: str, message: str
) -> Form:
    """The form that starts a recovery, with the account that was the last to be talked about there."""
    account = accounts.account_at(transaction.connection, context.place)
    return forms.start_form(localizer, flow_id, account, message)


def start_from_command(
    transaction: RequestTransaction, request: TypedCommand, command: Command, localizer: Localizer
) -> TransactionResult:
    """Somebody typed the command to start, with an account or without, with a link to a thread or without."""
    tx, account = transaction.connection, command.argument
    if request.is_linked_place:
        matching = _matching_recoveries(queries.led_recoveries(tx, request.actor), account)
        if len(matching) == 1:
            return _bind_thread(transaction, matching[0], request)
        if matching:
            names = ", ".join(recovery.account for recovery in matching)
            return TransactionResult(Answer(notice=localizer.text("bind.which", accounts=names)))
    if not account and (recovery := _recovery_here(transaction, request.actor, request.context)):
        notice = localizer.text("command.already", account=recovery.account)
        return TransactionResult(Answer(recovery_id=recovery.id, notice=notice))
    account = account or accounts.account_at(tx, request.context.place)
    if not account:
        form = forms.start_form(localizer, command.flow_id)
        return TransactionResult(Answer(dialog=form, language=localizer.language))
    start_answers = read_start_form({"account": account}, localizer)
    if isinstance(start_answers, FormErrors):
        error = start_answers.by_input["account"]
        return TransactionResult(Answer(notice=error, errors={"text": error}))
    return start_recovery(transaction, request, start_answers, command.flow_id, localizer)


def start_recovery(
    transaction: RequestTransaction,
    request: TypedCommand | FormSubmission,
    start_answers: StartAnswers,
    flow_id: str,
    localizer: Localizer,
) -> TransactionResult:
    """Begin a recovery, once however often it is asked for, unless this person leads one there already."""
    tx, now = transaction.connection, transaction.now
    actor, context, account = request.actor, request.context, start_answers.account
    flow = transaction.registry.newest_or_default(flow_id)
    recovery_id = uuid.uuid5(_IDS, inbox_id(request.event_id, actor)).hex
    hours = people.register_person(tx, actor, localizer.timezone)
    thread = accounts.account_thread(tx, account, actor, AccountThread(context.place, context.has_external_users))
    led_here = _led_in_place(transaction, actor, thread)
    if led_here and recovery_id not in led_here:
        recovery = recoveries.load(tx, led_here[0])
        notice = localizer.text("command.already", account=recovery.account if recovery else "")
        return TransactionResult(Answer(recovery_id=led_here[0], notice=notice), has_changes=True)
    notice = localizer.text("command.started", account=account)
    answer = Answer(recovery_id=recovery_id, notice=notice, language=localizer.language)
    if not claim_event(transaction, request.event_id, actor, recovery_id):
        return TransactionResult(answer)
    event = StartRecovery(
        recovery_id,
        actor,
        account,
        thread.place,
        localizer.language,
        localizer.timezone,
        thread.has_external_users,
        hours,
    )
    recovery, effects = advance(flow, None, event, now)
    if not recoveries.insert_recovery(tx, recovery):
        return TransactionResult(answer)
    accounts.remember_thread(tx, account, thread, now)
    first = prepare_transition(transaction.registry, flow, recovery, 0, event, effects, now)
    transitions = [first, *_first_facts(transaction, flow, first, actor, start_answers)]
    save_transitions(tx, transitions, now)
    all_effects = tuple(effect for transition in transitions for effect in transition.effects)
    return TransactionResult(answer, all_effects, has_changes=True)


def _first_facts(
    transaction: RequestTransaction, flow: Flow, first: PreparedTransition, actor: Person, start_answers: StartAnswers
) -> list[PreparedTransition]:
    """What the client wrote becomes the first facts, in their words."""
    field_id = flow.first_field_of(FieldKind.FACT)
    if field_id is None:
        return []
    transitions = [first]
    for fact in start_answers.facts:
        recovery, version = transitions[-1].locked_recovery
        event = RecordEntry(actor, field_id, fact)
        after, effects = advance(flow, recovery, event, transaction.now)
        transitions.append(
            prepare_transition(transaction.registry, flow, after, version, event, effects, transaction.now)
        )
    return transitions[1:]


def _led_in_place(transaction: RequestTransaction, actor: Person, thread: AccountThread) -> list[str]:
    """The open recoveries that this person leads in a place; none where the place is not known."""
    if not thread.place.conversation:
        return []
    return recoveries.ids_in_place(transaction.connection, thread.place, led_by=actor, open_only=True)


def _recovery_here(transaction: RequestTransaction, actor: Person, context: RequestContext) -> Recovery | None:
    """The recovery that this person leads where they are."""
    ids = _led_in_place(transaction, actor, AccountThread(context.place, context.has_external_users))
    return recoveries.load(transaction.connection, ids[0]) if ids else None


def _matching_recoveries(led_recoveries: list[Recovery], account: str) -> list[Recovery]:
    """The recoveries that a link can be meant for: those with this account, or all where none is named."""
    return [recovery for recovery in led_recoveries if not account or name_key(recovery.account) == name_key(account)]


def _bind_thread(transaction: RequestTransaction, recovery: Recovery, request: TypedCommand) -> TransactionResult:
    """Let a recovery belong to the thread that was linked to."""
    thread = AccountThread(request.context.place, request.context.has_external_users)
    localizer = transaction.registry.localizer(recovery.language, recovery.timezone)
    event = BindThread(request.actor, thread.place, thread.has_external_users)
    result = apply_event(transaction, recovery.id, request.event_id, request.actor, event)
    if result.answer.notice or not result.effects:
        return result
    accounts.remember_thread(transaction.connection, recovery.account, thread, transaction.now)
    key = "bind.same" if recovery.place == thread.place else "bind.done"
    return replace(result, answer=Answer(recovery_id=recovery.id, notice=localizer.text(key)))
