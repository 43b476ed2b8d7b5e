"""A broken flow file is told what is wrong, where, and what would be right."""

import re
from functools import cache

import pytest

from flows.definition.diagram import mermaid_diagram
from flows.definition.model import END
from flows.definition.validation import load_flow
from flows.definition.yaml_source import InvalidFile, Problem
from tests.flows.definition.broken_flows import BROKEN, TEXT
from tests.flows.recovery_driver import REGISTRY

FILE = "my_flow.yaml"
BOTH = pytest.mark.parametrize("flow_id", ["trust-recovery", "first-response"])
EACH = pytest.mark.parametrize("name", BROKEN, scope="module")
"""A module's parameter: the tests of one flow run one after the other, and so in one process, where it is read once."""


@cache  # reading YAML is slow, and four tests look at each broken flow
def problems(text: str) -> list[Problem]:
    with pytest.raises(InvalidFile) as caught:
        load_flow(text, FILE)
    return caught.value.problems


def the_problem(name: str) -> Problem:
    """The one problem with the words that are expected."""
    broken = BROKEN[name]
    (match,) = [problem for problem in problems(broken.text()) if broken.wrong in problem.fault]
    return match


@EACH
def test_a_broken_flow_says_what_is_wrong_and_what_would_be_right(name: str) -> None:
    assert BROKEN[name].right in the_problem(name).remedy


@EACH
def test_a_broken_flow_names_the_line(name: str) -> None:
    assert the_problem(name).line == BROKEN[name].line()


@EACH
def test_a_broken_flow_names_the_step(name: str) -> None:
    assert the_problem(name).step == BROKEN[name].step


@EACH
def test_a_broken_flow_names_the_file(name: str) -> None:
    assert {problem.file for problem in problems(BROKEN[name].text())} == {FILE}


def test_a_problem_reads_as_compilers_print_it() -> None:
    broken = BROKEN["an unknown form"]
    with pytest.raises(InvalidFile) as caught:
        load_flow(broken.text(), FILE)
    wanted = f"{FILE}:{broken.line()}: step prepare: There is no form “handover”. Name a field, or hand_over."
    assert str(caught.value) == wanted


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = TEXT.replace("version: 4", "version: 0").replace("opens: hand_over", "opens: handover")
    assert [problem.fault for problem in problems(text)] == [
        "Version 0 does not exist.",
        "There is no form “handover”.",
    ]


def test_problems_come_in_the_order_of_the_file() -> None:
    text = TEXT.replace("to: end}", "to: ende}").replace("version: 4", "version: 0")
    lines = [problem.line for problem in problems(text)]
    assert lines == sorted(lines)


@pytest.mark.parametrize("text", ["", "   \n\n", "# only a comment\n"])
def test_an_empty_file_says_what_is_missing(text: str) -> None:
    assert [(problem.line, problem.fault) for problem in problems(text)] == [
        (1, f"“{key}” is missing.") for key in ("id", "version", "languages", "title", "steps", "summary")
    ]


@pytest.mark.parametrize("text", ["- a\n- list\n", "just words\n", "42\n", "---\n"])
def test_a_file_that_is_no_mapping_says_so(text: str) -> None:
    (problem,) = problems(text)
    assert (problem.line, "“the file” has the wrong type" in problem.fault) == (1, True)


def test_two_documents_in_a_file_are_refused_where_the_second_begins() -> None:
    (problem,) = problems(f"{TEXT}---\nid: second\n")
    assert problem.line == TEXT.count("\n") + 1


def test_a_control_character_is_refused() -> None:
    (problem,) = problems(TEXT.replace("Breathe.", "Breathe\x00."))
    assert "This is not YAML" in problem.fault


def test_the_name_of_the_client_may_stand_in_the_last_phrase() -> None:
    text = TEXT.replace('Thank you for being so straight with me."', 'Thank you, {account}."')
    assert load_flow(text, FILE)


def test_a_language_may_have_a_region() -> None:
    text = re.sub(r"\bes: ", "es-MX: ", TEXT).replace("[en, es]", "[en, es-MX]")
    assert load_flow(text, FILE).languages == ("en", "es-MX")


def test_no_step_can_be_called_end() -> None:
    text = TEXT.replace("  resolve:\n", "  end:\n").replace("to: resolve", "to: end")
    line = text[: text.index("  end:\n")].count("\n") + 1
    wrong = "“end” cannot be a step's id."
    assert (line, wrong) in [(problem.line, problem.fault) for problem in problems(text)]


def test_a_flow_without_steps_is_refused() -> None:
    start, end = TEXT.index("steps:\n"), TEXT.index("summary:\n")
    faults = problems(f"{TEXT[:start]}steps: {{}}\n{TEXT[end:]}")
    assert "The closing step must be the last one, and the only one (found: none)." in [p.fault for p in faults]


def test_a_flow_with_nothing_but_the_close_is_refused() -> None:
    start, end = TEXT.index("  prepare:\n"), TEXT.index("  close:\n")
    faults = problems(TEXT[:start] + TEXT[end:])
    assert "There is no step before the closing one." in [problem.fault for problem in faults]


def test_disputing_without_facts_is_refused() -> None:
    text = TEXT.replace("        kind: fact\n", "        kind: text\n")
    assert ("dispute", "There are no facts to dispute.") in [(p.step, p.fault) for p in problems(text)]


def test_a_bare_yes_is_a_fine_id() -> None:
    assert "yes" in load_flow(TEXT.replace('"yes": {label', "yes: {label"), FILE).steps["acknowledge"].gates


def test_the_shipped_flow_is_fine() -> None:
    assert load_flow(TEXT, FILE).id == "trust-recovery"


# --- the diagram


@BOTH
def test_the_diagram_shows_every_step_once(flow_id: str) -> None:
    flow = REGISTRY.newest_or_default(flow_id)
    parts = re.findall(r'^    s_(\w+)\["(?:\d+\. )?(.+)"\]$', mermaid_diagram(flow, "en"), re.MULTILINE)
    assert parts == [(step_id, step.title["en"]) for step_id, step in flow.steps.items()]


@BOTH
def test_the_diagram_shows_every_gate_that_leads_on(flow_id: str) -> None:
    flow = REGISTRY.newest_or_default(flow_id)
    parts = re.findall(r'^    s_(\w+) -->\|"(.+)"\| s_(\w+)$', mermaid_diagram(flow, "es"), re.MULTILINE)
    assert parts == [
        (step_id, gate.label["es"], gate.to)
        for step_id, step in flow.steps.items()
        for gate in step.gates.values()
        if gate.to
    ]


def test_the_diagram_numbers_the_steps_but_the_close() -> None:
    numbers = re.findall(r'\["(\d+)\. ', mermaid_diagram(REGISTRY.newest_or_default("trust-recovery"), "en"))
    assert numbers == ["1", "2", "3", "4", "5", "6", "7", "8"]


def test_the_diagram_ends_at_the_end() -> None:
    assert f's_close -->|"See the summary"| s_{END}\n' in mermaid_diagram(
        REGISTRY.newest_or_default("trust-recovery"), "en"
    )


def test_quotes_and_bars_in_a_label_do_not_break_the_diagram() -> None:
    text = TEXT.replace('label: {en: "Took it in"', "label: {en: '“a” \"b\" | #c'")
    assert '|"“a” #quot;b#quot; #124; #35;c"|' in mermaid_diagram(load_flow(text, FILE), "en")
