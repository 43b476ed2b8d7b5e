"""What makes a phrase one that nobody can say aloud, as far as a program can tell."""

import re

from flows.wording.giving_back.capitals import ABBREVIATIONS, MAX_CAPITALS

MAX_PHRASE_CHARACTERS = 420
_DOUBLED = re.compile(r"\.\.|,,|;;|::|[!?]{2}|[.,;:][,;:.]|…\.|\.…|…,| [,.;:!?…]|\s\s|[\r\n\t]")
_UNSPEAKABLE = re.compile(r"[*_~#|<>\[\]{}\\^•]")


def faults(phrase: str) -> list[str]:
    """What is wrong with a phrase; nothing if it may be said."""
    return [
        *(f"mark {match.group()!r}" for match in _DOUBLED.finditer(phrase)),
        *(f"sign {match.group()!r}" for match in _UNSPEAKABLE.finditer(phrase)),
        *(f"shouted {word}" for word in phrase.split() if _is_shouted(word)),
        *([f"{len(phrase)} characters"] if len(phrase) > MAX_PHRASE_CHARACTERS else []),
        *(["quotes"] if not _has_paired_quotes(phrase) else []),
        *(["end"] if not phrase.endswith((".", "?", "…")) else []),
        *(["space"] if phrase != phrase.strip() else []),
    ]


def _is_shouted(word: str) -> bool:
    letters = [character for character in word if character.isalpha() and character.upper() != character.lower()]
    is_abbreviation = any(map(str.isdigit, word)) or "".join(letters) in ABBREVIATIONS
    return len(letters) > MAX_CAPITALS and all(map(str.isupper, letters)) and not is_abbreviation


def _has_paired_quotes(phrase: str) -> bool:
    depth = 0
    for character in phrase:
        depth += (character == "“") - (character == "”")
        if depth not in {0, 1}:
            return False
    return depth == 0 and '"' not in phrase and phrase.count("‘") <= phrase.count("’")
