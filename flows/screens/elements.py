"""What people are shown, in neutral elements. Each platform converts them; `flows.screens.plain_text` does so too.

A `Card` is the one message that is edited in place. A `Form` asks for answers, a `Panel` is what "More" opens, a
`Confirmation` asks back before a tap counts, and a `HomeView` shows one person all of their recoveries.
Every string here is plain text as typed or translated: escaping is the converter's task.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from flows.wording.document import Document


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


class ButtonKind(StrEnum):
    """What a platform has to know of a button to show it well. What the button does stands in its action."""

    ORDINARY = "ordinary"
    OPENS_DIALOG = "opens_dialog"
    """Opens a form. Nothing changes yet."""
    OPENS_MORE = "opens_more"
    """Opens the panel with everything else that can be done."""
    POSTS_SUMMARY = "posts_summary"
    """Posts to the account thread."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap. `action` comes back to us unchanged, with the recovery and the revision of its card.

    `confirmation`: the question to ask before the tap counts (empty: none).
    """

    label: str
    action: str
    kind: ButtonKind = ButtonKind.ORDINARY
    is_main: bool = False
    confirmation: str = ""


@dataclass(frozen=True, slots=True)
class TextInput:
    """A typed answer of at most `limit` characters. `suggestions` are words to choose from; others may be typed too."""

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
    """A choice of one or several options, each `(id, label)`. `selected_ids`: of those that are chosen already."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    selected_ids: tuple[str, ...] = ()
    allows_several: bool = False
    is_required: bool = False
    kind: Literal["pick"] = "pick"


@dataclass(frozen=True, slots=True)
class TimeInput:
    """A date and time. `value`: local ISO 8601 to the minute, or empty; `epoch_seconds`: the same time."""

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
    """Asks for answers. `id` comes back to us with them. `may_repeat`: people seldom send only one of it."""

    id: str
    title: str
    inputs: tuple[Input, ...]
    submit_label: str
    note: str = ""
    may_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the recovery is: `number` of `total` (0: the closing step), and every numbered step's title and state."""

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
    """One recorded entry, and the button that opens it (None: this person may only read it)."""

    text: str
    edit: Button | None = None


@dataclass(frozen=True, slots=True)
class NoteList:
    """What was recorded at this step."""

    label: str
    notes: tuple[Note, ...]
    more_text: str = ""
    kind: Literal["notes"] = "notes"


@dataclass(frozen=True, slots=True)
class InlineForm:
    """The note that this step is about: one form, on the card itself.

    `button` opens the same form, for a platform whose messages can hold no input.
    """

    form: Form
    button: Button
    kind: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True)
class SummaryText:
    """The summary as it would be posted."""

    document: Document
    kind: Literal["summary"] = "summary"


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """At most four."""

    buttons: tuple[Button, ...]
    kind: Literal["buttons"] = "buttons"


Element = Progress | TextLine | SpokenPhrase | Trap | NoteList | InlineForm | SummaryText | ButtonRow


@dataclass(frozen=True, slots=True)
class Card:
    """The one card. `card_revision` comes back to us with every tap on it. `is_open`: its recovery is not closed."""

    recovery_id: str
    card_revision: int
    title: str
    elements: tuple[Element, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its buttons. `recovery_id`: of which recovery they are, where it is not the same for all rows."""

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
    """Everything else that can be done now. `position`: at which step the recovery is."""

    recovery_id: str
    card_revision: int
    title: str
    groups: tuple[Group, ...]
    position: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A question before a tap counts. Both buttons are taps on this recovery and this revision of its card."""

    recovery_id: str
    card_revision: int
    title: str
    question: str
    confirm: Button
    cancel: Button


@dataclass(frozen=True, slots=True)
class HomeView:
    """One person's recoveries, promises and settings. A row's buttons are taps on its recovery, or on no recovery."""

    title: str
    groups: tuple[Group, ...]
