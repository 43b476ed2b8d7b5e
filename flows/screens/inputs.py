"""Forms and their inputs, in neutral elements. Each platform converts them; answers are read by `flows.input`.

Every string here is plain text as typed or translated: escaping is the converter's task.
`is_secondary`: seldom needed, so that it folds, or stands last.
"""

from dataclasses import dataclass
from typing import Literal


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
    is_secondary: bool = False
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
    is_secondary: bool = False
    kind: Literal["pick"] = "pick"


@dataclass(frozen=True, slots=True)
class TimeInput:
    """A date and time: typed freely, picked from `choices`, each `(answer, label)`, or picked in a calendar.

    `value`: local ISO 8601 to the minute, or empty; `epoch_seconds`: the same time; `text`: the same for reading.
    The answer is what was typed, the answer of a choice, local ISO 8601 or epoch seconds.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    is_required: bool = False
    epoch_seconds: float | None = None
    text: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_secondary: bool = False
    kind: Literal["when"] = "when"


@dataclass(frozen=True, slots=True)
class PersonInput:
    """A person of this platform."""

    name: str
    label: str
    is_secondary: bool = False
    kind: Literal["who"] = "who"


Input = TextInput | ChoiceInput | TimeInput | PersonInput


@dataclass(frozen=True, slots=True)
class Form:
    """Asks for answers. `id` comes back to us with them. `may_repeat`: people seldom send only one of it.

    `replaces_dialog`: it takes turns with the panel that answers it, and so is not put on top of where it is opened.
    """

    id: str
    title: str
    inputs: tuple[Input, ...]
    submit_label: str
    note: str = ""
    may_repeat: bool = False
    replaces_dialog: bool = False
