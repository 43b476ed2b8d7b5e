"""The two summaries, built from the record alone. Nothing is in them that was not entered or confirmed."""

from flows.definition.model import CLIENT_SAFE_KINDS, FieldKind, Flow, Section
from flows.state.entries import Commitment, CommitmentState, Entry, Text
from flows.state.recovery import Recovery, SummaryVersion
from flows.wording.document import BlockKind, Document, TextBlock, parse_document
from flows.wording.entry_text import entry_text
from flows.wording.localization import Localizer

SECONDS_PER_MINUTE = 60
KINDS_WITH_LABEL = frozenset({FieldKind.TEXT, FieldKind.PICK, FieldKind.LEVEL, FieldKind.MOMENT})
"""Kinds that do not speak for themselves."""


def summary_document(flow: Flow, recovery: Recovery, version: SummaryVersion, localizer: Localizer) -> Document:
    """The summary as it would be posted now: the responder's own wording, or else the one built from the record."""
    draft = recovery.draft_text(version)
    return parse_document(draft) if draft else document_from_record(flow, recovery, version, localizer)


def document_from_record(flow: Flow, recovery: Recovery, version: SummaryVersion, localizer: Localizer) -> Document:
    """A title, then a heading and its list for every section that has any entries."""
    blocks = [TextBlock(BlockKind.TITLE, localizer.text(f"summary.title.{version}", account=recovery.account))]
    for section in _sections(flow, version):
        items = _section_items(flow, recovery, section, version, localizer)
        if items:
            blocks.append(TextBlock(BlockKind.HEADING, localizer(section.heading), empty_lines_above=1))
            blocks += [TextBlock(BlockKind.ITEM, item) for item in items]
    return Document(tuple(blocks))


def has_content(flow: Flow, recovery: Recovery, version: SummaryVersion) -> bool:
    """Whether there is anything to post."""
    if recovery.draft_text(version):
        return True
    sections = _sections(flow, version)
    has_durations = (
        version is SummaryVersion.INTERNAL and bool(recovery.step_visits) and any(s.durations for s in sections)
    )
    return has_durations or any(_entries(flow, recovery, section, version) for section in sections)


def summary_commitments(flow: Flow, recovery: Recovery, version: SummaryVersion) -> list[Entry]:
    """The commitments that stand in this summary as built from the record."""
    entries = [e for section in _sections(flow, version) for e in _entries(flow, recovery, section, version)]
    return [entry for entry in entries if isinstance(entry.value, Commitment)]


def step_minutes(recovery: Recovery) -> dict[str, float]:
    """Minutes spent at each step, in the order of the first visits."""
    minutes: dict[str, float] = {}
    for passage in recovery.step_visits:
        minutes[passage.step] = (
            minutes.get(passage.step, 0.0) + (passage.left_at - passage.entered_at) / SECONDS_PER_MINUTE
        )
    return minutes


def _sections(flow: Flow, version: SummaryVersion) -> tuple[Section, ...]:
    return flow.summary.client if version is SummaryVersion.CLIENT else flow.summary.internal


def _section_items(
    flow: Flow, recovery: Recovery, section: Section, version: SummaryVersion, localizer: Localizer
) -> list[str]:
    entries = _entries(flow, recovery, section, version)
    items = [_entry_line(flow, entry, localizer, has_label=len(section.fields) > 1) for entry in entries]
    if section.durations and version is SummaryVersion.INTERNAL:
        items += _duration_lines(flow, recovery, localizer)
    return items


def _entries(flow: Flow, recovery: Recovery, section: Section, version: SummaryVersion) -> list[Entry]:
    entries = [entry for field in section.fields for entry in recovery.entries_of(field)]
    return (
        entries if version is SummaryVersion.INTERNAL else [entry for entry in entries if _client_may_read(flow, entry)]
    )


def _client_may_read(flow: Flow, entry: Entry) -> bool:
    """Only what its field marks, of kinds that carry no doubt, agreed where it must be, and no dropped promise."""
    field = flow.field(entry.field_id)
    if field is None or not field.client_safe or field.kind not in CLIENT_SAFE_KINDS:
        return False
    if isinstance(entry.value, Text):
        return entry.value.is_confirmed is True or not field.needs_yes
    return not (isinstance(entry.value, Commitment) and entry.value.state is CommitmentState.DROPPED)


def _entry_line(flow: Flow, entry: Entry, localizer: Localizer, *, has_label: bool) -> str:
    """An entry's words; with its field's label where a section gathers several fields."""
    field = flow.field(entry.field_id)
    text = entry_text(flow, entry, localizer)
    return f"{localizer(field.label)}: {text}" if has_label and field and field.kind in KINDS_WITH_LABEL else text


def _duration_lines(flow: Flow, recovery: Recovery, localizer: Localizer) -> list[str]:
    return [
        localizer.text("summary.duration", step=localizer(flow.steps[step].title), minutes=f"{minutes:.0f}")
        for step, minutes in step_minutes(recovery).items()
    ]
