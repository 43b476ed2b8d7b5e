"""What "More" opens: everything else that can be done now, in a few groups."""

from dataclasses import replace
from hashlib import sha256

from flows.action_ids import ActionKind, FormKind
from flows.definition.model import FieldKind, Flow
from flows.engine.navigation import previous_step
from flows.screens.buttons import action_button, edit_button, form_button
from flows.screens.elements import Group, Panel, Row
from flows.state.entries import Commitment, CommitmentState, Entry
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.wording.entry_text import entry_text
from flows.wording.localization import Localizer

SNOOZE_MINUTES = (2, 5, 15)
"""Minutes that a snooze can last."""


def more_panel(flow: Flow, recovery: Recovery, localizer: Localizer) -> Panel:
    """The panel for the responder."""
    first_title = localizer.text("more.steps" if recovery.closed_at is None else "more.end")
    groups = (
        Group(first_title, _step_rows(flow, recovery, localizer)),
        Group(localizer.text("more.people"), _people_rows(recovery, localizer)),
        Group(
            localizer.text("more.notes"),
            (*_note_rows(flow, recovery, localizer), *_entry_rows(flow, recovery, localizer)),
        ),
    )
    title, position = panel_title(recovery, localizer), position_text(flow, recovery, localizer)
    return Panel(recovery.id, recovery.card_revision, title, tuple(group for group in groups if group.rows), position)


def panel_title(recovery: Recovery, localizer: Localizer) -> str:
    """The title of the panel."""
    return localizer.text("more.title", account=recovery.account)


def position_text(flow: Flow, recovery: Recovery, localizer: Localizer) -> str:
    """At which step the recovery is, in one line."""
    title = localizer(flow.steps[recovery.step].title)
    if recovery.closed_at is not None:
        return localizer.text("more.closed")
    if recovery.step not in flow.numbered_steps:
        return title
    number, total = str(flow.numbered_steps.index(recovery.step) + 1), str(len(flow.numbered_steps))
    return f"{localizer.text('card.progress', number=number, total=total)} · {title}"


def _step_rows(flow: Flow, recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    """Everything about the way through the steps: to any of them, reminders, the summaries and the end."""
    return (
        *_move_rows(flow, recovery, localizer),
        *_pace_rows(recovery, localizer),
        *_end_rows(recovery, localizer),
        *_why_rows(flow, recovery, localizer),
    )


def _note_rows(flow: Flow, recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    """What can be noted now: the fields of the step, and the messages of the client that were not noted."""
    fields = flow.steps[recovery.step if recovery.closed_at is None else flow.closing_step].fields
    buttons = tuple(
        form_button(localizer(field.label), FormKind.NOTE, field_id)
        for field_id, field in fields.items()
        if field.kind is not FieldKind.DISPUTE or any(entry.value.kind == "fact" for entry in recovery.entries)
    )
    check_words = form_button(localizer.text("words.title"), FormKind.CHECK)
    rows = [Row("", (*buttons, check_words))]
    if flow.first_field_of(FieldKind.FACT):
        messages = [*recovery.earlier_client_messages, *filter(None, (recovery.client_message,))]
        rows += [_message_row(message, localizer) for message in reversed(messages)]
    return tuple(rows)


def _message_row(message: str, localizer: Localizer) -> Row:
    take = action_button(localizer.text("button.take"), ActionKind.TAKE, text_digest(message))
    return Row(f"“{message}”", (take,), must_stay=True)


def text_digest(text: str) -> str:
    """A few letters that stand for a text, so that a tap means the words that were in view."""
    return sha256(text.encode()).hexdigest()[:8]


def _why_rows(flow: Flow, recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    why = localizer(flow.steps[recovery.step].why)
    return (Row(why, ()),) if why and recovery.closed_at is None else ()


def _move_rows(flow: Flow, recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    if recovery.closed_at is not None:
        return ()
    neighbours = []
    if recovery.is_previewing_summary:
        neighbours.append(action_button(localizer.text("button.resume"), ActionKind.BACK))
    else:
        if previous_step(recovery):
            neighbours.append(action_button(localizer.text("button.back"), ActionKind.BACK))
        if flow.next_step(recovery.step) != recovery.step:
            neighbours.append(action_button(localizer.text("button.skip"), ActionKind.SKIP))
    labels = {
        step: f"{number} {localizer(flow.steps[step].title)}" for number, step in enumerate(flow.numbered_steps, 1)
    }
    labels[flow.closing_step] = localizer(flow.steps[flow.closing_step].title)
    jumps = (
        replace(action_button(label, ActionKind.JUMP, step), is_current=step == recovery.step)
        for step, label in labels.items()
    )
    rows = (Row("", tuple(jumps), is_strip=True), Row("", tuple(neighbours)))
    return tuple(row for row in rows if row.buttons)


def _pace_rows(recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    if recovery.is_quiet:
        return (Row("", (action_button(localizer.text("button.quiet_off"), ActionKind.QUIET, "off"),)),)
    quiet = action_button(localizer.text("button.quiet_on"), ActionKind.QUIET, "on")
    if recovery.closed_at is not None:
        return (Row("", (quiet,)),)
    snoozes = (
        action_button(localizer.text("button.snooze", minutes=str(minutes)), ActionKind.SNOOZE, str(minutes))
        for minutes in SNOOZE_MINUTES
    )
    return (Row("", (*snoozes, quiet)),)


def _people_rows(recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    hand_over = form_button(localizer.text("button.hand_over"), FormKind.HAND_OVER)
    invite = form_button(localizer.text("button.observe"), FormKind.OBSERVE)
    return (Row("", (hand_over, invite)), *(_observer_row(person, localizer) for person in recovery.observers))


def _observer_row(person: Person, localizer: Localizer) -> Row:
    remove = action_button(localizer.text("button.unobserve"), ActionKind.UNOBSERVE, person.user_id)
    return Row(person.name or person.user_id, (remove,))


def _entry_rows(flow: Flow, recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    """What was noted so far, the removed entry that can be brought back first."""
    rows = [_entry_row(flow, entry, localizer) for entry in recovery.entries]
    removed_entry = recovery.removed_entry
    if removed_entry is not None:
        text = localizer.text("more.removed", text=entry_text(flow, removed_entry, localizer))
        undo = action_button(localizer.text("button.undo"), ActionKind.RESTORE, removed_entry.id)
        rows.insert(0, Row(text, (undo,), must_stay=True))
    return tuple(rows)


def _entry_row(flow: Flow, entry: Entry, localizer: Localizer) -> Row:
    field = flow.field(entry.field_id)
    label = f"{localizer(field.label)}: " if field else ""
    buttons = [edit_button(entry.id, localizer)]
    if isinstance(entry.value, Commitment) and entry.value.state in {CommitmentState.OPEN, CommitmentState.LATE}:
        buttons.insert(0, action_button(localizer.text("button.kept"), ActionKind.KEPT, entry.id))
    buttons.append(action_button(localizer.text("button.remove"), ActionKind.REMOVE, entry.id))
    return Row(label + entry_text(flow, entry, localizer), tuple(buttons))


def _end_rows(recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    versions = (
        (SummaryVersion.CLIENT,) if recovery.has_external_users else (SummaryVersion.INTERNAL, SummaryVersion.CLIENT)
    )
    previews = [
        action_button(localizer.text(f"button.show.{version}"), ActionKind.PREVIEW, version) for version in versions
    ]
    last = (
        action_button(localizer.text("button.stop"), ActionKind.CLOSE)
        if recovery.closed_at is None
        else action_button(localizer.text("button.reopen"), ActionKind.REOPEN)
    )
    return (Row("", (*previews, last)),)
