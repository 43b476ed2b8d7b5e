"""How a talk begins, and to which account thread it belongs."""

import uuid

from sqlalchemy import Connection

from adapters.port import Answer, Filled, Scene, Typed
from bot import accounts, lists, people, store
from bot.accounts import Home
from bot.library import Library
from bot.transition import Done, done, write
from bot.turn import Taken, Told, always, scoped, turn
from flows import answers, forms, typed
from flows.answers import Beginning, Faults
from flows.commands import Command
from flows.engine import advance
from flows.events import Bind, Record, Start
from flows.flow import FieldKind, Flow
from flows.people import Person
from flows.recovery import Recovery
from flows.voice import Voice

_IDS = uuid.UUID("6f0c0a52-6a55-4a0e-9d0e-6f1f0c8f7b10")


def asked(tx: Connection, library: Library, begun: Typed, command: Command, voice: Voice, now: float) -> Taken:
    """Somebody typed the command to start, with an account or without, with a link to a thread or without."""
    account = command.rest
    if begun.linked:
        running = _running(lists.leading(tx, begun.by), account)
        if len(running) == 1:
            return _bind(tx, library, running[0], begun, now)
        if running:
            accounts_led = ", ".join(recovery.account for recovery in running)
            return Taken(Answer(notice=voice.say("bind.which", accounts=accounts_led)))
    if not account and (here := _here(tx, begun.by, begun.scene)):
        return Taken(Answer(recovery=here.id, notice=voice.say("command.already", account=here.account)))
    account = account or accounts.recognised(tx, begun.scene.place)
    if not account:
        return Taken(Answer(dialog=forms.start(voice, command.flow), language=voice.language))
    beginning = answers.beginning({"account": account}, voice)
    if isinstance(beginning, Faults):
        fault = beginning.of["account"]
        return Taken(Answer(notice=fault, faults={"text": fault}))
    return start(tx, library, begun, beginning, command.flow, voice, now)


def start(
    tx: Connection,
    library: Library,
    begun: Typed | Filled,
    beginning: Beginning,
    flow_id: str,
    voice: Voice,
    now: float,
) -> Taken:
    """Begin a talk, once however often it is asked for, unless this person is in one there already."""
    by, scene, account = begun.by, begun.scene, beginning.account
    flow = library.start(flow_id)
    inbox_id = scoped(begun.event_id, by)
    recovery_id = uuid.uuid5(_IDS, inbox_id).hex
    hours = people.arrived(tx, by, scene.timezone)
    home = accounts.home(tx, account, by, Home(scene.place, scene.shared))
    already = store.in_place(tx, home.place, led_by=by, open_only=True) if home.place.conversation else []
    if already and recovery_id not in already:
        running = store.load(tx, already[0])
        notice = voice.say("command.already", account=running.account if running else "")
        return Taken(Answer(recovery=already[0], notice=notice))
    answer = Answer(recovery=recovery_id, notice=voice.say("command.started", account=account), language=voice.language)
    if not store.take_in(tx, inbox_id, recovery_id, now):
        return Taken(answer)
    event = Start(recovery_id, by, account, home.place, voice.language, scene.timezone, home.shared, hours)
    recovery, effects = advance(flow, None, event, now)
    if not store.add(tx, recovery):
        return Taken(answer)
    accounts.remember(tx, account, home, now)
    happened = [done(library, flow, recovery, 0, event, effects, now)]
    happened += _first_facts(library, flow, happened[0], by, beginning, now)
    write(tx, happened, now)
    return Taken(answer, tuple(effect for one in happened for effect in one.effects))


def _first_facts(library: Library, flow: Flow, begun: Done, by: Person, beginning: Beginning, now: float) -> list[Done]:
    """What the client wrote becomes the first facts, in their words."""
    field = flow.first_of(FieldKind.FACT)
    happened = [begun]
    for fact in beginning.facts if field else ():
        recovery, version = happened[-1].found
        event = Record(by, field or "", fact)
        after, effects = advance(flow, recovery, event, now)
        happened.append(done(library, flow, after, version, event, effects, now))
    return happened[1:]


def _here(tx: Connection, by: Person, scene: Scene) -> Recovery | None:
    """The talk that this person leads where they are."""
    place = scene.place
    mine = store.in_place(tx, place, led_by=by, open_only=True) if place.conversation else []
    return store.load(tx, mine[0]) if mine else None


def _running(leading: list[Recovery], account: str) -> list[Recovery]:
    """The talks that a link can be meant for: those with this account, or all where none is named."""
    return [recovery for recovery in leading if not account or typed.key(recovery.account) == typed.key(account)]


def _bind(tx: Connection, library: Library, recovery: Recovery, begun: Typed, now: float) -> Taken:
    home = Home(begun.scene.place, begun.scene.shared)
    voice = library.voice(recovery.language, recovery.timezone)
    event = Bind(begun.by, home.place, home.shared)
    taken = turn(tx, library, Told(begun.event_id, begun.by, recovery.id), always(event), now)
    if taken.answer.notice or not taken.effects:
        return taken
    accounts.remember(tx, recovery.account, home, now)
    key = "bind.same" if recovery.place == home.place else "bind.done"
    return Taken(Answer(recovery=recovery.id, notice=voice.say(key)), taken.effects)
