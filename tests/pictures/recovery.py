"""A recovery with Acme, as Ana leads it: its export was empty on Monday, and nobody called back."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.storage import flow_registry
from bot.storage.coach_rules import load_coach
from flows.coach.recovery_context import checked_text
from flows.engine.advance import advance
from flows.screens.elements import HomeView
from flows.screens.home import OpenCommitment, RecoveryWithFlow, home_screen
from flows.state.draft_events import CheckDraft
from flows.state.entries import Commitment, Fact, Feeling, Level, Moment, Selection, Text
from flows.state.events import AddObserver, StartRecovery, TimerDue
from flows.state.identity import Person, Place
from flows.state.local_time.working_hours import ALL_HOURS
from tests.conftest import NOON
from tests.flows.recovery_driver import DAY, HOUR, RecoveryDriver

SHIPPED = flow_registry.load_registry("trust-recovery", None)
USERS = {"Ana": "U0ANA", "Ben": "U0BEN", "Kim": "U0KIM"}
CHANNELS = {"acct-acme": "C0ACME"}
ANA, BEN = (Person("slack", "T0NORTH", USERS[name], name) for name in ("Ana", "Ben"))
THREAD = Place("slack", "T0NORTH", "C0ACME", "1799999000.000100")
WROTE = "Four days. Our board opened the export on Monday and it was empty. Nobody has called us back."


@dataclass(frozen=True, slots=True)
class RecoveryDetails:
    """What of a recovery: its id, who leads it, and with which client."""

    recovery: str
    by: Person
    account: str


def begun(details: RecoveryDetails) -> RecoveryDriver:
    """A recovery that has just begun, in Madrid, on a Friday at nine."""
    flow = SHIPPED.newest_or_default("trust-recovery")
    start = StartRecovery(details.recovery, details.by, details.account, THREAD, "en", "Europe/Madrid")
    recovery, effects = advance(flow, None, start, NOON)
    return RecoveryDriver(flow, recovery, effects)


def getting_facts() -> RecoveryDriver:
    """The client talks; nothing is noted yet."""
    driver = begun(RecoveryDetails("r", ANA, "Acme"))
    driver.later(2)
    driver.tap("ready")
    return driver


def giving_back() -> RecoveryDriver:
    """Step four: facts, a feeling and the words that Ana used are noted."""
    driver = getting_facts()
    for fact in ("Our board opened an empty export on Monday", "Nobody called us back"):
        driver.note("facts", Fact(fact))
    driver.later(6)
    driver.tap("all_said")
    driver.note("feeling", Feeling("ignored", 3))
    driver.later(3)
    driver.tap("confirmed")
    driver.note("words", Text("An empty export, four days, and not one call"))
    return driver


DRAFT = "Hi Kim, sorry for any inconvenience. Calm down, please. I will call you tomorrow at 10."


def words_checked() -> RecoveryDriver:
    """Ana has her words checked at step four."""
    driver = giving_back()
    driver.do(CheckDraft(ANA, checked_text(load_coach(), driver.flow, driver.recovery, DRAFT, driver.now)))
    return driver


def observed_recovery() -> RecoveryDriver:
    """The same, with Ben as an observer."""
    driver = giving_back()
    driver.do(AddObserver(ANA, BEN))
    return driver


def promised() -> RecoveryDriver:
    """Agreed: who does what by when."""
    driver = giving_back()
    driver.later(4)
    driver.tap("yes")
    driver.later(1)
    driver.tap("nothing")
    driver.note("frame", Text("exports were not checked before they went out"))
    driver.later(3)
    driver.tap("agreed")
    driver.note("our_part", Text("I did not call back"))
    driver.later(4)
    driver.tap("done")
    driver.note("commitment", Commitment("Ana", "send a checked export", NOON + 6 * HOUR))
    driver.note("commitment", Commitment("Ben", "check every export before it goes out", NOON + 4 * DAY))
    driver.note("next_update", Moment(NOON + 3 * HOUR))
    return driver


def ended() -> RecoveryDriver:
    """The end: the summary is in view."""
    driver = promised()
    driver.later(6)
    driver.tap("agreed")
    driver.note("outcome", Selection(("improving",)))
    driver.note("temperature_close", Level(2))
    driver.later(1)
    driver.tap("finish")
    return driver


def nudged(driver: RecoveryDriver) -> str:
    """What comes an hour before the first promise is due."""
    owed = next(entry for entry in driver.recovery.entries if isinstance(entry.value, Commitment))
    driver.now += 5 * HOUR
    driver.do(TimerDue(f"due:{owed.id}"))
    (text,) = driver.private_messages(ANA)
    return text


def at_home(driver: RecoveryDriver) -> HomeView:
    """What Ana has to do with: this recovery, another one of hers, and one of Ben's."""
    mine, his = others()
    owed = [
        OpenCommitment(driver.recovery.id, driver.recovery.account, entry.id, entry.value)
        for entry in driver.recovery.entries
        if isinstance(entry.value, Commitment)
    ]
    # Hours of the day would be drawn wrongly on Slack: the library there looks for an emoji between any two colons.
    recoveries = [RecoveryWithFlow(one.flow, one.recovery) for one in (driver, mine)]
    return home_screen(recoveries, [RecoveryWithFlow(his.flow, his.recovery)], owed, driver.localizer, ALL_HOURS, {})


def others() -> Iterable[RecoveryDriver]:
    """Another recovery of Ana's, and one of Ben's that she watches."""
    mine, his = begun(RecoveryDetails("s", ANA, "Borg")), begun(RecoveryDetails("t", BEN, "Caldera"))
    mine.taps("ready")
    his.taps("ready", "all_said")
    return mine, his
