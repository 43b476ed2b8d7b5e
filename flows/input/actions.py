"""What a button's action means: made in `guide` and `panel`, it travels through a platform and comes back here."""

from dataclasses import replace

from flows.definition.model import FieldKind, Flow
from flows.errors import UnknownAction
from flows.screens.panel import SNOOZE_MINUTES, text_digest
from flows.state.entries import Commitment, CommitmentState, Fact
from flows.state.events import (
    ChooseGate,
    CloseRecovery,
    EditEntry,
    Event,
    GoBack,
    JumpToStep,
    OpenDialog,
    PostSummary,
    PreviewSummary,
    RecordEntry,
    RemoveEntry,
    RemoveObserver,
    ReopenRecovery,
    SetQuiet,
    SkipStep,
    SnoozeNudge,
)
from flows.state.identity import Person
from flows.state.recovery import Recovery, SummaryVersion

VALID_ON_ANY_REVISION = frozenset({"open", "kept"})
"""They mean the same on every card, and beside it."""


def event_from_action(flow: Flow, recovery: Recovery, action: str, card_revision: int, actor: Person) -> Event:  # noqa: C901, PLR0911, PLR0912 - one line an action: a table
    """The event that a tap means.

    Raises:
        UnreadableAction: the guide makes no such button.

    """
    kind, _, subject = action.partition(":")
    if card_revision != recovery.card_revision and kind not in VALID_ON_ANY_REVISION:
        return ChooseGate(actor, subject, card_revision)  # of an earlier card: the engine says where the talk is
    match kind:
        case "choose":
            return ChooseGate(actor, subject, card_revision)
        case "back":
            return GoBack(actor, card_revision)
        case "skip":
            return SkipStep(actor, card_revision)
        case "jump":
            return JumpToStep(actor, subject, card_revision)
        case "open":
            return OpenDialog(actor, subject)
        case "snooze" if subject in {str(minutes) for minutes in SNOOZE_MINUTES}:
            return SnoozeNudge(actor, int(subject))
        case "quiet" if subject in {"on", "off"}:
            return SetQuiet(actor, subject == "on")
        case "remove":
            return RemoveEntry(actor, subject)
        case "kept":
            return _mark_kept(recovery, subject, actor)
        case "take":
            return _take_client_message(flow, recovery, subject, actor)
        case "unobserve":
            return RemoveObserver(actor, _observer(recovery, subject))
        case "preview" if subject in set(SummaryVersion):
            return PreviewSummary(actor, SummaryVersion(subject))
        case "post" if subject in set(SummaryVersion):
            return PostSummary(actor, SummaryVersion(subject), card_revision)
        case "close":
            return CloseRecovery(actor)
        case "reopen":
            return ReopenRecovery(actor)
        case _:
            raise UnknownAction


def _mark_kept(recovery: Recovery, entry_id: str, actor: Person) -> Event:
    """An entry that is gone or no commitment is answered by the engine."""
    entry = recovery.entry(entry_id)
    promise = entry.value if entry and isinstance(entry.value, Commitment) else Commitment("", "")
    return EditEntry(actor, entry_id, replace(promise, state=CommitmentState.KEPT))


def _take_client_message(flow: Flow, recovery: Recovery, seen: str, actor: Person) -> Event:
    """The words that were in view, or none: the client may have written again."""
    field = flow.first_field_of(FieldKind.FACT)
    if field is None or not recovery.client_message or seen not in {"", text_digest(recovery.client_message)}:
        raise UnknownAction
    return RecordEntry(actor, field, Fact(recovery.client_message))


def _observer(recovery: Recovery, user: str) -> Person:
    known = (person for person in recovery.observers if person.user_id == user)
    responder = recovery.responder
    return next(known, Person(responder.platform, responder.workspace, user))
