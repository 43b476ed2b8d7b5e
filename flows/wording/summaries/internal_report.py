"""The internal summary: how it ended, who led, and the whole record, for colleagues."""

from flows.definition.model import FieldKind, Flow, Section
from flows.state.entries import Entry, Fact, Holder, Level
from flows.state.recovery import Recovery
from flows.wording.document import BlockKind, Document, TextBlock
from flows.wording.entry_text import entry_text
from flows.wording.localization import Localizer

SECONDS_PER_MINUTE = 60
KINDS_WITH_LABEL = frozenset({FieldKind.TEXT, FieldKind.PICK, FieldKind.LEVEL, FieldKind.MOMENT})
"""Kinds that do not speak for themselves."""
LEVEL_SEPARATOR = " → "


def internal_report(flow: Flow, recovery: Recovery, localizer: Localizer) -> Document:
    """A title, the facts about the talk, then a heading and its list for every section that has any entries."""
    blocks = [
        TextBlock(BlockKind.TITLE, localizer.text("summary.title.internal", account=recovery.account), 0, "title")
    ]
    for number, section in enumerate(flow.summary.internal):
        if section.about:
            blocks += _about_blocks(flow, recovery, section, localizer)
            continue
        items = _section_items(flow, recovery, section, localizer)
        if items:
            blocks.append(TextBlock(BlockKind.HEADING, localizer(section.heading), 1, f"heading:{number}"))
            blocks += items
    return Document(tuple(blocks))


def step_minutes(recovery: Recovery) -> dict[str, float]:
    """Minutes spent at each step, in the order of the first visits."""
    minutes: dict[str, float] = {}
    for visit in recovery.step_visits:
        minutes[visit.step] = minutes.get(visit.step, 0.0) + (visit.left_at - visit.entered_at) / SECONDS_PER_MINUTE
    return minutes


def _about_blocks(flow: Flow, recovery: Recovery, section: Section, localizer: Localizer) -> list[TextBlock]:
    """How it ended, who led, when and for how long, and the other fields of the section: a line each."""
    lines = [
        (entry.field_id, _entry_line(flow, entry, localizer, has_label=True)) for entry in _entries(recovery, section)
    ]
    is_outcome_first = bool(lines) and lines[0][0] == section.fields[0]
    name = recovery.responder.name or recovery.responder.user_id
    started = localizer.format_time(recovery.started_at)
    minutes = _minutes_between(recovery.started_at, recovery.closed_at)
    key = "summary.led" if minutes else "summary.led_short"
    lines.insert(is_outcome_first, ("led", localizer.text(key, name=name, when=started, minutes=minutes)))
    return [
        TextBlock(BlockKind.PARAGRAPH, line, number == 0, f"about:{line_key}")
        for number, (line_key, line) in enumerate(lines)
    ]


def _minutes_between(start: float, end: float | None) -> str:
    """The minutes of a talk that is over; empty if it is not, or was shorter than one."""
    minutes = round((end - start) / SECONDS_PER_MINUTE) if end is not None else 0
    return str(minutes) if minutes else ""


def _section_items(flow: Flow, recovery: Recovery, section: Section, localizer: Localizer) -> list[TextBlock]:
    entries = _entries(recovery, section)
    if entries and all(isinstance(entry.value, Level) for entry in entries):
        items = [("levels", _level_line(flow, section, entries, localizer))]
    else:
        has_label = len(section.fields) > 1
        items = [(item_key(flow, entry), _entry_line(flow, entry, localizer, has_label=has_label)) for entry in entries]
    if section.first_yes and recovery.first_yes_at is not None:
        minutes = f"{(recovery.first_yes_at - recovery.started_at) / SECONDS_PER_MINUTE:.0f}"
        items.append(("first_yes", localizer.text("summary.first_yes", minutes=minutes)))
    if section.durations:
        items += _duration_items(flow, recovery, localizer)
    return [TextBlock(BlockKind.ITEM, text, 0, key) for key, text in items]


def item_key(flow: Flow, entry: Entry) -> str:
    """Of what a part of a summary tells. A field that holds one entry stays the same whatever entry that is."""
    field = flow.field(entry.field_id)
    return f"field:{entry.field_id}" if field is not None and field.holds_one else f"entry:{entry.id}"


def _entries(recovery: Recovery, section: Section) -> list[Entry]:
    """The entries of the section, field by field; the client's facts before ours."""
    return [entry for field in section.fields for entry in sorted(recovery.entries_of(field), key=_is_our_fact)]


def _is_our_fact(entry: Entry) -> bool:
    return isinstance(entry.value, Fact) and entry.value.holder is Holder.US


def _level_line(flow: Flow, section: Section, entries: list[Entry], localizer: Localizer) -> str:
    """Levels one after the other: "4 → 3 → 2". If one is missing, each with the title of its step: "Wrap-up: 2"."""
    levels = {entry.field_id: str(entry.value.level) for entry in entries if isinstance(entry.value, Level)}
    if len(levels) == len(section.fields):
        return LEVEL_SEPARATOR.join(levels[field_id] for field_id in section.fields)
    titles = {field_id: localizer(flow.steps[flow.step_of_field(field_id) or ""].title) for field_id in levels}
    return LEVEL_SEPARATOR.join(f"{titles[field_id]}: {level}" for field_id, level in levels.items())


def _entry_line(flow: Flow, entry: Entry, localizer: Localizer, *, has_label: bool) -> str:
    """An entry's words; with its field's label where a section gathers several fields."""
    field = flow.field(entry.field_id)
    text = entry_text(flow, entry, localizer)
    return f"{localizer(field.label)}: {text}" if has_label and field and field.kind in KINDS_WITH_LABEL else text


def _duration_items(flow: Flow, recovery: Recovery, localizer: Localizer) -> list[tuple[str, str]]:
    """The minutes at each step; steps that took less than half of one are left out."""
    return [
        (
            f"minutes:{step}",
            localizer.text("summary.duration", step=localizer(flow.steps[step].title), minutes=f"{minutes:.0f}"),
        )
        for step, minutes in step_minutes(recovery).items()
        if step in flow.steps and round(minutes)
    ]
