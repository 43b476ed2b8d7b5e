"""Finds faults in the phrases of a file."""

from collections.abc import Callable, Iterator, Mapping

from flows.coach.model import Exceptions, Phrases
from flows.coach.notation import PhraseFault, PhraseLists, parse_phrase
from flows.definition.yaml_source import NodePath, Problem

_CONDITION_KEYS = ("unless", "unless_before", "unless_after")


class PhraseCheck:
    """Finds faults in the phrases of one file. `problem`: makes a problem from a path, a fault and a remedy."""

    def __init__(self, problem: Callable[[NodePath, str, str], Problem], lists: Mapping[str, Phrases]) -> None:
        """Keep the file's lists."""
        self._problem, self._lists = problem, PhraseLists(lists)

    def problems(self, phrases: Phrases, path: NodePath) -> Iterator[Problem]:
        """The faults of these phrases, which stand in a list at the path."""
        for index, phrase in enumerate(phrases):
            try:
                parse_phrase(phrase, self._lists)
            except PhraseFault as error:
                yield self._problem((*path, index), f"“{phrase:.60}”: {error.fault}", error.remedy)

    def condition_problems(self, exceptions: Exceptions, path: NodePath) -> Iterator[Problem]:
        """The faults of the exceptions of the part at the path."""
        for key in _CONDITION_KEYS:
            yield from self.problems(getattr(exceptions, key), (*path, key))
