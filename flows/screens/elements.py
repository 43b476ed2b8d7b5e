"""What people are shown, in neutral elements. Each platform has one converter; `flows.screens.plain_text` is the plain-text one.

A `Card` is the one message that is edited in place, a `Form` asks for answers, a `Panel` is what "More" opens, and
`Home` is what one person has to do with.
Every string here is plain text as typed or translated: escaping is the converter's task.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Tone(StrEnum):
    """How a line speaks: the one instruction, plain text, or something that must be noticed."""

    INSTRUCTION = "instruction"
    PLAIN = "plain"
    NOTICE = "notice"


class StepState(StrEnum):
    """How far a step is."""

    DONE = "done"
    HERE = "here"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Button:
    """A tap. `action` goes back to us unchanged (see `flows.input.actions`), with the card's recovery and visit.

    `sure`: what to ask before the tap counts (empty: nothing).
    """

    label: str
    action: str
    is_main: bool = False
    confirmation: str = ""


@dataclass(frozen=True, slots=True)
class TextInput:
    """A typed answer. `limit`: characters. `suggestions` may be typed by their first letters."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    limit: int = 2000
    is_multiline: bool = False
    is_required: bool = False
    suggestions: tuple[str, ...] = ()
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class ChoiceInput:
    """A choice of one or several options, each `(id, label)`. `picked`: ids."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    selected_ids: tuple[str, ...] = ()
    allows_several: bool = False
    is_required: bool = False
    kind: Literal["pick"] = "pick"


@dataclass(frozen=True, slots=True)
class TimeInput:
    """A date and time. `value`: local ISO 8601 to the minute, or empty; `at`: the same in epoch seconds."""

    name: str
    label: str
    value: str = ""
    is_required: bool = False
    epoch_seconds: float | None = None
    kind: Literal["when"] = "when"


@dataclass(frozen=True, slots=True)
class PersonInput:
    """A person of this platform."""

    name: str
    label: str
    kind: Literal["who"] = "who"


Input = TextInput | ChoiceInput | TimeInput | PersonInput


@dataclass(frozen=True, slots=True)
class Form:
    """Asks for answers. `id` goes back to us with them. `again`: one is seldom filled alone, so it may stay open."""

    id: str
    title: str
    inputs: tuple[Input, ...]
    submit_label: str
    note: str = ""
    may_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Where I am: `number` of `total` (0: the closing step), and every numbered step's title and stage."""

    number: int
    total: int
    title: str
    label: str
    steps: tuple[tuple[str, StepState], ...]
    kind: Literal["progress"] = "progress"


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text."""

    text: str
    tone: Tone = Tone.PLAIN
    kind: Literal["line"] = "line"


@dataclass(frozen=True, slots=True)
class SpokenPhrase:
    """The phrase to say, and what to say after it (may be empty)."""

    label: str
    text: str
    then: str = ""
    kind: Literal["say"] = "say"


@dataclass(frozen=True, slots=True)
class Trap:
    """What to stay away from."""

    label: str
    text: str
    kind: Literal["trap"] = "trap"


@dataclass(frozen=True, slots=True)
class Note:
    """One recorded entry; `edit` is the action that opens it (empty: read only)."""

    text: str
    edit_action: str = ""


@dataclass(frozen=True, slots=True)
class NoteList:
    """What was recorded at this step."""

    label: str
    notes: tuple[Note, ...]
    more_text: str = ""
    kind: Literal["notes"] = "notes"


@dataclass(frozen=True, slots=True)
class InlineForm:
    """The note that this step is about, one form, on the card itself."""

    form: Form
    kind: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """At most four."""

    buttons: tuple[Button, ...]
    kind: Literal["buttons"] = "buttons"


Element = Progress | TextLine | SpokenPhrase | Trap | NoteList | InlineForm | ButtonRow


@dataclass(frozen=True, slots=True)
class Card:
    """The one card. `visit` goes back to us with every tap on it."""

    recovery_id: str
    card_revision: int
    title: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its buttons. `recovery`: whose they are, where that is not the same for all rows."""

    text: str
    buttons: tuple[Button, ...]
    recovery_id: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything else that can be done now. `where`: at which step the talk is."""

    recovery_id: str
    card_revision: int
    title: str
    groups: tuple[Group, ...]
    position: str = ""


@dataclass(frozen=True, slots=True)
class HomeView:
    """One person's talks, promises and settings. A row's buttons are taps on its recovery, or on no recovery."""

    title: str
    groups: tuple[Group, ...]
