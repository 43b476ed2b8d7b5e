"""Orders and reproaches as statements that can be turned: "stop calling me" → "I want you to stop calling me"."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Pattern:
    order: re.Pattern[str]
    statement: str
    is_reproach: bool = False


def _pattern(order: str, statement: str, *, is_reproach: bool = False) -> _Pattern:
    return _Pattern(re.compile(order, re.IGNORECASE), statement, is_reproach)


_PATTERNS = {
    "en": (
        _pattern(r"how (?:dare|could) you (?=\w+ )", "you had no right to ", is_reproach=True),
        _pattern(r"don't you (?:dare|ever)(?: ever| again)? (?=\w+ )", "I don't want you to ", is_reproach=True),
        _pattern(r"(?:please |just )*stop (?=\w+ing )", "I want you to stop "),
        _pattern(r"never (?:ever )?(?=(?:call|send|put|close|tell|ask|email|transfer|contact|charge|phone) )",
                 "I don't want you to "),
    ),
    "es": (
        _pattern(r"cómo (?:se atreven|pudieron|se atreve|te atreves|os atrevéis|te atrevés)(?: a)? (?=\w+[aei]r)",
                 "ustedes no tenían derecho a ", is_reproach=True),
        _pattern(r"(?:por favor,? )?(?:dejen|deje|deja|dejad|dejá|paren|pare|para) de (?=\w+[aei]r)",
                 "quiero que ustedes dejen de "),
        _pattern(r"no (me|nos) vuelvan? a ", r"quiero que ustedes no \1 vuelvan a "),
    ),
}  # fmt: skip


def as_statement(text: str, language: str) -> tuple[str, bool] | None:
    """An order or a reproach as what the client wants or holds, and whether it was a reproach."""
    for pattern in _PATTERNS[language]:
        match = pattern.order.match(text)
        if match:
            return match.expand(pattern.statement) + text[match.end() :], pattern.is_reproach
    return None
