"""The notation of phrases: what each sign stands for, and what is said of a phrase that is not well formed."""

import pytest

from flows.coach.notation import MAX_GAPS_WORDS, PhraseFault, PhraseLists
from flows.coach.patterns import compile_phrase, fold
from flows.coach.phrase_index import PhraseIndex
from flows.coach.rule_files import load_rules
from flows.coach.sentences import split_sentences
from flows.definition.yaml_source import InvalidFile

LISTS = PhraseLists({"sorry": ("sorry", "apolog*"), "loop": ("<loop>",), "broken": ("(a|b",)})
RIGHT = [
    ("sorry if", "So SORRY, if that", "SORRY, if"),
    ("sorry if", "Sorry  if", "Sorry  if"),
    ("apolog*", "We apologise.", "apologise"),
    ("*ly sorry", "I am deeply sorry", "deeply sorry"),
    ("very * sorry", "very, very sorry", "very, very sorry"),
    ("# days", "in 14 days", "14 days"),
    ("(at|by) #:#", "by 14:30.", "by 14:30"),
    ("(we|the team) will", "The team will", "The team will"),
    ("[very] sorry", "Sorry!", "Sorry"),
    ("[very] [deeply] sorry", "very deeply sorry", "very deeply sorry"),
    ("<sorry> again", "Apologies again", "Apologies again"),
    ("sorry .. delay", "sorry, for all of the delay", "sorry, for all of the delay"),
    ("sorry ~ delay", "sorry for the delay", "sorry for the delay"),
    ("sorry for ~2", "sorry for the long delay", "sorry for the long"),
    ("^ but", "“But no”", "But"),
    ("never again $", "Never again!", "Never again"),
    ("again (,|;) no", "again; no", "again; no"),
    ("sorry {but}", "sorry, but", "sorry, but"),
    ("can't", "We can’t", "can’t"),
    ("cafe", "the café", "café"),
]
WRONG = [
    ("sorry if", "sorry. If"),
    ("sorry", "unsorry sorrys"),
    ("apolog*", "an apple"),
    ("sorry ..2 delay", "sorry for all of the delay"),
    ("sorry ~ delay", "sorry, the delay"),
    ("sorry ~ delay", "sorry for it: delay"),
    ("^ but", "all but one"),
    ("never again $", "never again will I"),
    ("again :", "again, no"),
]


@pytest.mark.parametrize(("phrase", "sentence", "words"), RIGHT)
def test_a_phrase_stands_in(phrase: str, sentence: str, words: str) -> None:
    """Each sign of the notation matches what it is for, and the index never leaves the phrase out."""
    pattern = compile_phrase(phrase, LISTS)
    match = pattern.matches(fold(sentence))[0]
    assert sentence[match.start : match.end] == words
    assert PhraseIndex([("item", pattern)]).candidates(next(split_sentences(sentence)).words) == ["item"]


@pytest.mark.parametrize(("phrase", "sentence"), WRONG)
def test_a_phrase_does_not_stand_in(phrase: str, sentence: str) -> None:
    """A phrase matches nothing else."""
    assert not compile_phrase(phrase, LISTS).is_in(fold(sentence))


def test_the_marked_words_are_the_fault() -> None:
    """Of a phrase with a mark, the words in it are at fault."""
    match = compile_phrase("sorry {but}", LISTS).matches("i am sorry, but")[0]
    assert (match.span_start, match.span_end) == (12, 15)


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [
        ("(a|b", "A “)” is missing."),
        ("a)", "This “)” closes nothing."),
        ("(a|)", "A choice is empty."),
        ("<other>", "There is no list <other>."),
        ("<loop>", "The list <loop> contains itself."),
        ("a ..99", "A gap cannot have 99 words."),
        ("a ..15 b ..15", "The gaps of this phrase have 30 words together."),
        ("[a]", "This phrase can match where no word stands."),
        ("a \\b", "“\\b” is neither a word nor a sign of the notation."),
        ("(" * 13 + "a" + ")" * 13, "Too many groups stand inside each other."),
        ("a " * 4000, "This phrase is too long."),
    ],
)
def test_a_phrase_that_is_not_well_formed(phrase: str, fault: str) -> None:
    """The fault says what is wrong, the remedy what to do."""
    with pytest.raises(PhraseFault) as error:
        compile_phrase(phrase, LISTS)
    assert error.value.fault == fault
    assert error.value.remedy.endswith(".")
    assert MAX_GAPS_WORDS < 30


def test_each_fault_of_a_file_has_its_line() -> None:
    """All faults are named at once, each with its line."""
    text = """language: en
lists:
  sorry: ["sorry)"]
dates: ["(a"]
rules:
  sorry_if:
    rank: 1
    is_grave: true
    why: "x"
    unless: ["<none>"]
    cases:
    - phrases: ["<sorry> if", "a ..40"]
      same_sentence: ["b|"]
      better: ["{unknown}", "{fact"]
      change: {"(c": d}
latitude:
  topics: {refund: ["[r]"]}
  only_if_denied: [other]
"""
    with pytest.raises(InvalidFile) as error:
        load_rules(text, "en.yaml")
    assert {problem.line for problem in error.value.problems} >= {3, 4, 10, 12, 13, 14, 15, 17}
    assert all(problem.remedy for problem in error.value.problems)
