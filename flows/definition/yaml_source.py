"""Reads YAML that people write, and remembers on which line each part stands."""

import json
from collections.abc import Hashable
from dataclasses import dataclass, fields, is_dataclass
from types import ModuleType
from typing import Any, Generic, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz.process import extractOne

from flows.definition.source_limits import MAX_KEY_CHARACTERS, MAX_NUMBER_CHARACTERS, find_source_fault
from flows.errors import TrustRecoverError

Value = TypeVar("Value")
NodePath = tuple[Hashable, ...]
"""Where a part stands in the file: the keys and list indexes that lead to it."""

MAX_LISTED_PROBLEMS = 100
"""Problems that an error's message lists."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a file, and how to correct it. `step` is the step's id, or empty outside of a flow's steps."""

    file: str
    line: int
    step: str
    fault: str
    remedy: str

    def __str__(self) -> str:
        """One line in the form that compilers use: `file:line: message`."""
        step_prefix = f"step {self.step}: " if self.step else ""
        return f"{self.file}:{self.line}: {step_prefix}{self.fault} {self.remedy}"


class InvalidFile(TrustRecoverError):
    """A flow file or a rule file has errors, listed below."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep every problem; the message lists the first ones."""
        self.problems = problems
        listed_lines = [str(problem) for problem in problems[:MAX_LISTED_PROBLEMS]]
        if len(problems) > MAX_LISTED_PROBLEMS:
            listed_lines.append(f"And {len(problems) - MAX_LISTED_PROBLEMS:,} more.")
        super().__init__("\n".join(listed_lines))


@dataclass(frozen=True, slots=True)
class Source(Generic[Value]):
    """What a file says, with the line of each of its parts."""

    file: str
    value: Value
    lines: dict[NodePath, int]

    def problem(self, path: NodePath, fault: str, remedy: str) -> Problem:
        """A problem with the part at this path."""
        return _problem(self.file, self.lines, path, fault, remedy)


def parse_source(text: str, file: str, kind: type[Value], classes: ModuleType) -> Source[Value]:
    """Read a file's text as a value of a dataclass. `classes` is the module of that dataclass and of all in it.

    Raises:
        InvalidFile: the text is not YAML, or does not have the shape of the dataclass.

    """
    lines: dict[NodePath, int] = {(): 1}
    problems: list[Problem] = []
    try:
        if source_fault := find_source_fault(text):
            problem = Problem(file, source_fault.line, "", source_fault.fault, source_fault.remedy)
            raise InvalidFile([problem])
        root_node = yaml.compose(text, Loader=yaml.CSafeLoader)
        document = _node_value(root_node, (), lines, problems, file) if root_node else {}
    except yaml.MarkedYAMLError as error:
        position = error.problem_mark or error.context_mark
        fault = f"This is not YAML: {error.problem or error.context}."
        raise InvalidFile([Problem(file, position.line + 1 if position else 1, "", fault, "Mend the line.")]) from error
    except yaml.YAMLError as error:
        raise InvalidFile([Problem(file, 1, "", f"This is not YAML: {error}.", "Save it as plain UTF-8.")]) from error
    if problems:
        raise InvalidFile(problems)
    try:
        value = TypeAdapter(kind).validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        raise InvalidFile([_schema_problem(file, lines, detail, classes) for detail in error.errors()]) from error
    return Source(file, value, lines)


def _node_value(node: yaml.Node, path: NodePath, lines: dict[NodePath, int], problems: list[Problem], file: str) -> Any:  # noqa: ANN401 - any YAML value
    """The value of a node; its line is added to `lines`, and a key that stands twice to `problems`.

    Keys are always strings, so that `yes:` is an id and not a truth value.
    """
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_node_value(child, (*path, i), lines, problems, file) for i, child in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar_value(node)
    mapping: dict[str, Any] = {}
    for key, child in node.value:
        if not isinstance(key, yaml.ScalarNode) or len(key.value) > MAX_KEY_CHARACTERS:
            line = key.start_mark.line + 1
            problems.append(Problem(file, line, "", "This cannot be a key.", "Write a short word before the colon."))
            continue
        key_text = str(key.value)
        lines[(*path, key_text)] = key.start_mark.line + 1
        if key_text in mapping:
            problems.append(
                _problem(file, lines, (*path, key_text), f"“{key_text}” stands here twice.", "Keep one of the two.")
            )
        mapping[key_text] = _node_value(child, (*path, key_text), lines, problems, file)
    return mapping


def _scalar_value(node: yaml.Node) -> str | float | bool | None:
    """The value of a single word or text. What looks like a date stays text, and so does a number of many digits."""
    if len(node.value) > MAX_NUMBER_CHARACTERS:
        return str(node.value)
    try:
        value = yaml.SafeLoader("").construct_object(node)
    except ValueError:  # it looks like a date but is none: keep the text, and let the check of types judge it
        value = node.value
    return value if isinstance(value, str | int | float | bool | None) else str(node.value)


def _problem(file: str, lines: dict[NodePath, int], path: NodePath, fault: str, remedy: str) -> Problem:
    """A problem at a path, or at the nearest part around it that has a line (something missing has none)."""
    known_path = path
    while known_path not in lines:
        known_path = known_path[:-1]
    step = str(path[1]) if len(path) > 1 and path[0] == "steps" else ""
    return Problem(file, lines[known_path], step, fault, remedy)


_REMEDIES = {
    "int_type": "Write a whole number, without quotes.",
    "float_type": "Write a number, such as 2 or 0.5.",
    "string_type": "Write text, in quotes.",
    "bool_type": "Write true or false.",
    "dict_type": "Write a mapping, such as {en: ..., es: ...}.",
    "tuple_type": "Write a list, each item after a dash.",
    "dataclass_type": "Write a mapping of the keys that belong here (docs/flows.md and docs/coach.md list them).",
}
"""What to write instead, by pydantic's type of error."""


def _schema_problem(file: str, lines: dict[NodePath, int], detail: ErrorDetails, classes: ModuleType) -> Problem:
    """What pydantic found, in the words of somebody who writes such files."""
    path: NodePath = tuple(detail["loc"])
    key = str(path[-1]) if path else "the file"
    match detail["type"]:
        case "missing":
            return _problem(file, lines, path, f"“{key}” is missing.", f"Add “{key}:” here.")
        case "unexpected_keyword_argument":
            closest_key = extractOne(key, _known_keys(classes), score_cutoff=60)
            listed_keys = "Remove it (docs/flows.md and docs/coach.md list the keys)."
            remedy = f"Did you mean “{closest_key[0]}”?" if closest_key else listed_keys
            return _problem(file, lines, path, f"“{key}” is not a key that belongs here.", remedy)
        case "enum":
            allowed_values = detail.get("ctx", {}).get("expected", "")
            fault = f"“{key}” cannot be {detail['input']!r}."
            return _problem(file, lines, path, fault, f"Use one of: {allowed_values}.")
        case error_type:
            fault = f"“{key}” has the wrong type ({detail['input']!r:.60})."
            return _problem(file, lines, path, fault, _REMEDIES.get(error_type, detail["msg"] + "."))


def _known_keys(classes: ModuleType) -> list[str]:
    kinds = [kind for kind in vars(classes).values() if isinstance(kind, type) and is_dataclass(kind)]
    return sorted({field.name for kind in kinds for field in fields(kind)})
