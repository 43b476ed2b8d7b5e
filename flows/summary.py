"""The two summaries, built from the record alone. Nothing is in them that was not entered or confirmed."""

from flows.flow import CLIENT_SAFE_KINDS, FieldKind, Flow, Section
from flows.recovery import Recovery, Version
from flows.values import Commitment, Entry, Promise, Text
from flows.voice import Voice
from flows.wording import worded

MINUTE = 60
LABELLED = frozenset({FieldKind.TEXT, FieldKind.PICK, FieldKind.LEVEL, FieldKind.MOMENT})
"""Kinds that do not speak for themselves."""


def summary(flow: Flow, recovery: Recovery, version: Version, voice: Voice) -> str:
    """The summary as it would be posted now: the responder's own wording, or else the record's."""
    return recovery.draft(version) or from_record(flow, recovery, version, voice)


def from_record(flow: Flow, recovery: Recovery, version: Version, voice: Voice) -> str:
    """A summary in plain text: a title, then a heading and its lines for every section that has any."""
    parts = [voice.say(f"summary.title.{version}", account=recovery.account)]
    for section in _sections(flow, version):
        entries = _entries(flow, recovery, section, version)
        lines = [_line(flow, entry, voice, labelled=len(section.fields) > 1) for entry in entries]
        lines += _durations(flow, recovery, voice) if section.durations and version is Version.INTERNAL else []
        if lines:
            parts.append("\n".join([voice(section.heading), *(f"• {line}" for line in lines)]))
    return "\n\n".join(parts)


def has_content(flow: Flow, recovery: Recovery, version: Version) -> bool:
    """Whether there is anything to post."""
    if recovery.draft(version):
        return True
    sections = _sections(flow, version)
    timed = version is Version.INTERNAL and bool(recovery.passages) and any(s.durations for s in sections)
    return timed or any(_entries(flow, recovery, section, version) for section in sections)


def promises(flow: Flow, recovery: Recovery, version: Version) -> list[Entry]:
    """The commitments that stand in this summary as built from the record."""
    entries = [e for section in _sections(flow, version) for e in _entries(flow, recovery, section, version)]
    return [entry for entry in entries if isinstance(entry.value, Commitment)]


def step_minutes(recovery: Recovery) -> dict[str, float]:
    """Minutes spent at each step, in the order of the first visits."""
    spent: dict[str, float] = {}
    for passage in recovery.passages:
        spent[passage.step] = spent.get(passage.step, 0.0) + (passage.left_at - passage.entered_at) / MINUTE
    return spent


def _sections(flow: Flow, version: Version) -> tuple[Section, ...]:
    return flow.summary.client if version is Version.CLIENT else flow.summary.internal


def _entries(flow: Flow, recovery: Recovery, section: Section, version: Version) -> list[Entry]:
    entries = [entry for field in section.fields for entry in recovery.of(field)]
    return entries if version is Version.INTERNAL else [entry for entry in entries if _client_may_read(flow, entry)]


def _client_may_read(flow: Flow, entry: Entry) -> bool:
    """Only what its field marks, of kinds that carry no doubt, agreed where it must be, and no dropped promise."""
    field = flow.field(entry.field)
    if field is None or not field.client_safe or field.kind not in CLIENT_SAFE_KINDS:
        return False
    if isinstance(entry.value, Text):
        return entry.value.confirmed is True or not field.needs_yes
    return not (isinstance(entry.value, Commitment) and entry.value.state is Promise.DROPPED)


def _line(flow: Flow, entry: Entry, voice: Voice, *, labelled: bool) -> str:
    """An entry's words; with its field's label where a section gathers several fields."""
    field = flow.field(entry.field)
    text = worded(flow, entry, voice)
    return f"{voice(field.label)}: {text}" if labelled and field and field.kind in LABELLED else text


def _durations(flow: Flow, recovery: Recovery, voice: Voice) -> list[str]:
    return [
        voice.say("summary.duration", step=voice(flow.steps[step].title), minutes=f"{minutes:.0f}")
        for step, minutes in step_minutes(recovery).items()
    ]
