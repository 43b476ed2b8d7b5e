"""Better wordings have no flag, and say nothing that stands neither in the draft nor in the record."""

import re
from collections.abc import Iterator
from pathlib import Path

from flows.coach.checker import check_draft
from flows.coach.compiled_rules import CompiledRules
from flows.coach.model import DraftContext, Flag, Wording
from flows.coach.patterns import WORD, fold
from tests.coach.labels import read_drafts

DRAFTS = Path("tests/coach/drafts/en_1.jsonl")
RECORD = DraftContext(
    facts=("nobody called me back", "two pallets are missing"),
    feeling="let down",
    owned="I forgot to call you",
    promise="I'll send you the corrected report by tomorrow at 10:00",
    date="tomorrow at 10:00",
)
SLOT = re.compile(r"\{[a-z]+\??\}")


def mended_drafts(rules: CompiledRules) -> Iterator[tuple[str, Flag]]:
    """Each flag of the drafts that comes with a better wording, with nothing and with all in the record."""
    for draft in read_drafts(DRAFTS):
        for context in (DraftContext(latitude=draft.latitude), RECORD):
            for flag in check_draft(rules, draft.text, context).flags:
                if flag.better is not None:
                    yield draft.text, flag


def own_words(rules: CompiledRules) -> set[str]:
    """The words of the rules' sentences."""
    wordings: list[Wording] = [*rules.rules.values(), *(case for rule in rules.rules.values() for case in rule.cases)]
    templates = [template for wording in wordings for template in wording.better]
    templates += [*rules.file.latitude.better, *(word for wording in wordings for word in wording.change.values())]
    return {word for template in templates for word in WORD.findall(fold(SLOT.sub(" ", template)))}


def test_they_have_no_flag(english: CompiledRules) -> None:
    """Whoever takes a better wording is not told that it is wrong."""
    flagged = [
        (flag.better, other.id)
        for _text, flag in mended_drafts(english)
        for other in check_draft(english, flag.better or "", RECORD).flags
    ]
    assert not flagged


def test_they_invent_nothing(english: CompiledRules) -> None:
    """Each word comes from the draft, from the record or from the rule; above all each number and name does."""
    record = "nobody called you back two pallets are missing let down " + " ".join(
        [*RECORD.facts, RECORD.owned, RECORD.promise, RECORD.date]
    )
    rule_words = own_words(english)
    invented = [
        (word, flag.better)
        for text, flag in mended_drafts(english)
        for word in WORD.findall(fold(flag.better or ""))
        if word not in rule_words and word not in WORD.findall(fold(f"{text} {record}"))
    ]
    assert not invented


def test_they_read_as_sentences(english: CompiledRules) -> None:
    """They begin with a capital, end with a mark, and no mark stands twice or behind a space."""
    texts = [flag.better for _text, flag in mended_drafts(english) if flag.better]
    assert len(texts) > 60
    for text in texts:
        assert text[0].isupper() or not text[0].isalpha(), text
        assert text[-1] in '.!?…”")', text
        assert not re.search(r"\s[,.;:?]|[,;:]\s*[,.;:!?]|\.\.|\s{2}|[{}]", text), text


def test_the_greeting_and_the_rest_stay(english: CompiledRules) -> None:
    """Only the clause with the fault is said anew."""
    draft = "Hi Marta, sorry for any inconvenience, the line is back since 9:42."
    (flag,) = check_draft(english, draft, RECORD).flags
    assert flag.better == "Hi Marta, I'm sorry that nobody called you back. The line is back since 9:42."
