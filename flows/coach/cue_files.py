"""Reads and checks the files with the cues in clients' words."""

from collections.abc import Iterator

from flows.coach import model
from flows.coach.model import CueFile
from flows.coach.phrase_check import PhraseCheck
from flows.definition.yaml_source import InvalidFile, NodePath, Problem, Source, parse_source

DANGERS = ("leaving", "lawyers", "senior", "human")
"""What a client can say that changes what is best next. That the same is said again is found in the messages."""


def load_cues(text: str, file: str) -> CueFile:
    """Read and check a cue file's text.

    Raises:
        InvalidFile: the file has faults. The error holds all of them.

    """
    source = parse_source(text, file, CueFile, model)
    problems = sorted(_problems(source), key=lambda problem: problem.line)
    if problems:
        raise InvalidFile(problems)
    return source.value


def _problems(source: Source[CueFile]) -> Iterator[Problem]:
    file = source.value
    phrase_check = PhraseCheck(source.problem, file.lists)
    for name, phrases in file.lists.items():
        yield from phrase_check.problems(phrases, ("lists", name))
    for key, cues_by_id in (("feelings", file.feelings), ("dangers", file.dangers)):
        for cue_id, cues in cues_by_id.items():
            for index, cue in enumerate(cues):
                path: NodePath = (key, cue_id, index)
                yield from phrase_check.problems(cue.phrases, (*path, "phrases"))
                yield from phrase_check.condition_problems(cue, path)
    for danger in file.dangers:
        if danger not in DANGERS:
            remedy = f"The dangers are: {', '.join(DANGERS)}."
            yield source.problem(("dangers", danger), f"There is no danger “{danger}”.", remedy)
