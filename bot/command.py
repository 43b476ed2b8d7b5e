"""What is typed after `/trust-recover` about a talk that runs."""

from dataclasses import replace

from sqlalchemy import Connection

from adapters.port import Answer, Typed
from bot import lists, people, store
from bot.library import Library
from bot.turn import Read, Taken, Told, always, turn
from flows import guide, plain
from flows.commands import Command, Word
from flows.events import Close, HandOver, OpenForm, Preview, Quiet
from flows.people import Person
from flows.voice import Voice


def said(tx: Connection, library: Library, typed: Typed, command: Command, voice: Voice, now: float) -> Taken:
    """Do what was typed with the talk that is meant, or say why not."""
    mine = _meant(tx, typed, closed_too=command.word is Word.SUMMARY)
    if not mine:
        return Taken(Answer(notice=voice.say("command.none")))
    if len(mine) > 1:
        return Taken(Answer(notice=voice.say("command.which", accounts=", ".join(_accounts(tx, mine)))))
    if command.word is Word.STATUS:
        return Taken(_status(tx, library, mine[0], typed.by))
    told = ""
    read: Read
    by, who = typed.by, typed.who
    match command.word:
        case Word.SUMMARY:
            read, told = _preview(by), voice.say("command.summary")
        case Word.STOP:
            read, told = always(Close(by)), voice.say("command.stopped")
        case Word.HANDOVER if who is None:
            read = always(OpenForm(by, "hand_over"))
        case Word.HANDOVER if who is not None:
            read = always(knowing(tx, HandOver(by, who)))
        case _:
            read = always(Quiet(by, on=command.rest.lower() != "off"))
    taken = turn(tx, library, Told(typed.event_id, by, mine[0]), read, now)
    return Taken(Answer(recovery=mine[0], notice=told), taken.effects) if told else taken


def knowing(tx: Connection, event: HandOver) -> HandOver:
    """The same hand-over, with what we know of when and where the new responder works."""
    known = people.person(tx, event.to)
    return event if known is None else replace(event, timezone=known.timezone, hours=known.hours)


def _meant(tx: Connection, typed: Typed, *, closed_too: bool) -> list[str]:
    """The talks of this person that can be meant: the newest one here, in this conversation, or all that they lead."""
    place, by = typed.scene.place, typed.by
    if place.conversation:
        here = store.in_place(tx, place, led_by=by, open_only=True)
        here = here or store.in_conversation(tx, place, led_by=by)
        if not here and closed_too:
            here = store.in_place(tx, place, led_by=by, open_only=False)
        if here:
            return here[:1]
    return [recovery.id for recovery in lists.leading(tx, by)]


def _accounts(tx: Connection, recoveries: list[str]) -> list[str]:
    return [recovery.account for one in recoveries if (recovery := store.load(tx, one))]


def _status(tx: Connection, library: Library, recovery_id: str, by: Person) -> Answer:
    recovery = store.load(tx, recovery_id)
    if recovery is None:
        return Answer()
    flow = library.of(tx, recovery.flow, recovery.flow_version)
    voice = library.voice(recovery.language, recovery.timezone)
    return Answer(recovery=recovery_id, notice=plain.card_text(guide.card(flow, recovery, by, voice)))


def _preview(by: Person) -> Read:
    """Read as a look at the summary that may be posted."""
    return lambda _flow, recovery, _voice, _now: Preview(by, recovery.chosen)
