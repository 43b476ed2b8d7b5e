"""The responder's own words with the coach's hints on them: at most one in view, the others behind "more"."""

from flows.action_ids import ActionKind, FormId, FormKind
from flows.definition.model import Flow
from flows.limits import MAX_TEXT_CHARACTERS
from flows.screens.buttons import action_button, form_button
from flows.screens.elements import Group, Panel, Row
from flows.screens.inputs import Form, TextInput
from flows.state.recovery import Recovery
from flows.state.words import CheckedText, DraftCheck, WordHint
from flows.wording.localization import Localizer
from flows.wording.phrases import filled_phrase


def check_form(flow: Flow, recovery: Recovery, localizer: Localizer, now: float) -> Form:
    """Asks for the words to check: the last ones that were checked, or what the guide says to say, to begin with."""
    draft = recovery.draft_check
    words = draft.current.text if draft else filled_phrase(flow, recovery, now) or ""
    text = TextInput(
        "text",
        localizer.text("words.label"),
        words if len(words) <= MAX_TEXT_CHARACTERS else "",
        localizer.text("words.hint"),
        MAX_TEXT_CHARACTERS,
        is_multiline=True,
        is_required=True,
    )
    return Form(
        FormId(FormKind.CHECK).encode(),
        localizer.text("words.title"),
        (text,),
        localizer.text("words.check"),
        replaces_dialog=True,
    )


def draft_panel(recovery: Recovery, localizer: Localizer) -> Panel | None:
    """The words that were checked; None if none were."""
    draft = recovery.draft_check
    if draft is None:
        return None
    groups = (_draft_group(draft, localizer), _hint_group(draft, localizer))
    return Panel(
        recovery.id,
        recovery.card_revision,
        localizer.text("words.title"),
        tuple(group for group in groups if group.rows),
        stays_open=True,
    )


def checked_text_panel(checked_text: CheckedText, localizer: Localizer) -> Panel:
    """Words that were checked without a recovery: there is nothing to keep, and so nothing to tap."""
    rows = (
        Row(checked_text.text, (), must_stay=True, is_copyable=True),
        *(Row(line, ()) for line in _hint_lines(checked_text, localizer)),
    )
    return Panel("", 0, localizer.text("words.title"), (Group(localizer.text("words.yours"), rows),))


def refusal_panel(problem: str, localizer: Localizer) -> Panel:
    """Why words cannot be checked."""
    return Panel("", 0, localizer.text("words.title"), (Group("", (Row(problem, ()),)),))


def checked_text_summary(checked_text: CheckedText, localizer: Localizer) -> str:
    """The gravest hint, or what is missing, in a few lines."""
    return "\n".join(_hint_lines(checked_text, localizer))


def _hint_lines(checked_text: CheckedText, localizer: Localizer) -> list[str]:
    if not checked_text.hints:
        return [checked_text.missing[0] if checked_text.missing else localizer.text("words.none")]
    hint = checked_text.hints[0]
    lines = [localizer.text("words.why", words=hint.words, why=hint.why)]
    if hint.better is not None:
        lines.append(better_line(hint.better, localizer))
    return lines


def better_line(better: str, localizer: Localizer) -> str:
    """A better sentence, or that the sentence is better left out."""
    return localizer.text("words.better", text=better) if better else localizer.text("words.leave_out")


def _draft_group(draft: DraftCheck, localizer: Localizer) -> Group:
    edit = form_button(localizer.text("button.edit"), FormKind.CHECK)
    rows = [Row(draft.current.text, (edit,), must_stay=True, is_copyable=True)]
    if draft.earlier:
        rows.append(Row("", (action_button(localizer.text("button.undo"), ActionKind.UNDO_WORDING),)))
    return Group(localizer.text("words.yours"), tuple(rows))


def _hint_group(draft: DraftCheck, localizer: Localizer) -> Group:
    """The hints in view; with none, one line on what is missing, or that there is nothing."""
    hints = draft.hints_in_view
    rows = [row for hint in hints for row in _hint_rows(hint, localizer)]
    if hidden_count := len(draft.hints) - len(hints):
        label = localizer.text("words.more", count=str(hidden_count))
        rows.append(Row("", (action_button(label, ActionKind.SHOW_HINTS),)))
    if not hints:
        rows.append(Row(draft.current.missing[0] if draft.current.missing else localizer.text("words.none"), ()))
    return Group(localizer.text("words.hints"), tuple(rows))


def _hint_rows(hint: WordHint, localizer: Localizer) -> tuple[Row, ...]:
    keep = action_button(localizer.text("words.keep"), ActionKind.KEEP_WORDING, hint.key)
    hide = action_button(localizer.text("words.hide"), ActionKind.HIDE_HINT, hint.key)
    why = localizer.text("words.why", words=hint.words, why=hint.why)
    if hint.better is None:
        return (Row(why, ()), Row("", (keep, hide)))
    use = action_button(localizer.text("words.use"), ActionKind.USE_WORDING, hint.key, is_main=True)
    return (Row(f"{why}\n{better_line(hint.better, localizer)}", (use, keep, hide)),)
