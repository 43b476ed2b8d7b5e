"""The card that shows a summary: as it would be posted, what changed since it was, and the buttons to post it."""

from flows.action_ids import Action, ActionKind, FormKind
from flows.definition.model import Flow
from flows.screens.buttons import action_button, form_button, more_button
from flows.screens.draft_panel import better_line
from flows.screens.elements import Button, ButtonRow, Chip, ChipRow, Element, Progress, SummaryText, TextLine, Tone
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.wording.document import BULLET
from flows.wording.localization import Localizer
from flows.wording.summaries.changes import TextChanges, text_changes
from flows.wording.summaries.documents import summary_document

MAX_CHANGES = 3
"""Changed lines in view."""
MAX_CHANGE_CHARACTERS = 120


def summary_elements(flow: Flow, recovery: Recovery, localizer: Localizer, *, leads: bool) -> tuple[Element, ...]:
    """The summary that may be posted now. `leads`: whether it is for the responder, who can post it."""
    version = recovery.postable_version
    document = summary_document(flow, recovery, version, localizer)
    posted_summary = recovery.posted_summary(version)
    changes = text_changes(posted_summary.text, document.text) if posted_summary else None
    is_posted = version in recovery.versions_in_thread
    state = "changed" if changes else "posted" if is_posted else "check"
    elements: list[Element] = [
        Progress(
            0, len(flow.numbered_steps), localizer.text(f"summary.name.{version}"), localizer.text("card.summary"), ()
        ),
        TextLine(localizer.text(f"summary.{state}"), Tone.INSTRUCTION),
    ]
    if recovery.has_external_users:
        elements.append(TextLine(localizer.text("summary.shared"), Tone.NOTICE))
    if changes:
        elements.append(TextLine(_changes_text(changes, localizer)))
    elements += _hint(recovery, document.text, localizer) if leads else []
    elements.append(SummaryText(document))
    if leads:
        buttons = _buttons(recovery, localizer, can_post=changes is None or bool(changes), is_posted=is_posted)
        elements.append(ButtonRow((*buttons, more_button(localizer.text("button.more")))))
    return tuple(elements)


def _hint(recovery: Recovery, text: str, localizer: Localizer) -> list[Element]:
    """The gravest hint on the client's summary, as long as its sentence stands there."""
    draft = recovery.draft(SummaryVersion.CLIENT)
    hints = draft.hints if draft and recovery.postable_version is SummaryVersion.CLIENT else ()
    hint = next((hint for hint in hints if hint.sentence in text), None)
    if hint is None:
        return []
    keep = Chip(localizer.text("words.keep"), Action(ActionKind.KEEP_IN_SUMMARY, hint.key).encode())
    why = TextLine(localizer.text("words.why", words=hint.words, why=hint.why), Tone.NOTICE)
    if hint.better is None:
        return [why, ChipRow(localizer.text("words.hints"), (keep,), hides_label=True)]
    use = Chip(localizer.text("words.use"), Action(ActionKind.USE_IN_SUMMARY, hint.key).encode())
    return [why, ChipRow(better_line(hint.better, localizer), (use, keep))]


def readers_question(recovery: Recovery, version: SummaryVersion, localizer: Localizer) -> str:
    """What is asked before a summary is posted: who will read it. Empty if nothing is asked."""
    if version is SummaryVersion.CLIENT:
        return localizer.text("button.post_sure.client") if recovery.has_external_users else ""
    if recovery.client_wrote_at:
        name = recovery.client_name or recovery.account
        return localizer.text("button.post_sure.client_wrote", name=name)
    return localizer.text("button.post_sure.internal")


def _buttons(recovery: Recovery, localizer: Localizer, *, can_post: bool, is_posted: bool) -> list[Button]:
    """Mid-way, the way back comes first. What is not in view is shown before it can be posted."""
    version = recovery.postable_version
    edit = form_button(localizer.text("button.edit"), FormKind.SUMMARY, version)
    label = localizer.text(f"button.{'post_again' if is_posted else 'post'}.{version}")
    is_mid_way = recovery.closed_at is None
    question = readers_question(recovery, version, localizer)
    post = action_button(label, ActionKind.POST, version, is_main=not is_mid_way, confirmation=question)
    buttons = [action_button(localizer.text("button.resume"), ActionKind.BACK, is_main=True)] if is_mid_way else []
    buttons += [post] if can_post else []
    if not is_mid_way and not recovery.has_external_users:
        other = SummaryVersion.CLIENT if version is SummaryVersion.INTERNAL else SummaryVersion.INTERNAL
        buttons.append(action_button(localizer.text(f"button.see_to_post.{other}"), ActionKind.PREVIEW, other))
    return [*buttons, edit]


def _changes_text(changes: TextChanges, localizer: Localizer) -> str:
    """The changed lines, the new ones first."""
    lines = [localizer.text("summary.new_line", text=_shorten(line)) for line in changes.new_lines]
    lines += [localizer.text("summary.old_line", text=_shorten(line)) for line in changes.old_lines]
    hidden_count = len(lines) - MAX_CHANGES
    more = [localizer.text("card.more_notes", count=str(hidden_count))] if hidden_count > 0 else []
    return "\n".join([*lines[:MAX_CHANGES], *more])


def _shorten(line: str) -> str:
    line = line.removeprefix(BULLET)
    return line if len(line) <= MAX_CHANGE_CHARACTERS else line[: MAX_CHANGE_CHARACTERS - 1].rstrip() + "…"
