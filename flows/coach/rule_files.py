"""Reads and checks rule files: each fault with its line and its remedy."""

from collections.abc import Iterator

from flows.coach import model
from flows.coach.better_wording import SLOT, SLOT_NAMES
from flows.coach.model import Case, RuleFile, Wording
from flows.coach.phrase_check import PhraseCheck
from flows.definition.yaml_source import InvalidFile, NodePath, Problem, Source, parse_source

MAX_WHY_CHARACTERS = 160
"""Characters of the line that says why."""


def load_rules(text: str, file: str) -> RuleFile:
    """Read and check a rule file's text.

    Raises:
        InvalidFile: the file has faults. The error holds all of them.

    """
    source = parse_source(text, file, RuleFile, model)
    problems = sorted(_problems(source), key=lambda problem: problem.line)
    if problems:
        raise InvalidFile(problems)
    return source.value


def _problems(source: Source[RuleFile]) -> Iterator[Problem]:
    file = source.value
    phrases = PhraseCheck(source.problem, file.lists)
    for name, listed_phrases in file.lists.items():
        yield from phrases.problems(listed_phrases, ("lists", name))
    for key in ("dates", "apologies", "repeated_apologies"):
        yield from phrases.problems(getattr(file, key), (key,))
    for key in ("promises", "denials"):
        yield from phrases.problems(getattr(file.latitude, key), ("latitude", key))
    for key in ("topics", "names"):
        for topic, topic_phrases in getattr(file.latitude, key).items():
            yield from phrases.problems(topic_phrases, ("latitude", key, topic))
    yield from phrases.condition_problems(file.latitude, ("latitude",))
    for topic in {*file.latitude.names, *file.latitude.only_if_denied} - file.latitude.topics.keys():
        remedy = f"The topics are: {', '.join(file.latitude.topics)}."
        yield source.problem(("latitude",), f"There is no topic “{topic}”.", remedy)
    yield from _wording_problems(source, file.latitude, ("latitude",))
    for rule_id, rule in file.rules.items():
        path: NodePath = ("rules", rule_id)
        yield from _why_problems(source, rule.why, path)
        if rule.is_grave and not rule.repair.strip():
            yield source.problem(path, "“repair” is missing.", "A grave rule needs what to say next, once it was said.")
        yield from phrases.condition_problems(rule, path)
        yield from _wording_problems(source, rule, path)
        yield from _case_problems(source, phrases, rule.cases, path)
    for part_id, part in file.parts.items():
        yield from _why_problems(source, part.why, ("parts", part_id))
        yield from _case_problems(source, phrases, part.cases, ("parts", part_id))


def _case_problems(
    source: Source[RuleFile], phrases: PhraseCheck, cases: tuple[Case, ...], path: NodePath
) -> Iterator[Problem]:
    for index, case in enumerate(cases):
        case_path = (*path, "cases", index)
        yield from phrases.problems(case.phrases, (*case_path, "phrases"))
        yield from phrases.problems(case.same_sentence, (*case_path, "same_sentence"))
        yield from phrases.problems(case.previous_sentence, (*case_path, "previous_sentence"))
        yield from phrases.problems(case.unless_previous, (*case_path, "unless_previous"))
        yield from phrases.condition_problems(case, case_path)
        yield from _wording_problems(source, case, case_path)


def _wording_problems(source: Source[RuleFile], wording: Wording, path: NodePath) -> Iterator[Problem]:
    names = ", ".join(f"{{{name}}}" for name in sorted(SLOT_NAMES))
    for index, template in enumerate(wording.better):
        for unknown in [name for name, _optional in SLOT.findall(template) if name not in SLOT_NAMES]:
            fault = f"There is no slot {{{unknown}}}."
            yield source.problem((*path, "better", index), fault, f"The slots are: {names}.")
        if "{" in SLOT.sub("", template):
            fault = f"A slot of “{template:.60}” is not closed."
            yield source.problem((*path, "better", index), fault, f"The slots are: {names}.")
    for phrase in wording.change:
        yield from PhraseCheck(source.problem, source.value.lists).problems((phrase,), (*path, "change", phrase))


def _why_problems(source: Source[RuleFile], why: str, path: NodePath) -> Iterator[Problem]:
    if not why.strip() or "\n" in why.strip() or len(why) > MAX_WHY_CHARACTERS:
        remedy = f"Write one line of at most {MAX_WHY_CHARACTERS} characters for the responder."
        yield source.problem((*path, "why"), "“why” is not one short line.", remedy)
