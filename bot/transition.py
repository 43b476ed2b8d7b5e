"""The durable half of a transition: every effect becomes rows in the transaction that made it so."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import store
from bot.library import Library
from flows.effects import (
    ClearTimer,
    Effect,
    Passed,
    PostLineToThread,
    PostSummaryToThread,
    Recorded,
    SetTimer,
    ShowCard,
    Unrecorded,
    Whisper,
)
from flows.flow import Flow
from flows.people import Person
from flows.recovery import Recovery, Version
from flows.summary import summary
from flows.voice import Voice, line_text, whisper_text

Mail = tuple[str, str, dict[str, Any]]


async def apply(
    tx: AsyncConnection,
    flow: Flow,
    recovery: Recovery,
    version: int,
    effects: tuple[Effect, ...],
    library: Library,
    now: float,
) -> None:
    """Write what a transition asked for: records, timers, and mail for the outbox in its order.

    `version` names the transition, so that no message of it is ever sent twice.
    """
    voice = library.voice(recovery.language, recovery.timezone)
    mail: list[Mail] = []
    for number, effect in enumerate(effects):
        match effect:
            case Recorded(entry=entry):
                await store.put_entry(tx, recovery.id, entry)
            case Unrecorded(entry=entry_id):
                await store.drop_entry(tx, recovery.id, entry_id)
            case Passed(passage=passage):
                await store.add_passage(tx, recovery.id, passage)
            case SetTimer(name=name, due=due):
                await store.set_timer(tx, recovery.id, name, due)
            case ClearTimer(name=name):
                await store.clear_timer(tx, recovery.id, name)
            case ShowCard() | Whisper() | PostLineToThread() | PostSummaryToThread():
                lane, body = _mail(flow, recovery, effect, voice)
                mail.append((lane, f"{recovery.id}:{version}:{number}", body))
            case _:  # a form answers the request itself
                continue
    if mail:
        await store.send(tx, recovery.id, now, mail)


def _mail(
    flow: Flow,
    recovery: Recovery,
    effect: ShowCard | Whisper | PostLineToThread | PostSummaryToThread,
    voice: Voice,
) -> tuple[str, dict[str, Any]]:
    place = recovery.place
    thread = f"{place.platform}:{place.workspace}:{place.conversation}"
    match effect:
        case ShowCard(to=to):
            return _private(to), {"kind": "card", "to": _person(to)}
        case Whisper(to=to, nudge=nudge):
            text = whisper_text(flow, recovery, effect, voice)
            return _private(to), {"kind": "whisper", "to": _person(to), "text": text, "nudge": nudge}
        case PostLineToThread():
            return thread, {"kind": "post", "text": line_text(effect, voice), "internal": False}
        case PostSummaryToThread(version=version):
            text = summary(flow, recovery, version, voice)
            return thread, {"kind": "post", "text": text, "internal": version is Version.INTERNAL}


def _private(person: Person) -> str:
    return f"{person.platform}:{person.workspace}:@{person.user}"


def _person(person: Person) -> dict[str, str]:
    names = ("platform", "workspace", "user", "name")
    return {name: getattr(person, name) for name in names}
