"""The state of one recovery. Everything that anybody sees is drawn from it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from flows.hours import USUAL, Hours
from flows.people import Person, Place
from flows.values import Entry


class Version(StrEnum):
    """The two summaries, never mixed up."""

    INTERNAL = "internal"
    CLIENT = "client"


class Passage(NamedTuple):
    """One stay at a step: how it was left (a gate's id, `back`, `skip`, `jump`, `close`) and where to.

    A named tuple because one is made on every move. It is stored as a list: new fields go last, with a default.
    """

    number: int
    step: str
    entered_at: float
    left_at: float
    left_by: str
    to: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A summary's text as the responder edited it."""

    version: Version
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
    shared: bool
    started_at: float
    step: str
    entered_at: float
    visit: int = 1
    previewing: bool = False
    version: Version = Version.INTERNAL
    observers: tuple[Person, ...] = ()
    entries: tuple[Entry, ...] = ()
    made: int = 0
    passages: tuple[Passage, ...] = ()
    drafts: tuple[Draft, ...] = ()
    posted: tuple[Version, ...] = ()
    told: tuple[tuple[Version, str], ...] = ()
    quiet: bool = False
    nudged: bool = False
    turn: int = 0
    waiting: str = ""
    heard: str = ""
    first_yes_at: float | None = None
    closed_at: float | None = None
    hours: Hours = USUAL
    led_at: float = 0.0
    spoke_at: float = 0.0
    held: tuple[str, ...] = ()
    unreached: tuple[Person, ...] = ()

    def of(self, *fields: str) -> tuple[Entry, ...]:
        """The entries of these fields, oldest first."""
        return tuple(entry for entry in self.entries if entry.field in fields)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with this id, if it is still there."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)

    def draft(self, version: Version) -> str | None:
        """The edited text of a summary, if it was edited."""
        return next((draft.text for draft in self.drafts if draft.version == version), None)

    @property
    def chosen(self) -> Version:
        """The summary that may be posted: a thread that outsiders can read gets only the client-safe one."""
        return Version.CLIENT if self.shared else self.version
