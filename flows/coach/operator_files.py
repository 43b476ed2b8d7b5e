"""Reads and checks what an operator changes in the rules."""

from collections.abc import Iterator, Mapping

from rapidfuzz.process import extractOne

from flows.coach import model
from flows.coach.model import OperatorFile, RuleFile
from flows.coach.phrase_check import PhraseCheck
from flows.definition.yaml_source import InvalidFile, NodePath, Problem, Source, parse_source

MIN_SIMILARITY = 60
"""How alike (0 to 100) an id must be to be suggested."""


def load_operator_file(text: str, file: str, rule_files: Mapping[str, RuleFile]) -> OperatorFile:
    """Read and check an operator's file. `rule_files`: by language.

    Raises:
        InvalidFile: the file has faults. The error holds all of them.

    """
    source = parse_source(text, file, OperatorFile, model)
    problems = sorted(_problems(source, rule_files), key=lambda problem: problem.line)
    if problems:
        raise InvalidFile(problems)
    return source.value


def _problems(source: Source[OperatorFile], rule_files: Mapping[str, RuleFile]) -> Iterator[Problem]:
    ids = sorted({rule_id for file in rule_files.values() for rule_id in (*file.rules, *file.parts)})
    for key in ("on", "off"):
        for index, rule_id in enumerate(getattr(source.value, key)):
            if rule_id not in ids:
                yield source.problem((key, index), f"There is no rule “{rule_id}”.", _suggestion(rule_id, ids))
    for rule_id in source.value.on:
        if rule_id in source.value.off:
            yield source.problem(("off",), f"“{rule_id}” is switched on and off.", "Keep one of the two.")
    for language, phrases in source.value.words.items():
        path: NodePath = ("words", language)
        if language not in rule_files:
            languages = ", ".join(sorted(rule_files))
            yield source.problem(path, f"There are no rules in “{language}”.", f"The languages are: {languages}.")
            continue
        yield from PhraseCheck(source.problem, rule_files[language].lists).problems(phrases, path)


def _suggestion(rule_id: str, ids: list[str]) -> str:
    closest_id = extractOne(rule_id, ids, score_cutoff=MIN_SIMILARITY)
    return f"Did you mean “{closest_id[0]}”?" if closest_id else f"The rules are: {', '.join(ids)}."
