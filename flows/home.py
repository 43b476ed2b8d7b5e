"""What one person has to do with: their talks, those they watch, what is promised, and their settings."""

from dataclasses import dataclass

from babel import Locale

from flows.cards import Button, Group, Home, Row
from flows.flow import Flow
from flows.hours import Hours
from flows.panel import where
from flows.recovery import Recovery
from flows.values import Commitment
from flows.voice import Voice

MOST_TALKS = 15
MOST_PROMISES = 15


@dataclass(frozen=True, slots=True)
class Talk:
    """A recovery with the flow that it runs under."""

    flow: Flow
    recovery: Recovery


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise that is open or late (`entry`: its id), and the talk that it was made in."""

    recovery: str
    account: str
    entry: str
    promise: Commitment


def home(mine: list[Talk], watching: list[Talk], owed: list[Owed], voice: Voice, hours: Hours) -> Home:
    """The home of the person to whom `voice` speaks. `mine` and `watching`: newest first. `owed`: by due date."""
    start = Button(voice.say("home.start"), "open:start", main=True)
    talks = [_mine(talk, voice) for talk in mine[:MOST_TALKS]] or [Row(voice.say("home.none"), ())]
    groups = (
        Group(voice.say("home.mine"), (*talks, *_more(mine, MOST_TALKS, voice), Row("", (start,)))),
        Group(voice.say("home.promises"), (*_promises(owed, voice), *_more(owed, MOST_PROMISES, voice))),
        Group(
            voice.say("home.watching"),
            (*(_watching(talk, voice) for talk in watching[:MOST_TALKS]), *_more(watching, MOST_TALKS, voice)),
        ),
        Group(voice.say("home.settings"), (_settings(voice, hours),)),
    )
    return Home(voice.say("home.title"), tuple(group for group in groups if group.rows))


def _mine(talk: Talk, voice: Voice) -> Row:
    text = voice.say("home.talk", account=talk.recovery.account, where=where(talk.flow, talk.recovery, voice))
    return Row(text, (Button(voice.say("button.more"), "open:more"),), talk.recovery.id)


def _watching(talk: Talk, voice: Voice) -> Row:
    recovery = talk.recovery
    text = voice.say(
        "home.leads",
        account=recovery.account,
        where=where(talk.flow, recovery, voice),
        name=recovery.responder.name or recovery.responder.user,
    )
    return Row(text, (Button(voice.say("form.tip"), "open:tip"),), recovery.id)


def _promises(owed: list[Owed], voice: Voice) -> list[Row]:
    kept = voice.say("button.kept")
    return [
        Row(_promise(one, voice), (Button(kept, f"kept:{one.entry}"),), one.recovery) for one in owed[:MOST_PROMISES]
    ]


def _promise(owed: Owed, voice: Voice) -> str:
    promise = owed.promise
    return voice.say(
        "home.promise",
        when=voice.say("home.no_date") if promise.due is None else voice.moment(promise.due),
        who=promise.who,
        what=promise.what,
        account=owed.account,
        state=voice.say(f"promise.{promise.state}"),
    )


def _more(rows: list[Talk] | list[Owed], most: int, voice: Voice) -> tuple[Row, ...]:
    hidden = len(rows) - most
    return (Row(voice.say("home.more", count=str(hidden)), ()),) if hidden > 0 else ()


def _settings(voice: Voice, hours: Hours) -> Row:
    language = Locale.parse(voice.language, sep="-").get_display_name() or voice.language
    text = voice.say("home.speaks", language=language, hours=voice.hours(hours), timezone=voice.timezone)
    return Row(text, (Button(voice.say("home.change"), "open:settings"),))
