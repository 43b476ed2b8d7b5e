"""What people are shown, in neutral elements. Each platform converts them; `flows.screens.plain_text` does so too.

A `Card` is the one message that is edited in place. A `Form` (`flows.screens.inputs`) asks for answers, a `Panel` is
what "More" opens, a `Confirmation` asks back before a tap counts, and a `HomeView` shows one person all of their
recoveries. Every string here is plain text as typed or translated: escaping is the converter's task.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from flows.screens.inputs import Form
from flows.state.identity import Place
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
    OPENS_GUIDE = "opens_guide"
    """Leads to this person's card of the recovery. It is a link where the platform has one, and changes nothing."""
    OPENS_THREAD = "opens_thread"
    """Leads to the account thread, as a link. It is left out where the platform has none."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap. `action` comes back to us unchanged, with the recovery and the revision of its card.

    `confirmation`: the question to ask before the tap counts (empty: none).
    `is_current`: leads to where we are; it is marked, and a tap on it does no harm.
    """

    label: str
    action: str
    kind: ButtonKind = ButtonKind.ORDINARY
    is_main: bool = False
    confirmation: str = ""
    is_current: bool = False


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
    """What to stay away from. It folds, with the notes."""

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
    """What was recorded at this step. It folds behind its label, which says how many there are."""

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
class Chip:
    """A choice that one tap makes or takes back. `action` says which of the two, so that a second tap does no harm."""

    label: str
    action: str
    is_selected: bool = False
    kind: ButtonKind = ButtonKind.ORDINARY


@dataclass(frozen=True, slots=True)
class ChipRow:
    """Choices that a tap makes at once, without a form.

    `allows_several`: whether more than one can be selected. `is_list`: the labels are sentences, one to a line.
    `hides_label`: what stands above says already what is chosen, so that the label is only for those who cannot see it.
    """

    label: str
    chips: tuple[Chip, ...]
    allows_several: bool = False
    is_list: bool = False
    hides_label: bool = False
    kind: Literal["chips"] = "chips"


AGO = "{ago}"
"""What stands in a time mark for the time since, such as "3 minutes ago"."""


@dataclass(frozen=True, slots=True)
class TimeMark:
    """Something that happened at a time.

    `label` has `AGO` where the time since is to stand, for those who can count it in view. `text` says the same with
    the time of day.
    """

    label: str
    epoch_seconds: float
    text: str


@dataclass(frozen=True, slots=True)
class Elapsed:
    """How long ago the recovery began and the client last wrote, to be shown quietly."""

    marks: tuple[TimeMark, ...]
    kind: Literal["elapsed"] = "elapsed"


@dataclass(frozen=True, slots=True)
class ClientMessage:
    """What the client wrote in the thread, not noted yet. `button` notes all of it; `text` may be its beginning."""

    label: str
    text: str
    button: Button
    kind: Literal["client_message"] = "client_message"


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


Element = (
    Progress
    | Elapsed
    | TextLine
    | SpokenPhrase
    | ChipRow
    | InlineForm
    | ClientMessage
    | SummaryText
    | ButtonRow
    | NoteList
    | Trap
)


@dataclass(frozen=True, slots=True)
class Card:
    """The one card. `card_revision` comes back to us with every tap on it. `is_open`: its recovery is not closed.

    The elements stand in the order in which they are needed: what folds comes last.
    """

    recovery_id: str
    card_revision: int
    title: str
    elements: tuple[Element, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its buttons.

    `recovery_id`: of which recovery they are, where it is not the same for all rows; `place`: of its account thread.
    `is_strip`: the buttons are the numbered steps, in their order. `must_stay`: where a platform takes no more rows,
    others are left out first. `is_copyable`: the text is the reader's own, to be taken elsewhere.
    """

    text: str
    buttons: tuple[Button, ...]
    recovery_id: str = ""
    place: Place | None = None
    is_strip: bool = False
    must_stay: bool = False
    is_copyable: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """What "More" opens, or the reader's own words with their hints. `position`: at which step the recovery is.

    `stays_open`: people tap in it several times in a row.
    """

    recovery_id: str
    card_revision: int
    title: str
    groups: tuple[Group, ...]
    position: str = ""
    stays_open: bool = False


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
