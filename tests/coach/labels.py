"""Labelled drafts, as their authors wrote them: one JSON object a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class LabelledFlag(NamedTuple):
    """A fault that the author marked: the rule's id and the place in the text."""

    id: str
    start: int
    end: int


class LabelledDraft(NamedTuple):
    """A draft and what its author says of it. `missing` is None where the draft is no whole apology."""

    text: str
    language: str
    facts: tuple[str, ...]
    latitude: str
    flags: tuple[LabelledFlag, ...]
    missing: frozenset[str] | None


def read_drafts(path: Path) -> Iterator[LabelledDraft]:
    """The drafts of a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        data = json.loads(line)
        missing = data.get("missing")
        yield LabelledDraft(
            data["text"],
            data.get("language", "en"),
            tuple(data.get("facts") or ()),
            data.get("latitude") or "",
            tuple(_flag(data["text"], flag) for flag in data["flags"]),
            None if missing is None else frozenset(missing),
        )


def _flag(text: str, flag: dict[str, str]) -> LabelledFlag:
    start = text.index(flag["quote"])
    return LabelledFlag(flag["id"], start, start + len(flag["quote"]))
