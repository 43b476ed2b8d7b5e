"""What a message in the account thread means for a recovery that is bound to it."""

from flows.coach.client_words import MAX_SUGGESTIONS, is_repeated
from flows.coach.coach import Coach
from flows.coach.recovery_context import grave_hint
from flows.definition.model import Flow
from flows.state.entries import Fact
from flows.state.events import ClientWrote, ResponderWrote
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.state.words import ClientCue, CueKind
from flows.text import shorten_line

MAX_CUE_CHARACTERS = 40
"""Characters of the client's words beside what they suggest."""
THIRD_TIME = 3
REPEATED = "repeated"
"""The danger that the client says the same for the third time."""


def client_event(recovery: Recovery, text: str, author_name: str, coach: Coach) -> ClientWrote:
    """The client wrote: with what their words suggest."""
    guesses, signs = coach.read_message(text, recovery.language)
    cues = [
        ClientCue(CueKind.FEELING, guess.feeling, _words(text, guess.cues[0].start, guess.cues[0].end), guess.cue_score)
        for guess in guesses
        if guess.cues
    ][:MAX_SUGGESTIONS]
    cues += [ClientCue(CueKind.DANGER, sign.danger, _words(text, sign.cue.start, sign.cue.end)) for sign in signs[:1]]
    if is_repeated(text, _earlier_words(recovery), recovery.language, THIRD_TIME):
        cues.append(ClientCue(CueKind.DANGER, REPEATED, shorten_line(text, MAX_CUE_CHARACTERS)))
    return ClientWrote(text, author_name, tuple(cues))


def responder_event(
    flow: Flow, recovery: Recovery, actor: Person, text: str, coach: Coach, now: float
) -> ResponderWrote:
    """The responder wrote: with the gravest fault in it, if it has a grave one."""
    return ResponderWrote(actor, grave_hint(coach, flow, recovery, text, now))


def _words(text: str, start: int, end: int) -> str:
    return shorten_line(text[start:end], MAX_CUE_CHARACTERS)


def _earlier_words(recovery: Recovery) -> list[str]:
    """What the client said before: in the thread, and as the responder noted it."""
    facts = (entry.value.text for entry in recovery.entries if isinstance(entry.value, Fact))
    return [*recovery.earlier_client_messages, *filter(None, (recovery.client_message,)), *facts]
