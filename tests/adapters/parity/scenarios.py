"""The table of recoveries: what people do, step by step. Each is a recovery with Acme, led by Dana."""

from collections.abc import Mapping
from datetime import UTC, datetime

from tests.adapters.parity.driver import Colleague
from tests.adapters.parity.steps import (
    CheckMessage,
    CheckWords,
    FillCardInputs,
    FillForm,
    FillFormFromMore,
    Later,
    More,
    Shared,
    Step,
    TapButton,
    TapInPanel,
    TypeCommand,
    Writes,
)
from tests.adapters.parity.talks import TALKS


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of January 2027. The recoveries begin on Friday the 15th at 8:00."""
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


LONG_AGO = datetime(2001, 9, 9, 1, 46, tzinfo=UTC)
CONTACT, FACT, FEELING = "Contact", "What happened", "Feeling"
FRAME, PART = "The problem", "Our part"
START_ANGER, NEXT_UPDATE = "Anger at the start (1 calm, 5 furious)", "Next update"
RIGHTS, ROOT = (
    "What they had a right to and did not get",
    "What broke the trust, in one line",
)
EXPORT, CALLED = "the export was <empty> & late", "nobody *called* back"
EDITED = "Acme: edited by hand\n\nThe export is fixed by Friday."

WHOLE: tuple[Step, ...] = (
    TypeCommand("dana", "Acme"),
    FillCardInputs("dana", {CONTACT: "Kim, answers to the board"}),
    FillFormFromMore("dana", RIGHTS, {RIGHTS: ("Progress updates", "Good work")}),
    FillFormFromMore("dana", START_ANGER, {START_ANGER: "4"}),
    TapButton("dana", "Two minutes"),
    TapButton("dana", "I am ready"),
    FillCardInputs("dana", {FACT: EXPORT, "They": "do not say it"}),
    FillCardInputs("dana", {FACT: CALLED}),
    TapButton("dana", "All said"),
    TapButton("dana", "worried"),
    TapButton("dana", "ignored"),
    FillFormFromMore("dana", "Edit", {"How strong it is": "very"}, "Feeling: ignored"),
    TapButton("dana", "No answer yet"),
    TapButton("dana", "They confirmed"),
    TapButton("dana", "Fact missing"),
    More("dana", "Skip"),
    More("dana", "Back"),
    More("dana", "4 Let them know you got it"),
    TapButton("dana", CALLED),
    TapButton("dana", CALLED),
    FillFormFromMore("dana", "The words you used", {"The words you used": "An empty export, late, and no call."}),
    TapButton("dana", "They said yes"),
    FillForm(
        "dana",
        "Yes, one detail",
        {"Which fact": CALLED, "Our view": "we called once", "Evidence": "the log", "Status": "parked"},
    ),
    TapButton("dana", "Settled or parked"),
    FillCardInputs("dana", {FRAME: "Exports fail without a word."}),
    TapButton("dana", "Agreed"),
    FillCardInputs("dana", {PART: "I did not check"}),
    TapButton("dana", "Time"),
    TapButton("dana", "Space"),
    TapButton("dana", "Space"),
    TapButton("dana", "Took it in"),
    FillCardInputs("dana", {"Who": "Ana", "Does what": "send a fixed export", "By when": on(18, 10)}),
    FillForm("dana", "Another…", {"Who": "Dana", "Does what": "call on Monday.", "By when": "mon 9"}),
    TapButton("dana", "Today 17:00"),
    TapButton("dana", "Today 17:00"),
    FillForm("dana", "Other…", {NEXT_UPDATE: "mon 9:30"}),
    TapButton("dana", "Agreed"),
    TapButton("dana", "Improving"),
    FillFormFromMore("dana", ROOT, {ROOT: "nobody watches the export"}),
    TapButton("dana", "See the summary"),
    TapButton("dana", "Post client version…"),
    TapButton("dana", "Post internal version…"),
    FillForm("dana", "Edit", {"Internal version": EDITED}),
    TapButton("dana", "Post client version…"),
    TapButton("dana", "Post client version"),
    More("dana", "Kept", "send a fixed export"),
)

SHORT: tuple[Step, ...] = (
    TypeCommand("dana", "start first-response Acme"),
    FillCardInputs("dana", {"What bothers them, in their words": "two tickets, no answer"}),
    TapButton("dana", "They have finished"),
    TapButton("dana", "uneasy"),
    TapButton("dana", "That is it"),
    TapButton("dana", "“Yes, exactly”"),
    FillCardInputs("dana", {"What is ours, in one sentence": "I left your ticket without an answer"}),
    TapButton("dana", "They took it in"),
    FillCardInputs("dana", {"Who": "Dana", "Does what": "answer both tickets", "By when": "No date yet"}),
    TapButton("dana", "That works for them"),
    TapButton("dana", "Settled"),
    TapButton("dana", "See the summary"),
    TapButton("dana", "Post internal version"),
)

SIDE_ACTIONS: tuple[Step, ...] = (
    TypeCommand("dana", "help"),
    TypeCommand("dana", "stauts"),
    TypeCommand("dana", "status"),
    TypeCommand("dana", "start Acme"),
    TypeCommand("dana", "Acme"),
    FillCardInputs("dana", {CONTACT: " "}, wrong="text"),
    FillCardInputs("dana", {CONTACT: "Kim"}),
    FillFormFromMore("dana", "Edit", {CONTACT: "Kim Larsen"}, "Kim"),
    TypeCommand("dana", "status"),
    TypeCommand("dana", "quiet"),
    More("dana", "Turn reminders on again"),
    TypeCommand("dana", "hours"),
    TypeCommand("dana", "hours 9-25"),
    TypeCommand("dana", "hours 9-12 mon-thu"),
    More("dana", "Snooze 5 min"),
    TapButton("dana", "I am ready"),
    TapButton("dana", "I am ready", before=True),
    Writes("kim", "Nobody <called> us & it is Friday"),
    More("dana", "Note it"),
    Writes("dana", "We look into it"),
    Writes("ben", "Good luck"),
    FillFormFromMore(
        "dana", "Edit", {"Whose view it is": "us", "Status": "disputed", "Our view": "we did"}, "Nobody <called>"
    ),
    TapButton("dana", "All said"),
    FillCardInputs("dana", {FEELING: "overwhelmed", "How strong it is": "a little"}),
    FillForm("dana", "Another word", {FEELING: "angry"}),
    FillFormFromMore("dana", "Edit", {"Their answer": "confirmed"}, "Feeling: angry"),
    More("dana", "Remove", "Feeling: overwhelmed"),
    More("dana", "8 Handle the problem"),
    FillCardInputs("dana", {"Who": " ", "Does what": "a new export", "By when": on(29, 9)}, wrong="who"),
    FillCardInputs("dana", {"Who": "Ana", "Does what": "a new export", "By when": LONG_AGO}, wrong="when"),
    FillCardInputs("dana", {"Who": "Ana", "Does what": "a new export", "By when": on(29, 9)}),
    FillFormFromMore("dana", "Edit", {"Status": "dropped", "By when": on(28, 9)}, "a new export"),
    TypeCommand("dana", "summary"),
    More("dana", "Back to the guide"),
    TypeCommand("dana", "stop"),
    More("dana", "Reopen the recovery"),
    TypeCommand("dana", "stop"),
    TypeCommand("dana", "status"),
)

TWO: tuple[Step, ...] = (
    TypeCommand("dana", "Acme"),
    FillFormFromMore("dana", "Invite an observer", {"Who?": Colleague("ben")}),
    FillFormFromMore("dana", "Invite an observer", {"Who?": Colleague("ben")}),
    FillCardInputs("ben", {"Only the person who leads the recovery can read it": "Ask for *her* view"}),
    FillCardInputs("dana", {CONTACT: "Kim"}),
    FillForm("dana", "Too close to this", {"Who?": Colleague("ben")}),
    TapButton("dana", "I am ready", before=True),
    TapButton("ben", "I am ready"),
    FillCardInputs("dana", {"Only the person who leads the recovery can read it": "She likes figures"}),
    More("ben", "Remove observer", "Dana"),
    TypeCommand("ben", "handover", "dana"),
    TypeCommand("dana", "handover"),
    TapButton("dana", "All said"),
)

OUTSIDERS: tuple[Step, ...] = (
    TypeCommand("dana", "Acme"),
    More("dana", "7 Handle the feelings"),
    FillCardInputs("dana", {PART: "I did not check"}),
    More("dana", "8 Handle the problem"),
    FillCardInputs("dana", {"Who": "Ana", "Does what": "send a fixed export", "By when": "No date yet"}),
    TypeCommand("dana", "stop"),
    Shared(has_external_users=True),
    TapButton("dana", "Post internal version", before=True),
    TapButton("dana", "Post client version"),
    More("dana", "Kept", "send a fixed export"),
    Shared(has_external_users=False),
    TapButton("dana", "Post internal version…"),
    TapButton("dana", "Post internal version"),
)

TIME: tuple[Step, ...] = (
    TypeCommand("dana", "Acme"),
    Later(6),
    TapButton("dana", "Two minutes"),
    Later(2),
    More("dana", "Snooze 15 min"),
    Later(15),
    More("dana", "8 Handle the problem"),
    FillCardInputs("dana", {"Who": "Ana", "Does what": "send a fixed export", "By when": on(15, 12)}),
    FillFormFromMore("dana", NEXT_UPDATE, {NEXT_UPDATE: on(15, 14)}),
    More("dana", "7 Handle the feelings"),
    More("dana", "Quiet: no reminders"),
    Later(4 * 60),
    More("dana", "Turn reminders on again"),
    Later(3 * 60),
    TypeCommand("dana", "stop"),
    Later(9 * 24 * 60),
)

LONG_DRAFT = "We read the <whole> log & found the *cause*. " * 43 + "I'm sorry if this was hard."
"""Nearly as long as a draft may be, with all that a platform could take for markup."""
TWO_FAULTS = "Calm down, please. I'm sorry if this was hard for you. I'll call you tomorrow at 10:00."

COACH: tuple[Step, ...] = (
    TypeCommand("dana", "check Calm down, please."),
    TypeCommand("dana", "Acme"),
    TypeCommand("dana", "check I'm sorry if this was <hard>.\nPlease calm down."),
    Writes("kim", "Nobody <called> me & I waited for two days."),
    Writes("kim", "We will cancel the contract."),
    More("dana", "3 Find the feelings"),
    Writes("dana", "Please calm down, we look at it."),
    Writes("dana", "Please calm down, I said."),
    TypeCommand("dana", "quiet"),
    CheckWords("dana", " ", wrong="text"),
    CheckWords("dana", TWO_FAULTS),
    TapInPanel("dana", "Show 1 more"),
    TapInPanel("dana", "Use this"),
    TapInPanel("dana", "Undo"),
    TapInPanel("dana", "Keep mine"),
    TapInPanel("dana", "Not now"),
    CheckWords("dana", LONG_DRAFT, again=True),
    CheckMessage("dana", "Please calm down, I said."),
    TapInPanel("dana", "Keep mine"),
    CheckWords("dana", "The report is attached.", again=True),
    More("dana", "2 Get the facts"),
    Writes("dana", "Please calm down."),
    TypeCommand("dana", "stop"),
    FillForm("dana", "Edit", {"Client version": TWO_FAULTS}),
    TapButton("dana", "Keep mine"),
    TapButton("dana", "Use this"),
)

SCENARIOS: Mapping[str, tuple[Step, ...]] = {
    "the whole method": WHOLE,
    "the short flow": SHORT,
    "corrections and side actions": SIDE_ACTIONS,
    "two people": TWO,
    "outsiders in the thread": OUTSIDERS,
    "time passes": TIME,
    "the coach": COACH,
    **TALKS,
}
