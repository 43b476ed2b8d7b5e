"""What "More" opens: everything else that can be done now, in a few groups."""

from hashlib import sha256

from flows.definition.model import FieldKind, Flow
from flows.engine.navigation import previous_step
from flows.screens.elements import Button, Group, Panel, Row
from flows.state.entries import Commitment, CommitmentState, Entry, Fact
from flows.state.recovery import Recovery, SummaryVersion
from flows.wording.entry_text import entry_text
from flows.wording.localization import Localizer

SNOOZE_MINUTES = (2, 5, 15)
"""Minutes that a snooze can last."""


def more_panel(flow: Flow, recovery: Recovery, localizer: Localizer) -> Panel:
    """The panel for the responder."""
    groups = (
        Group(localizer.text("more.notes"), _note_rows(flow, recovery, localizer)),
        Group(localizer.text("more.move"), _move_rows(flow, recovery, localizer)),
        Group(localizer.text("more.why"), _why_rows(flow, recovery, localizer)),
        Group(localizer.text("more.pace"), _pace_rows(recovery, localizer)),
        Group(localizer.text("more.people"), _people_rows(recovery, localizer)),
        Group(localizer.text("more.record"), tuple(_entry_row(flow, entry, localizer) for entry in recovery.entries)),
        Group(localizer.text("more.end"), _end_rows(recovery, localizer)),
    )
    filled = tuple(group for group in groups if group.rows)
    title = localizer.text("more.title", account=recovery.account)
    return Panel(recovery.id, recovery.card_revision, title, filled, position_text(flow, recovery, localizer))


def position_text(flow: Flow, recovery: Recovery, localizer: Localizer) -> str:
    """At which step the talk is, in one line."""
    title = localizer(flow.steps[recovery.step].title)
    if recovery.closed_at is not None:
        return localizer.text("more.closed")
    if recovery.step not in flow.numbered_steps:
        return title
    number, total = str(flow.numbered_steps.index(recovery.step) + 1), str(len(flow.numbered_steps))
    return f"{localizer.text('card.progress', number=number, total=total)} · {title}"


def _note_rows(flow: Flow, recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    fields = flow.steps[recovery.step if recovery.closed_at is None else flow.closing_step].fields
    buttons = tuple(
        Button(localizer(field.label), f"open:note:{name}")
        for name, field in fields.items()
        if field.kind is not FieldKind.DISPUTE or any(entry.value.kind == "fact" for entry in recovery.entries)
    )
    rows = [Row("", buttons)] if buttons else []
    if (
        recovery.client_message
        and flow.first_field_of(FieldKind.FACT)
        and not _is_noted(recovery, recovery.client_message)
    ):
        rows.append(
            Row(
                f"“{recovery.client_message}”",
                (Button(localizer.text("button.take"), f"take:{text_digest(recovery.client_message)}"),),
            )
        )
    return tuple(rows)


def text_digest(text: str) -> str:
    """A few letters that stand for a text, so that a tap means the words that were in view."""
    return sha256(text.encode()).hexdigest()[:8]


def _is_noted(recovery: Recovery, text: str) -> bool:
    """Whether these words are a fact already: to take them a second time would note them twice."""
    return any(isinstance(entry.value, Fact) and entry.value.text == text for entry in recovery.entries)


def _why_rows(flow: Flow, recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    why = localizer(flow.steps[recovery.step].why)
    return (Row(why, ()),) if why and recovery.closed_at is None else ()


def _move_rows(flow: Flow, recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    if recovery.closed_at is not None:
        return ()
    near = []
    if recovery.is_previewing_summary:
        near.append(Button(localizer.text("button.resume"), "back"))
    else:
        near += [Button(localizer.text("button.back"), "back")] if previous_step(recovery) else []
        near += (
            [Button(localizer.text("button.skip"), "skip")] if flow.next_step(recovery.step) != recovery.step else []
        )
    jumps = tuple(
        Button(f"{number}. {localizer(flow.steps[step].title)}", f"jump:{step}")
        for number, step in enumerate(flow.numbered_steps, 1)
        if step != recovery.step
    )
    closing = () if recovery.step == flow.closing_step else (_jump_to_close(flow, localizer),)
    rows = (Row("", tuple(near)), Row(localizer.text("more.jump"), (*jumps, *closing)))
    return tuple(row for row in rows if row.buttons)


def _jump_to_close(flow: Flow, localizer: Localizer) -> Button:
    return Button(localizer(flow.steps[flow.closing_step].title), f"jump:{flow.closing_step}")


def _pace_rows(recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    if recovery.closed_at is not None and not recovery.is_quiet:
        return (Row("", (Button(localizer.text("button.quiet_on"), "quiet:on"),)),)
    if recovery.is_quiet:
        return (Row("", (Button(localizer.text("button.quiet_off"), "quiet:off"),)),)
    snoozes = (Button(localizer.text("button.snooze", minutes=str(m)), f"snooze:{m}") for m in SNOOZE_MINUTES)
    return (Row("", (*snoozes, Button(localizer.text("button.quiet_on"), "quiet:on"))),)


def _people_rows(recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    invite = Button(localizer.text("button.observe"), "open:observe")
    hand_over = Button(localizer.text("button.hand_over"), "open:hand_over")
    watching = (
        Row(person.name or person.user_id, (Button(localizer.text("button.unobserve"), f"unobserve:{person.user_id}"),))
        for person in recovery.observers
    )
    return (Row("", (hand_over, invite)), *watching)


def _entry_row(flow: Flow, entry: Entry, localizer: Localizer) -> Row:
    field = flow.field(entry.field_id)
    label = f"{localizer(field.label)}: " if field else ""
    buttons = [Button(localizer.text("button.edit"), f"open:edit:{entry.id}")]
    if isinstance(entry.value, Commitment) and entry.value.state in {CommitmentState.OPEN, CommitmentState.LATE}:
        buttons.insert(0, Button(localizer.text("button.kept"), f"kept:{entry.id}"))
    buttons.append(Button(localizer.text("button.remove"), f"remove:{entry.id}"))
    return Row(label + entry_text(flow, entry, localizer), tuple(buttons))


def _end_rows(recovery: Recovery, localizer: Localizer) -> tuple[Row, ...]:
    versions = (
        (SummaryVersion.CLIENT,) if recovery.has_external_users else (SummaryVersion.INTERNAL, SummaryVersion.CLIENT)
    )
    buttons = [Button(localizer.text(f"button.show.{version}"), f"preview:{version}") for version in versions]
    last = ("reopen", "reopen") if recovery.closed_at is not None else ("stop", "close")
    return (Row("", (*buttons, Button(localizer.text(f"button.{last[0]}"), last[1]))),)
