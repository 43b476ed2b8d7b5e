"""The state of one recovery. Everything that anybody sees is drawn from it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from flows.state.entries import Entry
from flows.state.identity import Person, Place
from flows.state.working_hours import DEFAULT_HOURS, WorkingHours


class SummaryVersion(StrEnum):
    """The two summaries, never mixed up."""

    INTERNAL = "internal"
    CLIENT = "client"


class StepVisit(NamedTuple):
    """One stay at a step: how it was left (a gate's id, `back`, `skip`, `jump`, `close`) and where to.

    A named tuple because one is made on every move. It is stored as a list: new fields go last, with a default.
    """

    number: int
    step: str
    entered_at: float
    left_at: float
    left_by: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A summary's text as the responder edited it."""

    summary_version: SummaryVersion
    text: str


@dataclass(frozen=True)
class Recovery:
    """One guided conversation: one responder, one client account, one problem.

    `visit` numbers the cards: it rises whenever the buttons that are in view change their meaning, and a button of an
    earlier visit is stale. `turn` counts the answers that kept the talk at this step. `made` counts the entries ever
    made, for their ids. `previewing`: the card shows a summary instead of the step. `heard` is the client's last
    message. `told` holds the commitments (by entry) that stood in each posted summary. `waiting` says what the nudge
    timer is set for.

    `timezone` and `hours` are the responder's, who has led since `led_at` (0: since the start) and last wrote in the
    thread at `spoke_at` (0: never). `held` names the timers whose nudges wait for the hours to begin. `unreached` are
    the observers whom the responder knows to be out of reach.
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
    published_commitments: tuple[tuple[SummaryVersion, str], ...] = ()
    is_quiet: bool = False
    was_nudged: bool = False
    stay_count: int = 0
    nudge_reason: str = ""
    client_message: str = ""
    first_yes_at: float | None = None
    closed_at: float | None = None
    working_hours: WorkingHours = DEFAULT_HOURS
    responder_since: float = 0.0
    responder_wrote_at: float = 0.0
    deferred_timers: tuple[str, ...] = ()
    unreachable_people: tuple[Person, ...] = ()

    def entries_of(self, *fields: str) -> tuple[Entry, ...]:
        """The entries of these fields, oldest first."""
        return tuple(entry for entry in self.entries if entry.field_id in fields)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with this id, if it is still there."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)

    def draft_text(self, version: SummaryVersion) -> str | None:
        """The edited text of a summary, if it was edited."""
        return next((draft.text for draft in self.drafts if draft.summary_version == version), None)

    @property
    def postable_version(self) -> SummaryVersion:
        """The summary that may be posted: a thread that outsiders can read gets only the client-safe one."""
        return SummaryVersion.CLIENT if self.has_external_users else self.summary_version
