"""The table of talks: what people do, step by step. Each is a talk with Acme, led by Dana."""

from collections.abc import Mapping
from datetime import UTC, datetime

from tests.adapters.parity.hands import Who
from tests.adapters.parity.steps import Fills, Later, More, MoreFills, Notes, Shared, Step, Taps, Types, Writes


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of January 2027. The talks begin on Friday the 15th at 8:00."""
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


LONG_AGO = datetime(2001, 9, 9, 1, 46, tzinfo=UTC)
CONTACT, FACT, FEELING = "Who, and what they stand to lose", "What happened, in their words", "Feeling"
FRAME, PART, OUTCOME = "The problem in one sentence", "Our part, in one sentence", "Outcome"
START_ANGER, NEXT_UPDATE = "Anger at the start (1 calm, 5 furious)", "Next update, even if there is no news"
RIGHTS, NEEDS, ROOT = (
    "What they had a right to and did not get",
    "What they need now",
    "What broke the trust, in one line",
)
EXPORT, CALLED = "the export was <empty> & late", "nobody *called* back"
EDITED = "Acme: edited by hand\n\nThe export is fixed by Friday."

WHOLE: tuple[Step, ...] = (
    Types("dana", "Acme"),
    Notes("dana", {CONTACT: "Kim, answers to the board"}),
    MoreFills("dana", RIGHTS, {RIGHTS: ("Progress updates", "Good work")}),
    MoreFills("dana", START_ANGER, {START_ANGER: "4"}),
    Taps("dana", "Give me two minutes"),
    Taps("dana", "I am ready"),
    Notes("dana", {FACT: EXPORT, "They": "do not say it"}),
    Notes("dana", {FACT: CALLED}),
    Taps("dana", "They have said it all"),
    Notes("dana", {FEELING: "ignored", "How strong": "very"}),
    Taps("dana", "No answer yet"),
    Taps("dana", "They confirmed"),
    Taps("dana", "Not quite: a fact"),
    More("dana", "Skip"),
    More("dana", "Back"),
    More("dana", "4. Let them know you got it"),
    Notes("dana", {"The words you used": "An empty export, late, and no call."}),
    Taps("dana", "They said yes"),
    Notes(
        "dana",
        {"Which fact": CALLED, "Our view": "we called once", "Evidence": "the log", "How it stands": "parked"},
    ),
    Taps("dana", "Settled or parked"),
    Notes("dana", {FRAME: "Exports fail without a word."}),
    Taps("dana", "Agreed"),
    Notes("dana", {PART: "I did not check"}),
    MoreFills("dana", NEEDS, {NEEDS: ("Time",)}),
    Taps("dana", "Done"),
    Notes("dana", {"Who": "Ana", "Does what": "send a fixed export", "By when": on(18, 10)}),
    MoreFills("dana", NEXT_UPDATE, {NEXT_UPDATE: on(18, 9, 30)}),
    Taps("dana", "Agreed"),
    Notes("dana", {OUTCOME: "Improving"}),
    MoreFills("dana", ROOT, {ROOT: "nobody watches the export"}),
    Taps("dana", "See the summary"),
    Taps("dana", "Client-safe summary"),
    Taps("dana", "Internal summary"),
    Fills("dana", "Edit", {"Internal summary": EDITED}),
    Taps("dana", "Client-safe summary"),
    Taps("dana", "Post to thread"),
    More("dana", "Kept", "send a fixed export"),
)

SHORT: tuple[Step, ...] = (
    Types("dana", "start first-response Acme"),
    Notes("dana", {"What bothers them, in their words": "two tickets, no answer"}),
    Taps("dana", "They have finished"),
    Notes("dana", {"Mood": "uneasy", "How strong": "a little"}),
    Taps("dana", "That is it"),
    Taps("dana", "“Yes, exactly”"),
    Notes("dana", {"What is ours, in one sentence": "I left your ticket without an answer"}),
    Taps("dana", "They took it in"),
    Notes("dana", {"Who": "Dana", "Does what": "answer both tickets"}),
    Taps("dana", "That works for them"),
    Notes("dana", {"Result": "Settled"}),
    Taps("dana", "See the summary"),
    Taps("dana", "Post to thread"),
)

SIDE_DOORS: tuple[Step, ...] = (
    Types("dana", "help"),
    Types("dana", "stauts"),
    Types("dana", "status"),
    Types("dana", "start Acme"),
    Types("dana", "Acme"),
    Notes("dana", {CONTACT: " "}, wrong="text"),
    Notes("dana", {CONTACT: "Kim"}),
    MoreFills("dana", "Edit", {CONTACT: "Kim Larsen"}, "Kim"),
    Types("dana", "status"),
    Types("dana", "quiet"),
    More("dana", "Let nudges come again"),
    Types("dana", "hours"),
    Types("dana", "hours 9-25"),
    Types("dana", "hours 9-12 mon-thu"),
    More("dana", "Snooze 5 min"),
    Taps("dana", "I am ready"),
    Taps("dana", "I am ready", before=True),
    Writes("kim", "Nobody <called> us & it is Friday"),
    More("dana", "Add as a fact"),
    Writes("dana", "We look into it"),
    Writes("ben", "Good luck"),
    MoreFills("dana", "Edit", {"Held by": "us", "How it stands": "disputed", "Our view": "we did"}, "Nobody <called>"),
    Taps("dana", "They have said it all"),
    Notes("dana", {FEELING: "overwhelmed", "How strong": "a little"}),
    Fills("dana", "They named another", {FEELING: "angry"}),
    MoreFills("dana", "Edit", {"Their answer": "confirmed"}, "Feeling: angry"),
    More("dana", "Remove", "Feeling: overwhelmed"),
    More("dana", "8. Handle the problem"),
    Notes("dana", {"Who": " ", "Does what": "a new export"}, wrong="who"),
    Notes("dana", {"Who": "Ana", "Does what": "a new export", "By when": LONG_AGO}, wrong="when"),
    Notes("dana", {"Who": "Ana", "Does what": "a new export", "By when": on(29, 9)}),
    MoreFills("dana", "Edit", {"State": "dropped", "By when": on(28, 9)}, "a new export"),
    Types("dana", "summary"),
    More("dana", "Back to the talk"),
    Types("dana", "stop"),
    More("dana", "Reopen the talk"),
    Types("dana", "stop"),
    Types("dana", "status"),
)

TWO: tuple[Step, ...] = (
    Types("dana", "Acme"),
    MoreFills("dana", "Let someone watch", {"Who?": Who("ben")}),
    MoreFills("dana", "Let someone watch", {"Who?": Who("ben")}),
    Notes("ben", {"Only the responder reads it": "Ask for *her* view"}),
    Notes("dana", {CONTACT: "Kim"}),
    Fills("dana", "I am too close to this", {"Who?": Who("ben")}),
    Taps("dana", "I am ready", before=True),
    Taps("ben", "I am ready"),
    Notes("dana", {"Only the responder reads it": "She likes figures"}),
    More("ben", "Stop watching", "Dana"),
    Types("ben", "handover", "dana"),
    Types("dana", "handover"),
    Taps("dana", "They have said it all"),
)

OUTSIDERS: tuple[Step, ...] = (
    Types("dana", "Acme"),
    More("dana", "7. Handle the feelings"),
    Notes("dana", {PART: "I did not check"}),
    More("dana", "8. Handle the problem"),
    Notes("dana", {"Who": "Ana", "Does what": "send a fixed export"}),
    Types("dana", "stop"),
    Shared(has_external_users=True),
    Taps("dana", "Post to thread", before=True),
    Taps("dana", "Post to thread"),
    More("dana", "Kept", "send a fixed export"),
    Shared(has_external_users=False),
    Taps("dana", "Internal summary"),
    Taps("dana", "Post to thread"),
    Taps("dana", "Post again"),
)

TIME: tuple[Step, ...] = (
    Types("dana", "Acme"),
    Later(6),
    Taps("dana", "Give me two minutes"),
    Later(2),
    More("dana", "Snooze 15 min"),
    Later(15),
    More("dana", "8. Handle the problem"),
    Notes("dana", {"Who": "Ana", "Does what": "send a fixed export", "By when": on(15, 12)}),
    MoreFills("dana", NEXT_UPDATE, {NEXT_UPDATE: on(15, 14)}),
    More("dana", "Quiet: no nudges"),
    Later(4 * 60),
    More("dana", "Let nudges come again"),
    Later(3 * 60),
    Types("dana", "stop"),
    Later(9 * 24 * 60),
)

SCENARIOS: Mapping[str, tuple[Step, ...]] = {
    "the whole method": WHOLE,
    "the short flow": SHORT,
    "corrections and side doors": SIDE_DOORS,
    "two people": TWO,
    "outsiders in the thread": OUTSIDERS,
    "time passes": TIME,
}
