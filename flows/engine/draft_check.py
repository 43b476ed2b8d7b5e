"""The responder's own words: what the coach said of them, what was taken of it, and how to go back.

A hint never stops anything: whatever it says, the words stay as they were written until the responder changes them.
"""

from dataclasses import replace

from flows.engine.transitions import Transition
from flows.state.copying import replace_fields
from flows.state.draft_events import CheckDraft, DismissHint, ShowMoreHints, UndoDraft, UseBetterWording
from flows.state.effects import CountHint, Effect
from flows.state.recovery import Recovery
from flows.state.words import MAX_EARLIER_DRAFTS, CheckedText, DraftCheck, HintOutcome, WordHint

SHOWN, TAKEN, DISMISSED, CLEARED = "shown", "taken", "dismissed", "cleared"


def check_draft(recovery: Recovery, event: CheckDraft) -> Transition:
    """Keep a draft with its hints. Hints that were put away stay away, as long as their sentences stay."""
    return _with_draft(recovery, _next_draft(recovery.draft_check, event.checked_text), ())


def use_better_wording(recovery: Recovery, event: UseBetterWording) -> Transition:
    """Keep the draft with a better sentence in it."""
    hint = _hint(recovery, event.hint_key)
    if hint is None:
        return recovery, ()
    return _with_draft(
        recovery, _next_draft(recovery.draft_check, event.checked_text), (count_hint(recovery, hint, TAKEN),)
    )


def dismiss_hint(recovery: Recovery, event: DismissHint) -> Transition:
    """Put a hint away; the next one comes into view."""
    draft, hint = recovery.draft_check, _hint(recovery, event.hint_key)
    if draft is None or hint is None:
        return recovery, ()
    dismissed_draft = replace(draft, dismissed_keys=(*draft.dismissed_keys, hint.key))
    outcome = DISMISSED if event.is_meant else CLEARED
    return _with_draft(recovery, dismissed_draft, (count_hint(recovery, hint, outcome),))


def undo_draft(recovery: Recovery, _event: UndoDraft) -> Transition:
    """Bring the wording before back."""
    draft = recovery.draft_check
    if draft is None or not draft.earlier:
        return recovery, ()
    return _with_draft(recovery, replace(draft, current=draft.earlier[-1], earlier=draft.earlier[:-1]), ())


def show_more_hints(recovery: Recovery, _event: ShowMoreHints) -> Transition:
    """Bring all hints into view."""
    draft = recovery.draft_check
    return _with_draft(recovery, replace(draft, shows_more=True), ()) if draft else (recovery, ())


def _next_draft(draft: DraftCheck | None, checked_text: CheckedText) -> DraftCheck:
    if draft is None:
        return DraftCheck(checked_text)
    is_same_text = draft.current.text == checked_text.text
    earlier = draft.earlier if is_same_text else (*draft.earlier, draft.current)[-MAX_EARLIER_DRAFTS:]
    return replace(draft, current=checked_text, earlier=earlier, shows_more=False)


def _with_draft(recovery: Recovery, draft: DraftCheck, counts: tuple[Effect, ...]) -> Transition:
    """The recovery with the draft. Hints that come into view are counted, each once."""
    earlier_draft = recovery.draft_check
    earlier_keys = {hint.key for hint in earlier_draft.hints_in_view} if earlier_draft else set()
    shown_hints = [hint for hint in draft.hints_in_view if hint.key not in earlier_keys]
    return replace_fields(recovery, draft_check=draft), (
        *counts,
        *(count_hint(recovery, hint, SHOWN) for hint in shown_hints),
    )


def _hint(recovery: Recovery, key: str) -> WordHint | None:
    draft = recovery.draft_check
    return next((hint for hint in draft.hints if hint.key == key), None) if draft else None


def count_hint(recovery: Recovery, hint: WordHint, outcome: str) -> CountHint:
    """Count what became of a hint of the responder's."""
    return CountHint(recovery.responder, HintOutcome(hint.rule_id, recovery.language, outcome))
