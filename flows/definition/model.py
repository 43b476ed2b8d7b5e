"""A flow: what a talk consists of. Written in YAML, checked by `flows.definition.validation`, known to the engine by ids only."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

_STRICT = {"extra": "forbid"}  # read by pydantic: an unknown key in a flow file is an error

LocalizedText = dict[str, str]
"""One text in each of the flow's languages, by language code."""

END = "end"
"""The gate target that closes the talk."""

MAX_BUTTONS = 4
MAX_GATES = MAX_BUTTONS - 1
"""One of the four buttons is "More"."""

MAX_INSTRUCTION_WORDS = 12


class FieldKind(StrEnum):
    """What a field records. `DISPUTE` records nothing of its own: it weighs a fact that is already there."""

    FACT = "fact"
    FEELING = "feeling"
    COMMITMENT = "commitment"
    DISPUTE = "dispute"
    TEXT = "text"
    PICK = "pick"
    LEVEL = "level"
    MOMENT = "moment"


CLIENT_SAFE_KINDS = frozenset({FieldKind.TEXT, FieldKind.COMMITMENT, FieldKind.MOMENT})
"""Only these may be marked `client_safe`: never facts, feelings or levels (method.md, Close)."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something that can be recorded at a step.

    A field that is not `many` holds one entry: the newest replaces it. What `needs_yes` (a text) goes into the
    client-safe summary only once the client said yes to it.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    kind: FieldKind
    label: LocalizedText
    hint: LocalizedText = field(default_factory=dict)
    options: dict[str, LocalizedText] = field(default_factory=dict)
    many: bool = False
    client_safe: bool = False
    needs_yes: bool = False

    @property
    def holds_one(self) -> bool:
        """Whether a new entry replaces the one before. One entry of a pick holds all the options that were picked."""
        return not self.many or self.kind is FieldKind.PICK


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something to say. Used when everything that it names in braces, and every field in `needs`, was recorded."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    text: LocalizedText
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reminder:
    """A nudge, so many minutes later."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    after: float
    text: LocalizedText


@dataclass(frozen=True, slots=True)
class Gate:
    """A button that decides where to go next: to a step, to the end, or nowhere (`to` left out).

    `confirms` and `denies` name a field of feelings or text: the client said yes or no to its newest entry. `keeps`
    names a text field that keeps the phrase on the card, if it was filled from the record. `yes` marks the "yes" to
    being understood, the recovery's most important moment.
    `opens` names a field whose form opens, or `hand_over`. `remind` asks for one nudge later.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    label: LocalizedText
    to: str | None = None
    opens: str | None = None
    confirms: str | None = None
    denies: str | None = None
    keeps: str | None = None
    yes: bool = False
    remind: Reminder | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `ask` is the field that is on the card itself; its timer nudges once, when nothing has moved."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    title: LocalizedText
    nudge: LocalizedText
    say: tuple[Phrase, ...]
    gates: dict[str, Gate]
    then: LocalizedText = field(default_factory=dict)
    traps: tuple[LocalizedText, ...] = ()
    why: LocalizedText = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    ask: str | None = None
    timers: dict[str, Reminder] = field(default_factory=dict)
    closing: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a summary: the entries of some fields, or the minutes spent at each step."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    heading: LocalizedText
    fields: tuple[str, ...] = ()
    durations: bool = False


@dataclass(frozen=True, slots=True)
class SummaryLayout:
    """What stands in the two summaries, in this order."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    internal: tuple[Section, ...]
    client: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that comes some days after the close."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    after_days: float
    text: LocalizedText


@dataclass(frozen=True)
class Flow:
    """A whole flow. Steps are in the order of the talk; the last one is the closing step and has no number."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    id: str
    version: int
    languages: tuple[str, ...]
    title: LocalizedText
    steps: dict[str, Step]
    summary: SummaryLayout
    follow_ups: dict[str, FollowUp] = field(default_factory=dict)

    @property
    def first_step(self) -> str:
        """The step that a talk begins with."""
        return next(iter(self.steps))

    @property
    def closing_step(self) -> str:
        """The step that wraps up."""
        return next(step_id for step_id, step in self.steps.items() if step.closing)

    @property
    def numbered_steps(self) -> tuple[str, ...]:
        """The steps that count as "1 of 8"."""
        return tuple(step_id for step_id, step in self.steps.items() if not step.closing)

    def next_step(self, step_id: str) -> str:
        """The next step in order; the closing step comes after itself."""
        order = list(self.steps)
        return order[min(order.index(step_id) + 1, len(order) - 1)]

    def field(self, field_id: str) -> Field | None:
        """A field by its id, which is unique in the flow."""
        return self._fields.get(field_id)

    def step_of_field(self, field_id: str) -> str | None:
        """The step that a field belongs to."""
        return next((step_id for step_id, step in self.steps.items() if field_id in step.fields), None)

    def first_field_of(self, kind: FieldKind) -> str | None:
        """The first field of a kind, by its id."""
        return next((field_id for field_id, field in self._fields.items() if field.kind is kind), None)

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {field_id: field for step in self.steps.values() for field_id, field in step.fields.items()}
