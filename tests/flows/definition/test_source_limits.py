"""A flow file that is made to be slow, or to crash whoever reads it, is refused with its line."""

from contextlib import suppress
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.definition.source_limits import MAX_FLOW_CHARACTERS, MAX_NESTING, MAX_NODES
from flows.definition.validation import load_flow
from flows.definition.yaml_source import InvalidFile, Problem
from tests.flows.definition.broken_flows import TEXT


def problems(text: str) -> list[Problem]:
    with pytest.raises(InvalidFile) as caught:
        load_flow(text, "my_flow.yaml")
    return caught.value.problems


def aliases_of_aliases(levels: int) -> str:
    """Ten times as many values with each line, all of them behind `*`."""
    lines = ["n0: &n0 [" + ", ".join("x" * 10) + "]"]
    lines += [f"n{n}: &n{n} [" + ", ".join([f"*n{n - 1}"] * 10) + "]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


TOO_DEEP = f"Lists and mappings are more than {MAX_NESTING} levels deep here."
TOO_MANY = f"With this, the file has more than {MAX_NODES:,} keys and values."
TYPED = "A type is written out with “!”."
ITSELF = "Something contains itself, or “*” names nothing before it."
ATTACKS = {
    "ten values behind each of ten aliases": (aliases_of_aliases(10), 5, TOO_MANY),
    "open brackets": ("[" * 190_000, 1, TOO_DEEP),
    "open braces": ("{a: " * 45_000, 1, TOO_DEEP),
    "dashes": ("- " * 90_000, 1, TOO_DEEP),
    "question marks": ("? " * 90_000, 1, TOO_DEEP),
    "indented keys": ("".join(f"{' ' * n}a:\n" for n in range(500)), MAX_NESTING + 1, TOO_DEEP),
    "lists behind aliases in lists": (
        "a: &a " + "[" * 15 + "]" * 15 + "\nb: " + "[" * 15 + "*a" + "]" * 15 + "\n",
        2,
        TOO_DEEP,
    ),
    "a long list": ("a: [" + "x," * 90_000 + "]", 1, TOO_MANY),
    "many keys": ("".join(f"k{n}: 1\n" for n in range(15_000)), MAX_NODES // 2, TOO_MANY),
    "a long file": (
        "# " + "x" * MAX_FLOW_CHARACTERS,
        1,
        "The file has 200,002 characters, and a flow may have 200,000.",
    ),
    "a list of itself": ("a: &a\n  - *a\n", 2, ITSELF),
    "a list of itself with a name that was used before": ("a: &a x\nb: &a\n  - *a\n", 3, ITSELF),
    "a mapping of itself as a key": ("a: &a\n  ? *a\n  : x\n", 2, ITSELF),
    "an empty number": ("a: 1\nversion: !!int ''\n", 2, TYPED),
    "a truth value that is none": ("version: !!bool maybe\n", 1, TYPED),
    "a Python object": ("a: !!python/object/apply:os.getcwd []\n", 1, TYPED),
    "a list as a key": ("? [a, b]\n: 1\n", 1, "This cannot be a key."),
    "a key of 100,000 characters": ("? " + "k" * 100_000 + "\n: 1\n", 1, "This cannot be a key."),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_with_its_line(name: str) -> None:
    text, line, fault = ATTACKS[name]
    first_problem = problems(text)[0]
    assert (first_problem.line, first_problem.fault) == (line, fault)


@pytest.mark.parametrize("digits", ["9", "0x", ":59", "_1", "1e"])
def test_a_long_number_is_not_calculated(digits: str) -> None:
    faults = [problem.fault for problem in problems(f"version: 1{digits * 40_000}\n")]
    assert [fault for fault in faults if fault.startswith("“version” has the wrong type")]


def test_the_message_stays_readable_however_much_is_wrong() -> None:
    steps = "".join(f"  s{n}:\n    title: {{en: a}}\n" for n in range(2_000))
    with pytest.raises(InvalidFile) as caught:
        load_flow(TEXT.replace("steps:\n", f"steps:\n{steps}"), "my_flow.yaml")
    assert str(caught.value).count("\n") == 100


def test_an_alias_may_still_save_words() -> None:
    text = TEXT.replace("languages: [en, es]", "languages: &all [en, es]")
    assert load_flow(text, "my_flow.yaml").languages == ("en", "es")


@pytest.mark.parametrize(
    "piece", ["a: b\n", "x ", "'", '"', "|\n ", "&a ", "*a ", "%", "\t", "- {", "? ", "{a: [", "!"]
)
def test_the_time_grows_with_the_length_of_the_text(piece: str) -> None:
    def seconds(characters: int) -> float:
        text = "a: " + piece * (characters // len(piece))
        start = perf_counter()
        problems(text)
        return perf_counter() - start

    growth = [seconds(160_000) / (seconds(20_000) + 0.002) for _ in range(2)]
    assert min(growth) < 32  # eight times as long; 64 if it were quadratic


@given(st.text(alphabet="[]{}:-?&*!|>%@`'\"#,~ \n\tab01.é", max_size=300))
def test_no_text_does_anything_but_be_refused(text: str) -> None:
    assert problems(text)


@settings(max_examples=25)  # each reads a whole flow
@given(st.integers(0, len(TEXT)), st.text(alphabet="[]{}:-?&*!|>'\"# \n01ab", min_size=1, max_size=20))
def test_a_flow_with_something_typed_into_it_is_read_or_refused(place: int, typed: str) -> None:
    with suppress(InvalidFile):
        load_flow(TEXT[:place] + typed + TEXT[place:], "my_flow.yaml")
