"""The operator's commands for the coach: check rule files, list the rules, and judge many drafts or messages."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot import settings
from bot.admin_database import open_existing_database
from bot.storage import hint_counts
from bot.storage.coach_rules import built_in_sources, load_coach
from bot.storage.flow_registry import read_flow_file
from bot.storage.hint_counts import RuleCounts
from flows.coach.client_words import MAX_SUGGESTIONS, CueWords
from flows.coach.coach import Coach
from flows.coach.cue_files import load_cues
from flows.coach.model import DraftContext
from flows.coach.operator_files import load_operator_file
from flows.coach.rule_files import load_rules
from flows.errors import TrustRecoverError

MAX_LINE_CHARACTERS = 200_000
"""Characters of a line with a draft."""
MIN_DECIDED_HINTS = 10
"""Hints that were taken or dismissed, before it is said that a rule's hints are mostly dismissed."""
REPORT_TITLES = ("language", "rule", "shown", "taken", "dismissed", "put away", "")
COLUMN_TITLES = ("language", "rule", "state", "rank", "why")


class UnreadableLine(TrustRecoverError):
    """A line is not what the command reads."""


def check_file(path: Path) -> str:
    """Check a rule file, or an operator's file. Returns what was found, in words.

    Raises:
        InvalidFile: the file has faults.
        BadSettings: it cannot be read.

    """
    text = read_flow_file(path)
    keys = {line.partition(":")[0] for line in text.splitlines()}
    if {"feelings", "dangers"} & keys:
        load_cues(text, str(path))
        return f"{path}: no faults."
    if "language" in keys:
        file = load_rules(text, str(path))
        return f"{path}: {len(file.rules)} rules in “{file.language}”, no faults."
    sources = built_in_sources().items()
    rule_files = {language: load_rules(source, f"{language}.yaml") for language, source in sources}
    load_operator_file(text, str(path), rule_files)
    return f"{path}: no faults."


def rule_table() -> list[str]:
    """The rules and parts of all languages, with the operator's words, as the lines of a table."""
    coach = configured_coach()
    rows: list[tuple[str, ...]] = [COLUMN_TITLES]
    for language in coach.languages:
        file = coach.rule_file(language)
        for rule_id, rule in sorted(file.rules.items(), key=lambda item: item[1].rank):
            rows.append((language, rule_id, "on" if rule.is_on else "off", f"{rule.rank:g}", rule.why))
        for part_id, part in file.parts.items():
            rows.append((language, f"missing {part_id}", "on" if part.is_on else "off", "", part.why))
        rows += [(language, "word to avoid", "on", "", word) for word in coach.operator_file.words.get(language, ())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def hint_table() -> list[str]:
    """What became of the hints of each rule, as the lines of a table. Nobody's name or words stand in it.

    Raises:
        TrustRecoverError: the database cannot be used.

    """
    with open_existing_database() as db:
        counts = db.transact(hint_counts.counts_by_rule)
    if not counts:
        return ["No hints have been shown."]
    rows = [REPORT_TITLES, *(_report_row(one) for one in counts)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _report_row(counts: RuleCounts) -> tuple[str, ...]:
    decided = counts.taken + counts.dismissed
    is_mostly_dismissed = decided >= MIN_DECIDED_HINTS and counts.dismissed > decided / 2
    numbers = map(str, (counts.shown, counts.taken, counts.dismissed, counts.cleared))
    return counts.language, counts.rule_id, *numbers, "mostly dismissed" if is_mostly_dismissed else ""


def judged_drafts(lines: Iterable[str]) -> Iterator[str]:
    """What the coach says, as JSON, of each line, an object with `text` and perhaps `facts`, `latitude`, `language`.

    Raises:
        UnreadableLine: a line has no text, or is no JSON object.

    """
    coach = configured_coach()
    for number, line in enumerate(lines, 1):
        if line.strip():
            data = _read_line(line, number)
            context = DraftContext(facts=_texts(data, "facts", number), latitude=_text(data, "latitude", number))
            judgement = coach.check(_text(data, "text", number), _text(data, "language", number) or "en", context)
            flags = [
                {name: value for name, value in asdict(flag).items() if not name.startswith("sentence")}
                | {"sentence": [flag.sentence_start, flag.sentence_end]}
                for flag in judgement.flags
            ]
            missing = [part.id for part in judgement.missing]
            facts = [fact for part in judgement.missing for fact in part.facts]
            answer = {"flags": flags, "missing": missing, "facts_not_mentioned": facts}
            yield json.dumps(answer, ensure_ascii=False)


def guessed_feelings(lines: Iterable[str]) -> Iterator[str]:
    """The three likeliest feelings with their cues, as JSON, of each line: an object with `text` and `language`.

    Raises:
        UnreadableLine: a line has no text, or is no JSON object.

    """
    coach = configured_coach()
    for number, line in enumerate(lines, 1):
        if line.strip():
            data = _read_line(line, number)
            text = _text(data, "text", number)
            guesses, signs = coach.read_message(text, _text(data, "language", number) or "en")
            suggestions = [
                {"feeling": guess.feeling, "cues": [_cue(text, cue) for cue in guess.cues]}
                for guess in guesses[:MAX_SUGGESTIONS]
            ]
            dangers = [{"danger": sign.danger, "cue": _cue(text, sign.cue)} for sign in signs]
            yield json.dumps({"feelings": suggestions, "dangers": dangers}, ensure_ascii=False)


def _cue(text: str, cue: CueWords) -> dict[str, object]:
    return {"start": cue.start, "end": cue.end, "words": text[cue.start : cue.end], "why": cue.why}


def configured_coach() -> Coach:
    """The coach as the settings want it."""
    return load_coach(settings.load_settings().coach)


def _read_line(line: str, number: int) -> Mapping[str, Any]:
    if len(line) > MAX_LINE_CHARACTERS:
        message = f"Line {number} has {len(line):,} characters. Split it; at most {MAX_LINE_CHARACTERS:,} are read."
        raise UnreadableLine(message)
    try:
        data = json.loads(line)
    except ValueError as error:
        message = f'Line {number} is no JSON ({error}). Write one object a line, such as {{"text": "…"}}.'
        raise UnreadableLine(message) from error
    if not isinstance(data, dict) or "text" not in data:
        message = f'Line {number} has no “text”. Write one object a line, such as {{"text": "…"}}.'
        raise UnreadableLine(message)
    return data


def _text(data: Mapping[str, Any], key: str, number: int) -> str:
    value = data.get(key) or ""
    if not isinstance(value, str):
        message = f"In line {number} “{key}” is no text. Put it in quotes."
        raise UnreadableLine(message)
    return value


def _texts(data: Mapping[str, Any], key: str, number: int) -> tuple[str, ...]:
    value = data.get(key) or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        message = f"In line {number} “{key}” is no list of texts."
        raise UnreadableLine(message)
    return tuple(value)
