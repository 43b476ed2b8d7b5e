"""Finds regular expressions whose time grows faster than the text.

From the parsed pattern, texts are made that it nearly matches: each repeatable part is repeated, after what fits before
it, and followed by what does not fit. A pattern is slow if four times the text takes far more than four times as long.
"""

import ast
import math
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from re import _constants as c  # type: ignore[attr-defined]  # what the parser of `re` makes
from re import _parser as parser  # type: ignore[attr-defined]  # the standard library's, without types
from types import ModuleType
from typing import Any, NamedTuple

SIZES = (20, 40, 64, 96, 384, 1_536, 6_144, 24_576)
ENOUGH_SECONDS = 0.004
"""A time that is short enough for any text, and long enough to be compared."""
SLOW_GROWTH = 8.0
"""Times as long for four times the text. A linear pattern has 4, a quadratic one 16."""
MANY = 64
"""From so many repetitions on, a part counts as repeatable without end."""
FUNCTIONS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
ENDS = ("", "\x00", "a", "\n!")
SAMPLES = " a-1.<@:/\n&_\x01é{"
"""Characters to choose from for a set; the first ones that are in it."""


Methods = frozenset[str]
ANYWHERE = frozenset({"search"})
AT_START = frozenset({"match", "fullmatch"})


class PatternUse(NamedTuple):
    """A pattern, where it stands, and how it is used: anywhere in a text, which is the worst case, or at its start."""

    place: str
    pattern: re.Pattern[str]
    methods: Methods


def pattern_uses(module: ModuleType) -> Iterator[PatternUse]:
    """Every pattern that a module holds in a variable, or writes into a call."""
    tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
    variables = {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    }
    methods_by_name: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            methods_by_name.setdefault(node.value.id, set()).add(node.attr)
        if isinstance(node, ast.Call) and (pattern := _written_pattern(node)) and pattern not in variables.values():
            yield PatternUse(f"{module.__name__}:{node.lineno}", pattern, _methods({ast.unparse(node.func)[3:]}))
    for name, value in variables.items():
        yield PatternUse(f"{module.__name__}.{name}", value, _methods(methods_by_name.get(name, set())))


def is_slow(pattern: re.Pattern[str], methods: Methods = ANYWHERE | AT_START) -> bool:
    """Whether there is a text for which this pattern takes far more than linear time."""
    return any(
        _grows_fast(getattr(pattern, method), part, end, prefix)
        for prefix, part in attack_parts(pattern)
        for end in ENDS
        for method in sorted(methods)
    )


def attack_parts(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Beginnings, each with what is to be repeated after it."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    sample = _sample(tree)
    parts = {("", sample)} if sample else set()
    for before, body in _repeats(tree, ""):
        for variant in {_sample(body, choice) for choice in range(3)} - {""}:
            parts |= {("", variant), (before, variant), ("", before + variant)}
    return parts


def _methods(names: set[str]) -> Methods:
    used = names & FUNCTIONS
    return AT_START & used if used and used <= AT_START else ANYWHERE | AT_START


def _grows_fast(run: Callable[[str], object], part: str, end: str, prefix: str) -> bool:
    for size in SIZES:
        text = prefix + part * (size // len(part) + 1) + end
        seconds = least_seconds(run, text)
        if seconds > ENOUGH_SECONDS:
            smaller = prefix + part * (size // 4 // len(part) + 1) + end
            return seconds > SLOW_GROWTH * least_seconds(run, smaller)
    return False


def least_seconds(run: Callable[[str], object], text: str) -> float:
    """Seconds of this thread's own time that it takes: the least of three times, if it takes long at all."""
    least = math.inf
    for _ in range(3):
        began = time.thread_time()
        run(text)
        least = min(least, time.thread_time() - began)
        if least < ENOUGH_SECONDS / 20:
            break
    return least


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - the parser's own tree
    """Each part that can be repeated without end, with a text that fits what stands before it."""
    for operation, argument in tree:
        if operation in {c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT}:
            _least, most, body = argument
            if most >= MANY:
                yield before, body
            yield from _repeats(body, before)
        elif operation is c.SUBPATTERN:
            yield from _repeats(argument[3], before)
        elif operation is c.ATOMIC_GROUP:
            yield from _repeats(argument, before)
        elif operation is c.BRANCH:
            for branch in argument[1]:
                yield from _repeats(branch, before)
        elif operation in {c.ASSERT, c.ASSERT_NOT}:
            yield from _repeats(argument[1], before)
        before += _sample([(operation, argument)])


def _sample(tree: Any, choice: int = 0) -> str:  # noqa: ANN401 - the parser's own tree
    """A short text that fits, as far as that is easily found. `choice`: which of several."""
    return "".join(_part_sample(operation, argument, choice) for operation, argument in tree)


def _part_sample(operation: Any, argument: Any, choice: int) -> str:  # noqa: ANN401 - one line an operation
    match operation:
        case c.LITERAL:
            return chr(argument)
        case c.NOT_LITERAL:
            return next(sign for sign in SAMPLES if sign != chr(argument))
        case c.ANY:
            return SAMPLES[choice]
        case c.IN:
            fitting: list[str] = [sign for sign in (*SAMPLES, *_first_members(argument)) if _is_in(sign, argument)]
            return fitting[choice % len(fitting)] if fitting else ""
        case c.MAX_REPEAT | c.MIN_REPEAT | c.POSSESSIVE_REPEAT:
            count: int = min(max(argument[0], 1), MANY)
            return _sample(argument[2], choice) * count
        case c.SUBPATTERN:
            return _sample(argument[3], choice)
        case c.ATOMIC_GROUP:
            return _sample(argument, choice)
        case c.BRANCH:
            return _sample(argument[1][choice % len(argument[1])], choice)
        case _:  # a position, or what must follow: has no characters of its own
            return ""


def _first_members(members: Any) -> list[str]:  # noqa: ANN401 - the parser's own tree
    first = {c.LITERAL: lambda value: value, c.RANGE: lambda value: value[0]}
    return [chr(first[kind](value)) for kind, value in members if kind in first]


def _is_in(sign: str, members: Any) -> bool:  # noqa: ANN401 - the parser's own tree
    categories: dict[Any, Callable[[str], bool]] = {
        c.CATEGORY_DIGIT: str.isdecimal,
        c.CATEGORY_SPACE: str.isspace,
        c.CATEGORY_WORD: lambda one: one.isalnum() or one == "_",
        c.CATEGORY_NOT_DIGIT: lambda one: not one.isdecimal(),
        c.CATEGORY_NOT_SPACE: lambda one: not one.isspace(),
        c.CATEGORY_NOT_WORD: lambda one: not (one.isalnum() or one == "_"),
    }
    is_inverted, is_member = False, False
    for kind, value in members:
        is_inverted = is_inverted or kind is c.NEGATE
        is_member = (
            is_member
            or (kind is c.LITERAL and ord(sign) == value)
            or (kind is c.RANGE and value[0] <= ord(sign) <= value[1])
            or (kind is c.CATEGORY and categories[value](sign))
        )
    return is_member != is_inverted


def _written_pattern(call: ast.Call) -> re.Pattern[str] | None:
    """The pattern that is a text in a call such as `re.sub("...", ...)`."""
    function, _, name = ast.unparse(call.func).partition(".")
    first = call.args[0] if call.args else None
    if function != "re" or name not in FUNCTIONS or not isinstance(first, ast.Constant):
        return None
    flags = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute) and node.attr.isupper()}
    return re.compile(str(first.value), sum(int(getattr(re, flag)) for flag in flags))
