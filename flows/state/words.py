"""What the coach said of somebody's words, as it is kept with a recovery: of the responder's, and of the client's."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

MAX_EARLIER_DRAFTS = 10
"""Earlier wordings of a draft that can be brought back."""
MAX_HINTS = 3
"""Hints on one draft: one in view, two behind "more"."""


class WordHint(NamedTuple):
    """A hint on words: the rule, the words at fault, one line why, and their sentence as it is and as it is better.

    `better`: None where no better sentence is known; empty where the sentence is better left out.
    """

    rule_id: str
    words: str
    why: str
    sentence: str
    better: str | None

    @property
    def key(self) -> str:
        """A few letters that stand for the hint: the same rule on the same sentence."""
        return sha256(f"{self.rule_id}\n{self.sentence}".encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A text and what the coach said of it: hints, the gravest first, and one line for each part that is missing."""

    text: str
    hints: tuple[WordHint, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """The responder's own words, for their eyes only.

    `earlier`: the wordings before, oldest first, each of which "Undo" brings back. `dismissed_keys`: of hints that the
    responder put away. `shows_more`: whether the hints behind the first are in view.
    """

    current: CheckedText
    earlier: tuple[CheckedText, ...] = ()
    dismissed_keys: tuple[str, ...] = ()
    shows_more: bool = False

    @property
    def hints(self) -> tuple[WordHint, ...]:
        """The hints that were not put away."""
        return tuple(hint for hint in self.current.hints if hint.key not in self.dismissed_keys)[:MAX_HINTS]

    @property
    def hints_in_view(self) -> tuple[WordHint, ...]:
        """The gravest hint, or all of them if the responder asked for more."""
        return self.hints if self.shows_more else self.hints[:1]


class CueKind(StrEnum):
    """What a client's words suggest: a feeling, or a danger that changes what is best next."""

    FEELING = "feeling"
    DANGER = "danger"


class ClientCue(NamedTuple):
    """Words of the client and what they suggest: a feeling's or a danger's id. `score`: how strongly."""

    kind: CueKind
    subject: str
    words: str
    score: float = 0.0


class HintOutcome(NamedTuple):
    """What became of a hint, for the counts: the rule, its language, and `shown`, `taken`, `dismissed` or `cleared`."""

    rule_id: str
    language: str
    outcome: str
