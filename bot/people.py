"""What we know of people: where they are, when they work, which language they chose, and whose talks they watch."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from adapters.storage import upsert
from bot import tables as t
from flows.hours import Hours
from flows.people import Person
from flows.recovery import Recovery


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of a person. `timezone`: an IANA name; `language`: the one they chose, or empty."""

    timezone: str
    hours: Hours
    language: str


_UNWATCH = delete(t.observer).where(t.observer.c.recovery_id == bindparam("of"))
_WATCH = insert(t.observer)
_PERSON = select(t.person.c.timezone, t.person.c.hours, t.person.c.language).where(
    t.person.c.platform == bindparam("platform"),
    t.person.c.workspace == bindparam("workspace"),
    t.person.c.user_id == bindparam("user_id"),
)
_PERSON_KEY = ("platform", "workspace", "user_id")
_KNOW_ZONE = upsert(t.person, _PERSON_KEY, "timezone")
_KNOW_HOURS = upsert(t.person, _PERSON_KEY, "timezone", "hours")
_KNOW_LANGUAGE = upsert(t.person, _PERSON_KEY, "timezone", "language")


def person(tx: Connection, who: Person) -> Known | None:
    """What we know of a person."""
    row = tx.execute(_PERSON, key(who)).first()
    if row is None:
        return None
    if row.hours is None:
        return Known(row.timezone, Hours(), row.language or "")
    days, start, end = row.hours
    return Known(row.timezone, Hours(tuple(days), start, end), row.language or "")


def arrived(tx: Connection, who: Person, timezone: str) -> Hours:
    """Remember where a person is, and return when they work. Until the end of the transaction they start one talk."""
    tx.execute(_KNOW_ZONE[tx.dialect.name], key(who) | {"timezone": timezone})
    known = person(tx, who)
    return known.hours if known else Hours()


def know_hours(tx: Connection, who: Person, timezone: str, hours: Hours) -> None:
    """Remember when a person works."""
    row = key(who) | {"timezone": timezone, "hours": [hours.days, hours.start, hours.end]}
    tx.execute(_KNOW_HOURS[tx.dialect.name], row)


def know_language(tx: Connection, who: Person, timezone: str, language: str) -> None:
    """Remember the language that a person chose."""
    tx.execute(_KNOW_LANGUAGE[tx.dialect.name], key(who) | {"timezone": timezone, "language": language})


def observe(tx: Connection, recovery: Recovery) -> None:
    """Write down who observes, for looking it up by person."""
    tx.execute(_UNWATCH, {"of": recovery.id})
    if recovery.observers:
        tx.execute(_WATCH, [key(who) | {"recovery_id": recovery.id} for who in recovery.observers])


def key(who: Person) -> dict[str, Any]:
    """A person as columns."""
    return {"platform": who.platform, "workspace": who.workspace, "user_id": who.user}
