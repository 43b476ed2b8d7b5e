"""The state of one recovery. Everything that people see is made from it."""

from dataclasses import dataclass
from typing import NamedTuple

from flows.state.entries import Entry
from flows.state.identity import Person, Place
from flows.state.local_time.working_hours import DEFAULT_HOURS, WorkingHours
from flows.state.summaries import Draft, PostedSummary, SummaryVersion
from flows.state.words import ClientCue, DraftCheck

MAX_FACTS_TO_REPEAT = 3
"""Facts that are given back to the client in one phrase: more is too much to say in one go."""


class StepVisit(NamedTuple):
    """One stay at a step. `left_by` says how it was left: a gate's id, `back`, `skip`, `jump` or `close`.

    A named tuple, because one is made on every move. It is stored as a list: a new field goes last, with a default.
    """

    number: int
    step: str
    entered_at: float
    left_at: float
    left_by: str
    next_step: str


@dataclass(frozen=True)
class Recovery:
    """One guided conversation: one responder, one client account, one problem.

    The card:
    - `card_revision` rises whenever the buttons in view change their meaning. A button of an earlier revision is stale.
    - `is_previewing_summary`: the card shows `summary_version` instead of the step.
    - `stay_count` counts the gates at this step that led nowhere; it chooses the trap that is shown.

    The record:
    - `last_entry_number` counts all entries ever made; their ids come from it.
    - `client_message` is the newest message of the client in the thread that was not noted yet, and
      `earlier_client_messages` are those before it, oldest first. One tap records one of them as a fact.
    - `client_wrote_at` is when the client last wrote there (0: never), and `client_name` the name of who did.
    - `facts_to_repeat` are the facts (entry ids) that the responder chose to give back, in the order of the choice;
      None: the responder did not choose.
    - `removed_entry` is the entry that was removed last, as long as that can be undone.
    - `posted_summaries` are the summaries that were posted to this thread, oldest first; the thread's readers know what
      stands in them, and nothing else. `posted_versions` are those that an earlier release posted, without their texts.
    - `client_cues` is what the client's messages suggest, oldest first. `danger` is the newest sign of danger in them,
      and `danger_at` when it came.
    - `whispered_visit` is the stay at a step, by its number, at which the coach last whispered (-1: never).
    - `draft_check` are words of the responder with the coach's hints on them (None: nothing was checked).
    - `first_yes_at` is when the client first said yes to being understood.

    Nudges and people:
    - `nudge_reason` says what the nudge timer is set for: `still` (nothing happens), `snooze`, `gate:` and the gate's
      id, or empty (no nudge is to come).
    - `deferred_timers` are the timers whose nudges wait for the responder's working hours.
    - `timezone` (an IANA name) and `working_hours` are the responder's.
    - `responder_since` is when the responder took over (0: has been the responder since the start);
      `responder_wrote_at` is when the responder last wrote in the thread (0: never).
    - `unreachable_people` are those whom a message could not reach; the responder was told so.
    """

    id: str
    flow: str
    flow_version: int
    account: str
    place: Place
    responder: Person
    language: str
    timezone: str
    has_external_users: bool
    started_at: float
    step: str
    entered_at: float
    card_revision: int = 1
    is_previewing_summary: bool = False
    summary_version: SummaryVersion = SummaryVersion.INTERNAL
    observers: tuple[Person, ...] = ()
    entries: tuple[Entry, ...] = ()
    last_entry_number: int = 0
    step_visits: tuple[StepVisit, ...] = ()
    drafts: tuple[Draft, ...] = ()
    posted_versions: tuple[SummaryVersion, ...] = ()
    posted_summaries: tuple[PostedSummary, ...] = ()
    is_quiet: bool = False
    was_nudged: bool = False
    stay_count: int = 0
    nudge_reason: str = ""
    client_message: str = ""
    earlier_client_messages: tuple[str, ...] = ()
    client_wrote_at: float = 0.0
    client_name: str = ""
    facts_to_repeat: tuple[str, ...] | None = None
    removed_entry: Entry | None = None
    first_yes_at: float | None = None
    closed_at: float | None = None
    working_hours: WorkingHours = DEFAULT_HOURS
    responder_since: float = 0.0
    responder_wrote_at: float = 0.0
    deferred_timers: tuple[str, ...] = ()
    unreachable_people: tuple[Person, ...] = ()
    draft_check: DraftCheck | None = None
    client_cues: tuple[ClientCue, ...] = ()
    danger: ClientCue | None = None
    danger_at: float = 0.0
    whispered_visit: int = -1

    def entries_of(self, *fields: str) -> tuple[Entry, ...]:
        """The entries of these fields, oldest first."""
        return tuple(entry for entry in self.entries if entry.field_id in fields)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with this id, or None if there is none (any more)."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)

    def entries_with(self, changed_entry: Entry) -> tuple[Entry, ...]:
        """The entries, with this one in the place of the entry that has its id."""
        return tuple(changed_entry if entry.id == changed_entry.id else entry for entry in self.entries)

    @property
    def record_changed_at(self) -> float:
        """When an entry was last recorded or changed; 0 if there is none."""
        return max((entry.changed_at or entry.recorded_at for entry in self.entries), default=0.0)

    def draft(self, version: SummaryVersion) -> Draft | None:
        """A summary in the responder's own wording, or None if it was not edited."""
        return next((draft for draft in self.drafts if draft.summary_version == version), None)

    def posted_summary(self, version: SummaryVersion) -> PostedSummary | None:
        """The summary of this version that was posted last, or None if none was."""
        return next(
            (
                summary
                for summary in reversed(self.posted_summaries)
                if summary.summary_version is version and not summary.was_not_delivered
            ),
            None,
        )

    def has_in_thread(self, version: SummaryVersion, posted_at: float) -> bool:
        """Whether the summary of this version that was posted then is in the thread, or on its way there."""
        return any(
            (summary.summary_version, summary.posted_at) == (version, posted_at) and not summary.was_not_delivered
            for summary in self.posted_summaries
        )

    def has_newer_summary(self, version: SummaryVersion, posted_at: float) -> bool:
        """Whether the responder posted a summary of this version after the one that was posted then."""
        return any(
            summary.summary_version is version and summary.posted_at > posted_at for summary in self.posted_summaries
        )

    @property
    def versions_in_thread(self) -> tuple[SummaryVersion, ...]:
        """The summaries that the thread's readers can read, oldest first."""
        summaries = (summary for summary in self.posted_summaries if not summary.was_not_delivered)
        return (*self.posted_versions, *(summary.summary_version for summary in summaries))

    @property
    def usual_version(self) -> SummaryVersion:
        """The summary to begin with: the client's one where the client writes or external users may read."""
        is_read_by_client = self.has_external_users or bool(self.client_wrote_at)
        return SummaryVersion.CLIENT if is_read_by_client else SummaryVersion.INTERNAL

    @property
    def postable_version(self) -> SummaryVersion:
        """The summary that may be posted: only the client's one where external users can read the thread."""
        return SummaryVersion.CLIENT if self.has_external_users else self.summary_version
