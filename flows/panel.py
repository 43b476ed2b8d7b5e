"""What "More" opens: everything else that can be done now, in a few groups."""

from hashlib import sha256

from flows.cards import Button, Group, Panel, Row
from flows.flow import FieldKind, Flow
from flows.recovery import Recovery, Version
from flows.talk import before
from flows.values import Commitment, Entry, Fact, Promise
from flows.voice import Voice
from flows.wording import worded

SNOOZES = (2, 5, 15)
"""Minutes that a snooze can last."""


def panel(flow: Flow, recovery: Recovery, voice: Voice) -> Panel:
    """The panel for the responder."""
    groups = (
        Group(voice.say("more.notes"), _note_rows(flow, recovery, voice)),
        Group(voice.say("more.move"), _move_rows(flow, recovery, voice)),
        Group(voice.say("more.why"), _why_rows(flow, recovery, voice)),
        Group(voice.say("more.pace"), _pace_rows(recovery, voice)),
        Group(voice.say("more.people"), _people_rows(recovery, voice)),
        Group(voice.say("more.record"), tuple(_entry_row(flow, entry, voice) for entry in recovery.entries)),
        Group(voice.say("more.end"), _end_rows(recovery, voice)),
    )
    filled = tuple(group for group in groups if group.rows)
    title = voice.say("more.title", account=recovery.account)
    return Panel(recovery.id, recovery.visit, title, filled, where(flow, recovery, voice))


def where(flow: Flow, recovery: Recovery, voice: Voice) -> str:
    """At which step the talk is, in one line."""
    title = voice(flow.steps[recovery.step].title)
    if recovery.closed_at is not None:
        return voice.say("more.closed")
    if recovery.step not in flow.numbered:
        return title
    number, total = str(flow.numbered.index(recovery.step) + 1), str(len(flow.numbered))
    return f"{voice.say('card.progress', number=number, total=total)} · {title}"


def _note_rows(flow: Flow, recovery: Recovery, voice: Voice) -> tuple[Row, ...]:
    fields = flow.steps[recovery.step if recovery.closed_at is None else flow.closing].fields
    buttons = tuple(
        Button(voice(field.label), f"open:note:{name}")
        for name, field in fields.items()
        if field.kind is not FieldKind.DISPUTE or any(entry.value.kind == "fact" for entry in recovery.entries)
    )
    rows = [Row("", buttons)] if buttons else []
    if recovery.heard and flow.first_of(FieldKind.FACT) and not _is_noted(recovery, recovery.heard):
        rows.append(Row(f"“{recovery.heard}”", (Button(voice.say("button.take"), f"take:{digest(recovery.heard)}"),)))
    return tuple(rows)


def digest(text: str) -> str:
    """A few letters that stand for a text, so that a tap means the words that were in view."""
    return sha256(text.encode()).hexdigest()[:8]


def _is_noted(recovery: Recovery, text: str) -> bool:
    """Whether these words are a fact already: to take them a second time would note them twice."""
    return any(isinstance(entry.value, Fact) and entry.value.text == text for entry in recovery.entries)


def _why_rows(flow: Flow, recovery: Recovery, voice: Voice) -> tuple[Row, ...]:
    why = voice(flow.steps[recovery.step].why)
    return (Row(why, ()),) if why and recovery.closed_at is None else ()


def _move_rows(flow: Flow, recovery: Recovery, voice: Voice) -> tuple[Row, ...]:
    if recovery.closed_at is not None:
        return ()
    near = []
    if recovery.previewing:
        near.append(Button(voice.say("button.resume"), "back"))
    else:
        near += [Button(voice.say("button.back"), "back")] if before(recovery) else []
        near += [Button(voice.say("button.skip"), "skip")] if flow.after(recovery.step) != recovery.step else []
    jumps = tuple(
        Button(f"{number}. {voice(flow.steps[step].title)}", f"jump:{step}")
        for number, step in enumerate(flow.numbered, 1)
        if step != recovery.step
    )
    closing = () if recovery.step == flow.closing else (_jump_to_close(flow, voice),)
    rows = (Row("", tuple(near)), Row(voice.say("more.jump"), (*jumps, *closing)))
    return tuple(row for row in rows if row.buttons)


def _jump_to_close(flow: Flow, voice: Voice) -> Button:
    return Button(voice(flow.steps[flow.closing].title), f"jump:{flow.closing}")


def _pace_rows(recovery: Recovery, voice: Voice) -> tuple[Row, ...]:
    if recovery.closed_at is not None and not recovery.quiet:
        return (Row("", (Button(voice.say("button.quiet_on"), "quiet:on"),)),)
    if recovery.quiet:
        return (Row("", (Button(voice.say("button.quiet_off"), "quiet:off"),)),)
    snoozes = (Button(voice.say("button.snooze", minutes=str(m)), f"snooze:{m}") for m in SNOOZES)
    return (Row("", (*snoozes, Button(voice.say("button.quiet_on"), "quiet:on"))),)


def _people_rows(recovery: Recovery, voice: Voice) -> tuple[Row, ...]:
    invite = Button(voice.say("button.observe"), "open:observe")
    hand_over = Button(voice.say("button.hand_over"), "open:hand_over")
    watching = (
        Row(person.name or person.user, (Button(voice.say("button.unobserve"), f"unobserve:{person.user}"),))
        for person in recovery.observers
    )
    return (Row("", (hand_over, invite)), *watching)


def _entry_row(flow: Flow, entry: Entry, voice: Voice) -> Row:
    field = flow.field(entry.field)
    label = f"{voice(field.label)}: " if field else ""
    buttons = [Button(voice.say("button.edit"), f"open:edit:{entry.id}")]
    if isinstance(entry.value, Commitment) and entry.value.state in {Promise.OPEN, Promise.LATE}:
        buttons.insert(0, Button(voice.say("button.kept"), f"kept:{entry.id}"))
    buttons.append(Button(voice.say("button.remove"), f"remove:{entry.id}"))
    return Row(label + worded(flow, entry, voice), tuple(buttons))


def _end_rows(recovery: Recovery, voice: Voice) -> tuple[Row, ...]:
    versions = (Version.CLIENT,) if recovery.shared else (Version.INTERNAL, Version.CLIENT)
    buttons = [Button(voice.say(f"button.show.{version}"), f"preview:{version}") for version in versions]
    last = ("reopen", "reopen") if recovery.closed_at is not None else ("stop", "close")
    return (Row("", (*buttons, Button(voice.say(f"button.{last[0]}"), last[1]))),)
