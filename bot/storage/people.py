"""What is stored of people: time zone, working hours, chosen language, and the recoveries that they observe."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from adapters.shared.storage import upsert
from bot.storage import tables as t
from flows.state.identity import Person
from flows.state.local_time.working_hours import WorkingHours
from flows.state.recovery import Recovery


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What we know of a person. `timezone`: an IANA name; `language`: the one they chose, or empty."""

    timezone: str
    working_hours: WorkingHours
    language: str


_CLEAR_OBSERVERS = delete(t.observer).where(t.observer.c.recovery_id == bindparam("of"))
_ADD_OBSERVERS = insert(t.observer)
_PERSON = select(t.person.c.timezone, t.person.c.working_hours, t.person.c.language).where(
    t.person.c.platform == bindparam("platform"),
    t.person.c.workspace == bindparam("workspace"),
    t.person.c.user_id == bindparam("user_id"),
)
_PERSON_KEY = ("platform", "workspace", "user_id")
_SAVE_TIME_ZONE = upsert(t.person, _PERSON_KEY, "timezone")
_SAVE_HOURS = upsert(t.person, _PERSON_KEY, "timezone", "working_hours")
_SAVE_LANGUAGE = upsert(t.person, _PERSON_KEY, "timezone", "language")


def find_person(tx: Connection, person: Person) -> PersonRecord | None:
    """What we know of a person."""
    row = tx.execute(_PERSON, person_key(person)).first()
    if row is None:
        return None
    if row.working_hours is None:
        return PersonRecord(row.timezone, WorkingHours(), row.language or "")
    days, start, end = row.working_hours
    return PersonRecord(row.timezone, WorkingHours(tuple(days), start, end), row.language or "")


def register_person(tx: Connection, person: Person, timezone: str) -> WorkingHours:
    """Store a person's time zone and return the working hours. The row stays locked, so they start one at a time."""
    tx.execute(_SAVE_TIME_ZONE[tx.dialect.name], person_key(person) | {"timezone": timezone})
    record = find_person(tx, person)
    return record.working_hours if record else WorkingHours()


def save_hours(tx: Connection, person: Person, timezone: str, hours: WorkingHours) -> None:
    """Remember when a person works."""
    row = person_key(person) | {"timezone": timezone, "working_hours": [hours.days, hours.start, hours.end]}
    tx.execute(_SAVE_HOURS[tx.dialect.name], row)


def save_language(tx: Connection, person: Person, timezone: str, language: str) -> None:
    """Remember the language that a person chose."""
    tx.execute(_SAVE_LANGUAGE[tx.dialect.name], person_key(person) | {"timezone": timezone, "language": language})


def save_observers(tx: Connection, recovery: Recovery) -> None:
    """Write down who observes, for looking it up by person."""
    tx.execute(_CLEAR_OBSERVERS, {"of": recovery.id})
    if recovery.observers:
        tx.execute(_ADD_OBSERVERS, [person_key(who) | {"recovery_id": recovery.id} for who in recovery.observers])


def person_key(person: Person) -> dict[str, Any]:
    """A person as columns."""
    return {"platform": person.platform, "workspace": person.workspace, "user_id": person.user_id}
