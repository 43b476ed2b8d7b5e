"""A talk with Acme, as Ana leads it: its export was empty on Monday, and nobody called back."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.storage import flow_registry
from flows.engine.advance import advance
from flows.screens.elements import HomeView
from flows.screens.home import OpenCommitment, RecoveryWithFlow, home_screen
from flows.state.entries import Commitment, Fact, Feeling, Level, Moment, Selection, Text
from flows.state.events import AddObserver, StartRecovery, TimerDue
from flows.state.identity import Person, Place
from flows.state.working_hours import ALL_HOURS
from tests.conftest import NOON
from tests.flows.rehearsal import DAY, HOUR, Rehearsal

SHIPPED = flow_registry.load_registry("trust-recovery", None)
USERS = {"Ana": "U0ANA", "Ben": "U0BEN", "Kim": "U0KIM"}
CHANNELS = {"acct-acme": "C0ACME"}
ANA, BEN = (Person("slack", "T0NORTH", USERS[name], name) for name in ("Ana", "Ben"))
THREAD = Place("slack", "T0NORTH", "C0ACME", "1799999000.000100")
WROTE = "Four days. Our board opened the export on Monday and it was empty. Nobody has called us back."


@dataclass(frozen=True, slots=True)
class Told:
    """What of a talk: its id, who leads it, and with which client."""

    recovery: str
    by: Person
    account: str


def begun(told: Told) -> Rehearsal:
    """A talk that has just begun, in Madrid, on a Friday at nine."""
    flow = SHIPPED.newest_or_default("trust-recovery")
    start = StartRecovery(told.recovery, told.by, told.account, THREAD, "en", "Europe/Madrid")
    recovery, effects = advance(flow, None, start, NOON)
    return Rehearsal(flow, recovery, effects)


def getting_facts() -> Rehearsal:
    """The client talks; nothing is noted yet."""
    talk = begun(Told("r", ANA, "Acme"))
    talk.later(2)
    talk.tap("ready")
    return talk


def giving_back() -> Rehearsal:
    """Step four: facts, a feeling and the words that Ana used are noted."""
    talk = getting_facts()
    for fact in ("the export was empty on Monday", "nobody called you back"):
        talk.note("facts", Fact(fact))
    talk.later(6)
    talk.tap("all_said")
    talk.note("feeling", Feeling("ignored", 3))
    talk.later(3)
    talk.tap("confirmed")
    talk.note("words", Text("An empty export, four days, and not one call"))
    return talk


def watched() -> Rehearsal:
    """The same, with Ben as an observer."""
    talk = giving_back()
    talk.do(AddObserver(ANA, BEN))
    return talk


def promised() -> Rehearsal:
    """Agreed: who does what by when."""
    talk = giving_back()
    talk.later(4)
    talk.tap("yes")
    talk.later(1)
    talk.tap("nothing")
    talk.note("frame", Text("exports were not checked before they went out"))
    talk.later(3)
    talk.tap("agreed")
    talk.note("our_part", Text("I did not call back"))
    talk.later(4)
    talk.tap("done")
    talk.note("commitment", Commitment("Ana", "send a checked export", NOON + 6 * HOUR))
    talk.note("commitment", Commitment("Ben", "check every export before it goes out", NOON + 4 * DAY))
    talk.note("next_update", Moment(NOON + 3 * HOUR))
    return talk


def ended() -> Rehearsal:
    """The end: the summary is in view."""
    talk = promised()
    talk.later(6)
    talk.tap("agreed")
    talk.note("outcome", Selection(("improving",)))
    talk.note("temperature_close", Level(2))
    talk.later(1)
    talk.tap("finish")
    return talk


def nudged(talk: Rehearsal) -> str:
    """What comes an hour before the first promise is due."""
    owed = next(entry for entry in talk.recovery.entries if isinstance(entry.value, Commitment))
    talk.now += 5 * HOUR
    talk.do(TimerDue(f"due:{owed.id}"))
    (text,) = talk.said(ANA)
    return text


def at_home(talk: Rehearsal) -> HomeView:
    """What Ana has to do with: this talk, another one of hers, and one of Ben's."""
    mine, his = others()
    owed = [
        OpenCommitment(talk.recovery.id, talk.recovery.account, entry.id, entry.value)
        for entry in talk.recovery.entries
        if isinstance(entry.value, Commitment)
    ]
    # Hours of the day would be drawn wrongly on Slack: the library there looks for an emoji between any two colons.
    talks = [RecoveryWithFlow(one.flow, one.recovery) for one in (talk, mine)]
    return home_screen(talks, [RecoveryWithFlow(his.flow, his.recovery)], owed, talk.voice, ALL_HOURS)


def others() -> Iterable[Rehearsal]:
    """Another talk of Ana's, and one of Ben's that she watches."""
    mine, his = begun(Told("s", ANA, "Borg")), begun(Told("t", BEN, "Caldera"))
    mine.taps("ready")
    his.taps("ready", "all_said")
    return mine, his
