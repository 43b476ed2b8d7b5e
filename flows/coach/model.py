"""What a rule file of the coach holds, and what a check of a draft says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Phrases = tuple[str, ...]
"""Phrases in the notation of flows.coach.notation."""


@dataclass(frozen=True, kw_only=True)
class Exceptions:
    """Where a phrase is no fault.

    `unless`: one of these phrases stands in the same sentence. `unless_before`, `unless_after`: one stands right before
    or right after. `unless_dated`: the sentence has a time that can be checked.
    """

    unless: Phrases = ()
    unless_before: Phrases = ()
    unless_after: Phrases = ()
    unless_dated: bool = False


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How a sentence with the fault can be said better.

    `better`: whole sentences; the first one whose slots can all be filled, and in which the coach finds no fault, is
    taken. Slots: {before} and {after} are the words of the sentence before and behind the fault, {changed} the fault's
    words after `change`, {fact} what happened, as the responder says it, {noted} a fact as it was noted, {feeling} the
    client's feeling, {owned} what the responder owns, {promise} a recorded promise as a sentence, {date} the time of a
    promise or the next update; docs/coach.md has all of them. An empty sentence leaves it out. A slot with a question
    mark ({before?}) may stay empty.
    `change`: phrases in the fault and the words that take their place.
    """

    better: tuple[str, ...] = ()
    change: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Case(Exceptions, Wording):
    """Phrases of one kind.

    `same_sentence`, `previous_sentence`: the sentence, or the one before it, must have one of these phrases too.
    `unless_previous`: the one before it must have none of these. `only_dated`: the sentence must have a time that can
    be checked.
    """

    phrases: Phrases
    same_sentence: Phrases = ()
    previous_sentence: Phrases = ()
    unless_previous: Phrases = ()
    only_dated: bool = False


@dataclass(frozen=True, kw_only=True)
class Rule(Exceptions, Wording):
    """One flag. `rank`: the smallest is the gravest, shown first and kept where two flags stand on the same words.

    `is_grave`: it hurts so much that a live conversation is worth a whisper. `why`: one line for the responder.
    `repair`: what to say next, once it was said; a grave rule needs one.
    """

    rank: float
    why: str
    cases: tuple[Case, ...] = ()
    is_on: bool = True
    is_grave: bool = False
    repair: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part that an apology should have: a sentence with one of these phrases has it."""

    why: str
    cases: tuple[Case, ...] = ()
    is_on: bool = True


@dataclass(frozen=True, kw_only=True)
class Latitude(Exceptions, Wording):
    """How a promise beyond what the responder may promise is found.

    `promises`: phrases of a promise. `denials`: phrases that say in the latitude what may not be promised. `topics`:
    what is promised that costs something, by a name. `names`: how the latitude may name a topic, besides its phrases.
    `only_if_denied`: topics that may be promised unless the latitude denies them; others must be named there.
    """

    promises: Phrases = ()
    denials: Phrases = ()
    topics: Mapping[str, Phrases] = field(default_factory=dict)
    names: Mapping[str, Phrases] = field(default_factory=dict)
    only_if_denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """A language's rules. `dates`: phrases for a time that can be checked. `apologies`: phrases that apologise."""

    language: str
    rules: Mapping[str, Rule]
    parts: Mapping[str, Part] = field(default_factory=dict)
    lists: Mapping[str, Phrases] = field(default_factory=dict)
    dates: Phrases = ()
    apologies: Phrases = ()
    repeated_apologies: Phrases = ()
    latitude: Latitude = field(default_factory=Latitude)


@dataclass(frozen=True, kw_only=True)
class Cue(Exceptions):
    """Phrases of a client that suggest a feeling, or a danger. `weight`: how strongly. `why`: what they show."""

    phrases: Phrases
    weight: float = 1.0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueFile:
    """What a client's words suggest, in a language.

    `prior`: how likely a feeling is without any cue. `feelings`: cues by the feeling's id in the flows. `dangers`: cues
    by what changes what is best next (`leaving`, `lawyers`, `senior`, `human`).
    """

    language: str
    lists: Mapping[str, Phrases] = field(default_factory=dict)
    prior: Mapping[str, float] = field(default_factory=dict)
    feelings: Mapping[str, tuple[Cue, ...]] = field(default_factory=dict)
    dangers: Mapping[str, tuple[Cue, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftContext:
    """What is known of the recovery that a draft is for; all of it may be missing.

    `facts`: what the responder noted of the client's facts, as written. `latitude`: what they may promise without
    asking.
    `feeling`: the client's, as it stands in a sentence. `owned`: what the responder owns, as a sentence. `promise`: a
    promise as a sentence. `date`: when it is due, or the next update, as it is said.
    """

    facts: tuple[str, ...] = ()
    latitude: str = ""
    feeling: str = ""
    owned: str = ""
    promise: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A fault in a draft: its rule, its place, one line why, and the sentence said better (None: nothing can be said).

    `sentence_start` and `sentence_end` are the place of the sentence that `better` replaces; if it is empty, the
    sentence is left out.
    """

    id: str
    start: int
    end: int
    why: str
    better: str | None
    sentence_start: int
    sentence_end: int


@dataclass(frozen=True, slots=True)
class MissingPart:
    """A part that an apology should have and the draft has not. `facts`: those that are not mentioned."""

    id: str
    why: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the coach says of a draft: its flags, the gravest first, and the missing parts."""

    flags: tuple[Flag, ...] = ()
    missing: tuple[MissingPart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFile:
    """What an operator changes: rules to switch on or off by their ids, and words to avoid by language (as phrases)."""

    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    words: Mapping[str, Phrases] = field(default_factory=dict)
