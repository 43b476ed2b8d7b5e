"""What the responder does with words that the coach checks: the event of a form or a tap."""

from flows.action_ids import Action, ActionKind
from flows.coach.coach import Coach
from flows.coach.recovery_context import checked_text, summary_hints
from flows.definition.model import Flow
from flows.errors import UnknownAction
from flows.input.form_reader import FormReader
from flows.limits import MAX_TEXT_CHARACTERS
from flows.state.draft_events import CheckDraft, DismissHint, ShowMoreHints, UndoDraft, UseBetterWording
from flows.state.events import Event
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import DismissSummaryHint, EditSummary
from flows.state.words import WordHint

DRAFT_ACTIONS = frozenset(
    {
        ActionKind.USE_WORDING,
        ActionKind.KEEP_WORDING,
        ActionKind.HIDE_HINT,
        ActionKind.UNDO_WORDING,
        ActionKind.SHOW_HINTS,
    }
)
"""Taps on the panel of the responder's own words. They mean the same at any revision of the card."""
DraftEvent = CheckDraft | UseBetterWording | DismissHint | UndoDraft | ShowMoreHints


def draft_from_form(flow: Flow, recovery: Recovery, reader: FormReader, actor: Person, coach: Coach) -> CheckDraft:
    """The words to be checked, with what the coach says of them."""
    text = reader.text("text", MAX_TEXT_CHARACTERS)
    return CheckDraft(actor, checked_text(coach, flow, recovery, text, reader.now))


def draft_event(flow: Flow, recovery: Recovery, action: Action, actor: Person, coach: Coach, now: float) -> DraftEvent:
    """What a tap beside the draft means.

    Raises:
        UnknownAction: the hint is gone.

    """
    match action.kind:
        case ActionKind.UNDO_WORDING:
            return UndoDraft(actor)
        case ActionKind.SHOW_HINTS:
            return ShowMoreHints(actor)
        case ActionKind.USE_WORDING:
            text = _with_better_sentence(recovery, action.subject)
            return UseBetterWording(actor, action.subject, checked_text(coach, flow, recovery, text, now))
        case _:
            return DismissHint(actor, action.subject, action.kind is ActionKind.KEEP_WORDING)


def summary_hint_event(
    flow: Flow, recovery: Recovery, action: Action, actor: Person, coach: Coach, now: float
) -> Event:
    """What a tap on a hint on the client's summary means.

    Raises:
        UnknownAction: the hint is gone.

    """
    draft = recovery.draft(SummaryVersion.CLIENT)
    hint = next((hint for hint in draft.hints if hint.key == action.subject), None) if draft else None
    if draft is None or hint is None:
        raise UnknownAction
    if action.kind is ActionKind.KEEP_IN_SUMMARY:
        return DismissSummaryHint(actor, hint.key)
    text = _with_better(draft.text, hint)
    hints = summary_hints(coach, flow, recovery, SummaryVersion.CLIENT, text, now)
    return EditSummary(actor, SummaryVersion.CLIENT, text, draft.original_parts, hints, hint)


def _with_better_sentence(recovery: Recovery, hint_key: str) -> str:
    """The draft with the hint's better sentence in the place of the one that it is about."""
    draft = recovery.draft_check
    hint = next((hint for hint in draft.hints if hint.key == hint_key), None) if draft else None
    if draft is None or hint is None:
        raise UnknownAction
    return _with_better(draft.current.text, hint)


def _with_better(text: str, hint: WordHint) -> str:
    if hint.better is None or hint.sentence not in text:
        raise UnknownAction
    before, _sentence, after = text.partition(hint.sentence)
    if not hint.better:
        after = after.lstrip(" ")
    return f"{before}{hint.better}{after}".strip()
