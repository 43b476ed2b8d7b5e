"""One turn of a talk: lock it, take the event in once, advance, write; and what the request is answered with."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from adapters.port import Answer, Filled, Tapped
from bot import store
from bot.library import Library
from bot.transition import Effects, done, write
from flows import forms, guide
from flows.answers import Faults
from flows.cards import Card, Form, Panel
from flows.effects import ShowForm
from flows.engine import advance
from flows.errors import TrustRecoverError
from flows.events import Event
from flows.flow import Flow
from flows.panel import panel
from flows.people import Person
from flows.permission import may_see
from flows.recovery import Recovery
from flows.voice import Voice


@dataclass(frozen=True, slots=True)
class Told:
    """That something happens to a recovery: once by its `event_id`, through this person."""

    event_id: str
    by: Person
    recovery: str
    card: bool = False


Read = Callable[[Flow, Recovery, Voice, float], Event | Faults]


@dataclass(frozen=True, slots=True)
class Taken:
    """What one transaction came to: the answer, and the effects to wake others for."""

    answer: Answer
    effects: Effects = ()


def turn(
    tx: Connection,
    library: Library,
    told: Told | Tapped | Filled,
    read: Read,
    now: float,
    *,
    member: bool = True,
) -> Taken:
    """Let something happen to a recovery of this person's workspace. What only answers this request leaves no trace.

    `member`: only who takes part may do that, and the engine is not asked about anybody else.
    """
    recovery_id, by = told.recovery, told.by
    found = store.locked(tx, recovery_id, by)
    if found is None:
        return Taken(Answer(notice=library.voice("en", "UTC").say("error.unknown"), refused=True))
    recovery, version = found
    voice = library.voice(recovery.language, recovery.timezone)
    if member and not may_see(recovery, by):
        tx.rollback()
        return Taken(Answer(notice=voice.say("refused.outsider"), language=voice.language, refused=True))
    flow = library.of(tx, recovery.flow, recovery.flow_version)
    shown = partial(_shown, flow, told, voice)
    said = partial(Answer, recovery=recovery_id, language=voice.language, place=recovery.place)
    if not store.take_in(tx, scoped(told.event_id, by), recovery_id, now):
        return Taken(said(card=shown(recovery)))
    try:
        event = read(flow, recovery, voice, now)
    except TrustRecoverError:
        tx.rollback()
        return Taken(said(notice=voice.say("error.gone"), card=shown(recovery)))
    if isinstance(event, Faults):
        tx.rollback()
        return Taken(said(faults=event.of, card=shown(recovery)))
    after, effects = advance(flow, recovery, event, now)
    opened = next((effect for effect in effects if isinstance(effect, ShowForm)), None)
    answer = said(dialog=_dialog(flow, after, opened, voice), card=shown(after))
    if after is recovery and len(effects) == (opened is not None):
        tx.rollback()
        return Taken(answer)
    write(tx, [done(library, flow, after, version, event, effects, now)], now)
    return Taken(answer, effects)


def always(event: Event) -> Read:
    """Read as this event, whatever the recovery is like."""
    return lambda _flow, _recovery, _voice, _now: event


def scoped(event_id: str, by: Person) -> str:
    """An event's id, unique over platforms and workspaces."""
    return f"{by.platform}:{by.workspace}:{event_id}"


def _shown(flow: Flow, told: Told | Tapped | Filled, voice: Voice, recovery: Recovery) -> Card | None:
    """The card as it is then, for who asked to be answered with it."""
    return guide.card(flow, recovery, told.by, voice) if told.card else None


def _dialog(flow: Flow, recovery: Recovery, opened: ShowForm | None, voice: Voice) -> Form | Panel | None:
    if opened is None:
        return None
    return panel(flow, recovery, voice) if opened.form == "more" else forms.form(flow, recovery, opened.form, voice)
