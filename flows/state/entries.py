"""What can be recorded in a recovery. All times are epoch seconds (UTC)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from flows.state.identity import Person


class Expression(StrEnum):
    """How a fact came to us: the client said it, did not say it, or does not know how to say it."""

    SAID = "said"
    UNSAID = "unsaid"
    UNSAYABLE = "unsayable"


class Holder(StrEnum):
    """Who holds a fact to be true."""

    CLIENT = "client"
    US = "us"


class Standing(StrEnum):
    """How client and company see a fact.

    `HELD`: its holder says so, and the two have not compared their views. `AGREED`: both accept it. `AGREED_OURS`: both
    accept our view of it. `DISPUTED`: their views differ. `PARKED`: to be cleared up later.
    """

    HELD = "held"
    AGREED = "agreed"
    AGREED_OURS = "agreed_ours"
    DISPUTED = "disputed"
    PARKED = "parked"


class CommitmentState(StrEnum):
    """The state of a commitment."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that its holder takes to be true; with our view and our evidence once it is disputed."""

    text: str
    expression: Expression = Expression.SAID
    holder: Holder = Holder.CLIENT
    standing: Standing = Standing.HELD
    our_view: str = ""
    evidence: str = ""
    kind: Literal["fact"] = "fact"


@dataclass(frozen=True, slots=True)
class Feeling:
    """A feeling: an option's id or a typed word, its strength from 1 to 3, the client's answer (None: none yet)."""

    word: str
    strength: int = 2
    is_confirmed: bool | None = None
    kind: Literal["feeling"] = "feeling"


@dataclass(frozen=True, slots=True)
class Commitment:
    """Who does what by when."""

    who: str
    what: str
    due_at: float | None = None
    state: CommitmentState = CommitmentState.OPEN
    kind: Literal["commitment"] = "commitment"


@dataclass(frozen=True, slots=True)
class Text:
    """A note or sentence, and whether the client said yes to it (None: not asked yet)."""

    text: str
    is_confirmed: bool | None = None
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Selection:
    """One or more of a field's options, by id."""

    options: tuple[str, ...]
    kind: Literal["pick"] = "pick"


@dataclass(frozen=True, slots=True)
class Level:
    """A level from 1 (low, calm) to 5 (high, furious)."""

    level: int
    kind: Literal["level"] = "level"


@dataclass(frozen=True, slots=True)
class Moment:
    """A promised time, such as the time of the next update. `is_done`: what was promised for it was done."""

    time: float
    is_done: bool = False
    kind: Literal["moment"] = "moment"


Value = Fact | Feeling | Commitment | Text | Selection | Level | Moment


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded value.

    `id` is unique in the recovery. `field_id` and `step` are ids of the flow. `changed_at` is the time of the last
    change, if there was one.
    """

    id: str
    field_id: str
    step: str
    recorded_at: float
    recorded_by: Person
    value: Value
    changed_at: float | None = None
