"""What the responder does with a draft of theirs. The coach judged the texts before; the engine keeps what it said."""

from dataclasses import dataclass

from flows.state.identity import Person
from flows.state.words import CheckedText


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """Somebody asks for hints on their words."""

    actor: Person
    checked_text: CheckedText


@dataclass(frozen=True, slots=True)
class UseBetterWording:
    """Put a hint's better sentence into the draft. `checked_text`: the draft with it."""

    actor: Person
    hint_key: str
    checked_text: CheckedText


@dataclass(frozen=True, slots=True)
class DismissHint:
    """Put a hint away. `is_meant`: the responder wants these words; else it is only to clear the view."""

    actor: Person
    hint_key: str
    is_meant: bool


@dataclass(frozen=True, slots=True)
class UndoDraft:
    """Bring the wording before back."""

    actor: Person


@dataclass(frozen=True, slots=True)
class ShowMoreHints:
    """Bring the hints behind the first into view."""

    actor: Person
