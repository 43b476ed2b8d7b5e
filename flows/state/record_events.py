"""What happens to the record of a recovery. `actor` is the person who did it, `field_id` an id of the flow."""

from dataclasses import dataclass

from flows.state.entries import Value
from flows.state.identity import Person


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """Record a new entry."""

    actor: Person
    field_id: str
    value: Value


@dataclass(frozen=True, slots=True)
class EditEntry:
    """Give an entry another value."""

    actor: Person
    entry_id: str
    value: Value


@dataclass(frozen=True, slots=True)
class RemoveEntry:
    """Remove an entry from the record."""

    actor: Person
    entry_id: str


@dataclass(frozen=True, slots=True)
class RestoreEntry:
    """Undo the last removal of an entry."""

    actor: Person
    entry_id: str


@dataclass(frozen=True, slots=True)
class ChooseOption:
    """Choose an option of a field, or take the choice back (not `is_chosen`).

    `option`: an option's id of a feeling or pick, or a level. It is not read where a field of another kind is emptied.
    """

    actor: Person
    field_id: str
    option: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RepeatFact:
    """Give this fact back to the client, or no longer (`is_repeated`)."""

    actor: Person
    entry_id: str
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class SnoozeReminder:
    """Remind of this promise or promised update again later."""

    actor: Person
    entry_id: str
