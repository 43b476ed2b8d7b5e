"""What can be recorded, in the words of the method. All times are epoch seconds, UTC."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from flows.state.identity import Person


class Expression(StrEnum):
    """The three lists of step 2: what the client says, does not say, does not know how to say."""

    SAID = "said"
    UNSAID = "unsaid"
    UNSAYABLE = "unsayable"


class Holder(StrEnum):
    """Who holds a fact to be true."""

    CLIENT = "client"
    US = "us"


class Standing(StrEnum):
    """How a fact stands between client and us. `HELD`: nobody has weighed it."""

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
    """Something held to be true; with our view and evidence once it is disputed."""

    text: str
    expression: Expression = Expression.SAID
    holder: Holder = Holder.CLIENT
    standing: Standing = Standing.HELD
    our_view: str = ""
    evidence: str = ""
    kind: Literal["fact"] = "fact"


@dataclass(frozen=True, slots=True)
class Feeling:
    """A word, its strength from 1 to 3, and whether the client confirmed it (None: not answered yet)."""

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
    """One note or sentence, and whether the client said yes to it (None: not asked yet)."""

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
    """A level from 1 (calm, low) to 5 (furious, high)."""

    level: int
    kind: Literal["level"] = "level"


@dataclass(frozen=True, slots=True)
class Moment:
    """A promised time, such as that of the next update."""

    time: float
    kind: Literal["moment"] = "moment"


Value = Fact | Feeling | Commitment | Text | Selection | Level | Moment


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded value: its id within the recovery, the flow's field and step, who recorded it when, last change."""

    id: str
    field_id: str
    step: str
    recorded_at: float
    recorded_by: Person
    value: Value
    changed_at: float | None = None
