"""A flow: the steps of a recovery and everything that is said in them.

Flows are written in YAML and checked by `flows.definition.validation`. The engine knows steps, gates and fields by
their ids only. The attributes of these classes are the keys of a flow file.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

_STRICT = {"extra": "forbid"}  # read by pydantic: an unknown key in a flow file is an error

LocalizedText = dict[str, str]
"""One text in each of the flow's languages, by language code."""

END = "end"
"""The target of a gate that closes the recovery."""

MAX_BUTTONS = 4
"""Buttons on a card."""
MAX_GATES = MAX_BUTTONS - 1
"""Gates of a step: the fourth button is "More"."""

MAX_INSTRUCTION_WORDS = 12
"""Words of a step's instruction, in each language."""


class FieldKind(StrEnum):
    """What a field records. `DISPUTE` makes no entry: it adds our view to a fact that is already recorded."""

    FACT = "fact"
    FEELING = "feeling"
    COMMITMENT = "commitment"
    DISPUTE = "dispute"
    TEXT = "text"
    PICK = "pick"
    LEVEL = "level"
    MOMENT = "moment"


CHIP_KINDS = frozenset({FieldKind.FEELING, FieldKind.PICK, FieldKind.LEVEL, FieldKind.MOMENT})
"""The kinds of fields that one tap can fill."""

CLIENT_SAFE_KINDS = frozenset({FieldKind.TEXT, FieldKind.COMMITMENT, FieldKind.MOMENT})
"""Only fields of these kinds may be marked `client_safe`. Facts, feelings and levels are never shown to the client."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something that can be recorded at a step.

    Without `many`, the field holds one entry, and a new one replaces it. An entry of a text field with `needs_yes`
    goes into the client's summary only after the client said yes to it.
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
        """Whether a new entry replaces the one before. One entry of a pick holds all the selected options."""
        return not self.many or self.kind is FieldKind.PICK


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something to say. It is used when each field that it names in braces, and each field in `needs`, has an entry."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    text: LocalizedText
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reminder:
    """A nudge that comes `after` so many minutes."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    after: float
    text: LocalizedText


@dataclass(frozen=True, slots=True)
class Gate:
    """A button that decides where to go next: to a step, to the end, or nowhere (without `to`).

    - `confirms` and `denies` name a field of feelings or text: the client said yes or no to its newest entry.
    - `keeps` names a text field. The phrase on the card is recorded there, if it was filled from the record.
    - `yes` marks the client's "yes" to being understood, the most important moment of a recovery.
    - `opens` names a field whose form opens now, or is `hand_over`.
    - `remind` asks for one nudge later.
    - `needs` and `unless` name fields: the button is in view only while each of `needs`, and none of `unless`, has an
      entry. A field of the kind `dispute` has one when our view of a fact was recorded.
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
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    `nudge` is the instruction on the card. `say` lists the phrases to choose from, `then` is what to say after the
    phrase. `question` is what the responder decides here. `traps` are warnings, shown one at a time. `chips` are the
    fields whose options are chosen on the card with one tap, `ask` is the field whose form stands on the card itself.
    `gives_back` names a field of facts: those to repeat in the phrase are chosen on the card.
    `timers` holds at most one reminder: it comes once, when nothing has happened for its time.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    title: LocalizedText
    nudge: LocalizedText
    say: tuple[Phrase, ...]
    gates: dict[str, Gate]
    then: LocalizedText = field(default_factory=dict)
    question: LocalizedText = field(default_factory=dict)
    traps: tuple[LocalizedText, ...] = ()
    why: LocalizedText = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    chips: tuple[str, ...] = ()
    ask: str | None = None
    gives_back: str | None = None
    timers: dict[str, Reminder] = field(default_factory=dict)
    closing: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a summary.

    In the internal one: the entries of some fields under a heading; with `durations` the minutes spent at each step,
    with `first_yes` the time until the client's first "yes"; with `about`, without a heading, the entries and who led
    when. In the client's one: a sentence for each entry. `sentence` is how it is said, with `{text}` in the place of
    its words.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    heading: LocalizedText = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    durations: bool = False
    first_yes: bool = False
    about: bool = False
    sentence: LocalizedText = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SummaryLayout:
    """The sections of the two summaries, in their order."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    internal: tuple[Section, ...]
    client: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that is asked some days after the recovery was closed. `fields`: those that answer it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    after_days: float
    text: LocalizedText
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoachFields:
    """What the coach takes from this flow; each may be left out.

    `latitude`: the field that says what may be promised. `owned`: the field with what the responder owns.
    `whispers_before`: a step before which a grave fault in a posted message is whispered to the responder.
    `hurries_to`: the step to go to sooner when the client says the same for the third time.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    latitude: str = ""
    owned: str = ""
    whispers_before: str = ""
    hurries_to: str = ""


@dataclass(frozen=True)
class Flow:
    """A whole flow. The steps are in their usual order; the last one is the closing step and has no number."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    id: str
    version: int
    languages: tuple[str, ...]
    title: LocalizedText
    steps: dict[str, Step]
    summary: SummaryLayout
    follow_ups: dict[str, FollowUp] = field(default_factory=dict)
    coach: CoachFields = field(default_factory=CoachFields)

    @property
    def first_step(self) -> str:
        """The id of the step that a recovery begins with."""
        return next(iter(self.steps))

    @property
    def closing_step(self) -> str:
        """The id of the last step, in which the recovery is closed."""
        return next(step_id for step_id, step in self.steps.items() if step.closing)

    @property
    def numbered_steps(self) -> tuple[str, ...]:
        """The ids of the steps that are counted, as in "1 of 8"."""
        return tuple(step_id for step_id, step in self.steps.items() if not step.closing)

    def next_step(self, step_id: str) -> str:
        """The id of the next step in order. After the closing step comes the closing step."""
        order = list(self.steps)
        return order[min(order.index(step_id) + 1, len(order) - 1)]

    def field(self, field_id: str) -> Field | None:
        """A field by its id, which is unique in the flow."""
        return self._fields.get(field_id)

    def step_of_field(self, field_id: str) -> str | None:
        """The id of the step that a field belongs to."""
        return next((step_id for step_id, step in self.steps.items() if field_id in step.fields), None)

    def first_field_of(self, kind: FieldKind) -> str | None:
        """The id of the first field of a kind."""
        return next((field_id for field_id, field in self._fields.items() if field.kind is kind), None)

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {field_id: field for step in self.steps.values() for field_id, field in step.fields.items()}
