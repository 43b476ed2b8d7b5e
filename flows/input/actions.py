"""What a button's action means: made by a screen, it travels through a platform and comes back here."""

from dataclasses import replace

from flows.action_ids import SEPARATOR, Action, ActionKind, decode_action
from flows.coach.coach import NO_COACH, Coach
from flows.definition.model import CHIP_KINDS, FieldKind, Flow
from flows.errors import UnknownAction
from flows.input.drafts import DRAFT_ACTIONS, draft_event, summary_hint_event
from flows.screens.panel import SNOOZE_MINUTES, text_digest
from flows.state.entries import Commitment, CommitmentState, Fact, Moment
from flows.state.events import (
    ChooseGate,
    CloseRecovery,
    Event,
    GoBack,
    JumpToStep,
    OpenDialog,
    RemoveObserver,
    ReopenRecovery,
    RequestCard,
    SetQuiet,
    SkipStep,
    SnoozeNudge,
)
from flows.state.identity import Person
from flows.state.record_events import (
    ChooseOption,
    EditEntry,
    RecordEntry,
    RemoveEntry,
    RepeatFact,
    RestoreEntry,
    SnoozeReminder,
)
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PostSummary, PreviewSummary
from flows.wording.time_choices import choice_time

VALID_ON_ANY_REVISION = frozenset(
    {
        ActionKind.OPEN,
        ActionKind.GUIDE,
        ActionKind.KEPT,
        ActionKind.REMIND_LATER,
        ActionKind.UNOBSERVE,
        ActionKind.RESTORE,
        ActionKind.TAKE,
        ActionKind.REPEAT,
        ActionKind.LEAVE_OUT,
    }
)
"""They mean the same on every card, and beside it."""


def event_from_action(  # noqa: C901, PLR0911, PLR0912 - one line an action: a table
    flow: Flow,
    recovery: Recovery,
    action_text: str,
    card_revision: int,
    actor: Person,
    now: float,
    coach: Coach = NO_COACH,
) -> Event:
    """The event that a tap means.

    Raises:
        UnknownAction: the guide makes no such button.

    """
    action = decode_action(action_text)
    subject = action.subject
    if action.kind in DRAFT_ACTIONS:
        return draft_event(flow, recovery, action, actor, coach, now)
    if action.kind in {ActionKind.USE_IN_SUMMARY, ActionKind.KEEP_IN_SUMMARY}:
        return summary_hint_event(flow, recovery, action, actor, coach, now)
    if card_revision != recovery.card_revision and action.kind not in VALID_ON_ANY_REVISION:
        return ChooseGate(actor, subject, card_revision)  # of an earlier card: the engine says where the recovery is
    match action.kind:
        case ActionKind.CHOOSE:
            return ChooseGate(actor, subject, card_revision)
        case ActionKind.BACK:
            return GoBack(actor, card_revision)
        case ActionKind.SKIP:
            return SkipStep(actor, card_revision)
        case ActionKind.JUMP:
            return JumpToStep(actor, subject, card_revision)
        case ActionKind.OPEN:
            return OpenDialog(actor, subject)
        case ActionKind.GUIDE:
            return RequestCard(actor)
        case ActionKind.SNOOZE if subject in {str(minutes) for minutes in SNOOZE_MINUTES}:
            return SnoozeNudge(actor, int(subject))
        case ActionKind.QUIET if subject in {"on", "off"}:
            return SetQuiet(actor, subject == "on")
        case ActionKind.REMOVE:
            return RemoveEntry(actor, subject)
        case ActionKind.RESTORE:
            return RestoreEntry(actor, subject)
        case ActionKind.PICK | ActionKind.UNPICK:
            return _choice(flow, recovery, action, actor, now)
        case ActionKind.REPEAT | ActionKind.LEAVE_OUT:
            return RepeatFact(actor, subject, action.kind is ActionKind.REPEAT)
        case ActionKind.REMIND_LATER:
            return SnoozeReminder(actor, subject)
        case ActionKind.KEPT:
            return _mark_kept(recovery, subject, actor)
        case ActionKind.TAKE:
            return _take_client_message(flow, recovery, subject, actor)
        case ActionKind.UNOBSERVE:
            return RemoveObserver(actor, _observer(recovery, subject))
        case ActionKind.PREVIEW if subject in set(SummaryVersion):
            return PreviewSummary(actor, SummaryVersion(subject))
        case ActionKind.POST if subject in set(SummaryVersion):
            return PostSummary(actor, SummaryVersion(subject), card_revision)
        case ActionKind.CLOSE:
            return CloseRecovery(actor)
        case ActionKind.REOPEN:
            return ReopenRecovery(actor)
        case _:
            raise UnknownAction


def _mark_kept(recovery: Recovery, entry_id: str, actor: Person) -> Event:
    """An entry that is gone or no commitment is answered by the engine."""
    entry = recovery.entry(entry_id)
    if entry and isinstance(entry.value, Moment):
        return EditEntry(actor, entry_id, replace(entry.value, is_done=True))
    commitment = entry.value if entry and isinstance(entry.value, Commitment) else Commitment("", "")
    return EditEntry(actor, entry_id, replace(commitment, state=CommitmentState.KEPT))


def _take_client_message(flow: Flow, recovery: Recovery, digest: str, actor: Person) -> Event:
    """The words that were in view, as long as they wait to be noted."""
    field = flow.first_field_of(FieldKind.FACT)
    messages = (recovery.client_message, *recovery.earlier_client_messages)
    message = next((text for text in messages if text and digest == text_digest(text)), None)
    if field is None or message is None:
        raise UnknownAction
    return RecordEntry(actor, field, Fact(message))


def _choice(flow: Flow, recovery: Recovery, action: Action, actor: Person, now: float) -> Event:
    """What a chip means. A time is what the chip means now."""
    field_id, _, option = action.subject.partition(SEPARATOR)
    field = flow.field(field_id)
    if field is None or field.kind not in CHIP_KINDS:
        raise UnknownAction
    if field.kind is FieldKind.MOMENT and action.kind is ActionKind.PICK:
        time = choice_time(option, now, recovery.timezone)
        if time is None:
            raise UnknownAction
        return RecordEntry(actor, field_id, Moment(time))
    return ChooseOption(actor, field_id, option, action.kind is ActionKind.PICK)


def _observer(recovery: Recovery, user_id: str) -> Person:
    observers = (person for person in recovery.observers if person.user_id == user_id)
    responder = recovery.responder
    return next(observers, Person(responder.platform, responder.workspace, user_id))
