"""One turn of a talk: lock it, take the event in once, advance, write; and what the request is answered with."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from adapters.port import Answer, ButtonTap, FormSubmission
from bot.service.transition import Effects, prepare_transition, save_transitions
from bot.storage import recoveries
from bot.storage.flow_registry import FlowRegistry
from flows.definition.model import Flow
from flows.engine.advance import advance
from flows.engine.permission import may_see
from flows.errors import TrustRecoverError
from flows.input.form_answers import FormErrors
from flows.screens import forms
from flows.screens.card import guide_card
from flows.screens.elements import Card, Form, Panel
from flows.screens.panel import more_panel
from flows.state.effects import ShowDialog
from flows.state.events import Event
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.wording.localization import Localizer


@dataclass(frozen=True, slots=True)
class EventRequest:
    """That something happens to a recovery: once by its `event_id`, through this person."""

    event_id: str
    actor: Person
    recovery_id: str
    wants_card: bool = False


EventReader = Callable[[Flow, Recovery, Localizer, float], Event | FormErrors]


@dataclass(frozen=True, slots=True)
class TransactionResult:
    """The result of one transaction.

    `effects`: the effects for which other parts of the program are woken. `has_changes`: whether something was written
    that must be kept; the transaction is rolled back otherwise.
    """

    answer: Answer
    effects: Effects = ()
    has_changes: bool = False


def apply_event(
    tx: Connection,
    registry: FlowRegistry,
    told: EventRequest | ButtonTap | FormSubmission,
    read: EventReader,
    now: float,
    *,
    member: bool = True,
) -> TransactionResult:
    """Let something happen to a recovery of this person's workspace. What only answers this request leaves no trace.

    `member`: only who takes part may do that, and the engine is not asked about anybody else.
    """
    recovery_id, actor = told.recovery_id, told.actor
    found = recoveries.lock(tx, recovery_id, actor)
    if found is None:
        return TransactionResult(Answer(notice=registry.localizer("en", "UTC").text("error.unknown"), is_refused=True))
    recovery, version = found
    localizer = registry.localizer(recovery.language, recovery.timezone)
    if member and not may_see(recovery, actor):
        return TransactionResult(
            Answer(notice=localizer.text("refused.outsider"), language=localizer.language, is_refused=True)
        )
    flow = registry.get_version(tx, recovery.flow, recovery.flow_version)
    shown = partial(_requested_card, flow, told, localizer)
    said = partial(Answer, recovery_id=recovery_id, language=localizer.language, place=recovery.place)
    if not recoveries.claim_event(tx, inbox_id(told.event_id, actor), recovery_id, now):
        return TransactionResult(said(card=shown(recovery)))
    try:
        event = read(flow, recovery, localizer, now)
    except TrustRecoverError:
        return TransactionResult(said(notice=localizer.text("error.gone"), card=shown(recovery)))
    if isinstance(event, FormErrors):
        return TransactionResult(said(errors=event.by_input, card=shown(recovery)))
    after, effects = advance(flow, recovery, event, now)
    opened = next((effect for effect in effects if isinstance(effect, ShowDialog)), None)
    answer = said(dialog=_dialog(flow, after, opened, localizer), card=shown(after))
    if after is recovery and len(effects) == (opened is not None):
        return TransactionResult(answer)
    save_transitions(tx, [prepare_transition(registry, flow, after, version, event, effects, now)], now)
    return TransactionResult(answer, effects, has_changes=True)


def constant_event(event: Event) -> EventReader:
    """Read as this event, whatever the recovery is like."""
    return lambda _flow, _recovery, _voice, _now: event


def inbox_id(event_id: str, actor: Person) -> str:
    """An event's id, unique over platforms and workspaces."""
    return f"{actor.platform}:{actor.workspace}:{event_id}"


def _requested_card(
    flow: Flow, told: EventRequest | ButtonTap | FormSubmission, localizer: Localizer, recovery: Recovery
) -> Card | None:
    """The card as it is then, for who asked to be answered with it."""
    return guide_card(flow, recovery, told.actor, localizer) if told.wants_card else None


def _dialog(flow: Flow, recovery: Recovery, opened: ShowDialog | None, localizer: Localizer) -> Form | Panel | None:
    if opened is None:
        return None
    return (
        more_panel(flow, recovery, localizer)
        if opened.dialog_id == "more"
        else forms.dialog_form(flow, recovery, opened.dialog_id, localizer)
    )
