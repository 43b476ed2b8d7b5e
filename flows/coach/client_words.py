"""What a client's words suggest: feelings, the likeliest first, and dangers that change what is best next."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.coach.conditions import Conditions, compile_conditions, compile_phrases, counted_matches
from flows.coach.facts import stems
from flows.coach.model import Cue, CueFile
from flows.coach.notation import PhraseLists
from flows.coach.patterns import Pattern
from flows.coach.phrase_index import PhraseIndex
from flows.coach.sentences import split_sentences

MAX_SUGGESTIONS = 3
"""Feelings that are suggested."""
REPEATED_CUE_WEIGHT = 0.4
"""What a cue adds that stands there once more."""
CAPITALS_WEIGHT = 2.0
"""What shouting adds to anger."""
MIN_CAPITAL_WORDS = 3
MIN_CAPITAL_SHARE = 0.3
"""From so many words in capitals on, and so large a share of the words, a message shouts."""
MIN_COMMON_STEMS = 2
MIN_COMMON_SHARE = 0.5
"""Two messages say the same if they share so many word stems, and so large a share of the shorter one's."""
ANGRY = "angry"
_WORD = re.compile(r"[^\W\d_]{3,}")
_MIN_CAPITALS_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class CueWords:
    """Words of the client that suggest something: their place in the message, and what they show."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class FeelingGuess:
    """A feeling that the client may have, with the words that suggest it; none where only experience does.

    `cue_score`: the part of the score that comes from their words.
    """

    feeling: str
    score: float
    cues: tuple[CueWords, ...] = ()
    cue_score: float = 0.0


@dataclass(frozen=True, slots=True)
class DangerSign:
    """Something the client said that changes what is best next."""

    danger: str
    cue: CueWords


@dataclass(frozen=True, slots=True)
class _CompiledCue:
    subject: str
    cue: Cue
    conditions: tuple[Conditions, ...]


class ClientCues:
    """The cues of a language, ready to be looked for."""

    def __init__(self, file: CueFile) -> None:
        """Compile the cues of a checked file."""
        self.prior = file.prior
        self._feelings = _index(file, file.feelings)
        self._dangers = _index(file, file.dangers)

    def feelings(self, message: str) -> list[FeelingGuess]:
        """All feelings with a cue or a prior, the likeliest first."""
        scores = dict(self.prior)
        cues: dict[str, list[CueWords]] = {}
        seen_cues: set[int] = set()
        for compiled_cue, words in self._found(self._feelings, message):
            is_again = id(compiled_cue) in seen_cues
            seen_cues.add(id(compiled_cue))
            weight = REPEATED_CUE_WEIGHT if is_again else compiled_cue.cue.weight
            scores[compiled_cue.subject] = scores.get(compiled_cue.subject, 0.0) + weight
            cues.setdefault(compiled_cue.subject, []).append(words)
        if _shouts(message):
            scores[ANGRY] = scores.get(ANGRY, 0.0) + CAPITALS_WEIGHT
        ranking = sorted(scores.items(), key=lambda item: -item[1])
        return [
            FeelingGuess(feeling, score, tuple(cues.get(feeling, ())), score - self.prior.get(feeling, 0.0))
            for feeling, score in ranking
        ]

    def dangers(self, message: str) -> list[DangerSign]:
        """What the client says that changes what is best next, in the order of the file, each once."""
        signs: dict[str, DangerSign] = {}
        for compiled_cue, words in self._found(self._dangers, message):
            signs.setdefault(compiled_cue.subject, DangerSign(compiled_cue.subject, words))
        return list(signs.values())

    def _found(
        self, index: PhraseIndex[tuple[_CompiledCue, Pattern]], message: str
    ) -> Iterator[tuple[_CompiledCue, CueWords]]:
        for sentence in split_sentences(message):
            ends: dict[int, int] = {}
            for compiled_cue, pattern in index.candidates(sentence.words):
                for match in counted_matches(pattern, sentence, compiled_cue.conditions):
                    if match.start >= ends.get(id(compiled_cue), 0):
                        ends[id(compiled_cue)] = match.end
                        start, end = sentence.start + match.span_start, sentence.start + match.span_end
                        yield compiled_cue, CueWords(start, end, compiled_cue.cue.why)


def says_the_same(message: str, other: str, language: str) -> bool:
    """Whether two messages of a client say the same in other words."""
    message_stems, other_stems = stems(message, language), stems(other, language)
    common_stems = len(message_stems & other_stems)
    shorter = min(len(message_stems), len(other_stems))
    return common_stems >= MIN_COMMON_STEMS and common_stems >= MIN_COMMON_SHARE * shorter


def is_repeated(message: str, earlier_messages: Sequence[str], language: str, times: int) -> bool:
    """Whether the client says the same for at least the time that is counted by `times` (3: for the third time)."""
    return sum(says_the_same(message, other, language) for other in earlier_messages) >= times - 1


def _index(file: CueFile, cues_by_id: Mapping[str, tuple[Cue, ...]]) -> PhraseIndex[tuple[_CompiledCue, Pattern]]:
    lists = PhraseLists(file.lists)
    compiled_cues = (
        (_CompiledCue(subject, cue, (compile_conditions(cue, lists),)), cue)
        for subject, cues in cues_by_id.items()
        for cue in cues
    )
    return PhraseIndex(
        ((compiled_cue, pattern), pattern)
        for compiled_cue, cue in compiled_cues
        for pattern in compile_phrases(cue.phrases, lists)
    )


def _shouts(message: str) -> bool:
    words = _WORD.findall(message)
    capitals = [word for word in words if word.isupper() and len(word) >= _MIN_CAPITALS_CHARACTERS]
    return len(capitals) >= max(MIN_CAPITAL_WORDS, MIN_CAPITAL_SHARE * len(words))
