"""What a button's action means: made in `guide` and `panel`, it travels through a platform and comes back here."""

from dataclasses import replace

from flows.errors import UnreadableAction
from flows.events import (
    Back,
    Choose,
    Close,
    Edit,
    Event,
    Jump,
    ObserverLeaves,
    OpenForm,
    PostSummary,
    Preview,
    Quiet,
    Record,
    Remove,
    Reopen,
    Skip,
    Snooze,
)
from flows.flow import FieldKind, Flow
from flows.panel import SNOOZES, digest
from flows.people import Person
from flows.recovery import Recovery, Version
from flows.values import Commitment, Fact, Promise

ANY_TIME = frozenset({"open", "kept"})
"""They mean the same on every card, and beside it."""


def read(flow: Flow, recovery: Recovery, action: str, visit: int, by: Person) -> Event:  # noqa: C901, PLR0911, PLR0912 - one line an action: a table
    """The event that a tap means.

    Raises:
        UnreadableAction: the guide makes no such button.

    """
    kind, _, subject = action.partition(":")
    if visit != recovery.visit and kind not in ANY_TIME:
        return Choose(by, subject, visit)  # of an earlier card: the engine says where the talk is
    match kind:
        case "choose":
            return Choose(by, subject, visit)
        case "back":
            return Back(by, visit)
        case "skip":
            return Skip(by, visit)
        case "jump":
            return Jump(by, subject, visit)
        case "open":
            return OpenForm(by, subject)
        case "snooze" if subject in {str(minutes) for minutes in SNOOZES}:
            return Snooze(by, int(subject))
        case "quiet" if subject in {"on", "off"}:
            return Quiet(by, subject == "on")
        case "remove":
            return Remove(by, subject)
        case "kept":
            return _kept(recovery, subject, by)
        case "take":
            return _take(flow, recovery, subject, by)
        case "unobserve":
            return ObserverLeaves(by, _observer(recovery, subject))
        case "preview" if subject in set(Version):
            return Preview(by, Version(subject))
        case "post" if subject in set(Version):
            return PostSummary(by, Version(subject), visit)
        case "close":
            return Close(by)
        case "reopen":
            return Reopen(by)
        case _:
            raise UnreadableAction


def _kept(recovery: Recovery, entry_id: str, by: Person) -> Event:
    """An entry that is gone or no commitment is answered by the engine."""
    entry = recovery.entry(entry_id)
    promise = entry.value if entry and isinstance(entry.value, Commitment) else Commitment("", "")
    return Edit(by, entry_id, replace(promise, state=Promise.KEPT))


def _take(flow: Flow, recovery: Recovery, seen: str, by: Person) -> Event:
    """The words that were in view, or none: the client may have written again."""
    field = flow.first_of(FieldKind.FACT)
    if field is None or not recovery.heard or seen not in {"", digest(recovery.heard)}:
        raise UnreadableAction
    return Record(by, field, Fact(recovery.heard))


def _observer(recovery: Recovery, user: str) -> Person:
    known = (person for person in recovery.observers if person.user == user)
    responder = recovery.responder
    return next(known, Person(responder.platform, responder.workspace, user))
