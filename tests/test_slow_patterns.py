"""Text takes time in proportion to its length: no pattern and no reading of what people type is slower."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import adapters
import bot
import flows
from adapters.shared.text_splitting import shorten
from adapters.slack.blocks.mrkdwn import first_mention, parse_permalink, read_message
from flows.input.command_text import after_command, clean_account
from flows.input.commands import parse_command
from flows.input.form_answers import read_settings_form, read_start_form
from flows.state.local_time.time_zones import find_time_zone
from flows.state.local_time.working_hours import parse_hours
from flows.text import clean_name, clean_text, fold_text, is_blank, name_key, split_text
from flows.wording.document import parse_document
from flows.wording.giving_back.facts import facts_clause
from flows.wording.giving_back.feelings import feeling_words
from flows.wording.giving_back.sentences import inner_sentence, written_words
from flows.wording.languages import match_language
from flows.wording.localization import Localizer
from tests.slow_patterns import is_slow, least_seconds, pattern_uses

PACKAGES = (adapters, bot, flows)
MIN_PATTERNS = 20


def our_modules() -> Iterator[ModuleType]:
    for package in (adapters, bot, flows):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not info.name.endswith("__main__"):
                yield importlib.import_module(info.name)


def test_no_pattern_takes_more_than_linear_time() -> None:
    uses = {(use.pattern, use.methods): use.place for module in our_modules() for use in pattern_uses(module)}
    assert len(uses) > MIN_PATTERNS
    slow = {place: pattern.pattern for (pattern, methods), place in uses.items() if is_slow(pattern, methods)}
    assert slow == {}


@pytest.mark.parametrize(
    "pattern",
    [
        r"\s*([-–—,])\s*",
        r"^\s*/?\s*trust-recover",
        r"(a+)+$",
        r"@(.+)$",
        r"<a\s[^>]*href=",
        r"(\w+\s?)*:",
        r"(?:x|x)*y",
        r".*=.*;",
    ],
)
def test_a_slow_pattern_is_found(pattern: str) -> None:
    assert is_slow(re.compile(pattern))


@pytest.mark.parametrize("pattern", [r"\d+|[^\W\d_]+|\S", r"-+", r"[a-z][a-z0-9-]*", r"\{(\w+)\}", r"(\d{4})-(\d{2})"])
def test_a_linear_pattern_is_not(pattern: str) -> None:
    assert not is_slow(re.compile(pattern))


def test_patterns_are_found_in_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = """import re
HELD = re.compile("a+b")
WIDE = re.compile("c+d")
def work(text: str) -> str:
    return re.sub("e+f", "", text, flags=re.IGNORECASE) if HELD.match(text) else WIDE.sub("", text)
"""
    (tmp_path / "module_with_patterns.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    uses = {use.pattern.pattern: use for use in pattern_uses(importlib.import_module("module_with_patterns"))}
    assert set(uses) == {"a+b", "c+d", "e+f"}
    assert uses["a+b"].methods == {"match"}
    assert uses["c+d"].methods >= {"search"}
    assert (uses["e+f"].place, uses["e+f"].pattern.flags & re.IGNORECASE) == ("module_with_patterns:5", re.IGNORECASE)


# --- what people type

PARTS = [
    " ",
    "9 ",
    "-",
    "start ",
    "/trust-recover ",
    "a",
    ":",
    "“",
    "\u202e",
    "\u2066\u202c",
    "\n",
    "\u200b",
    "@",
    "9-",
]
PARTS += [".", "quiet quiet ", "mon,", "-\n", "\u3000", "•\n", "😀\u200d", "\u0301", "en-", "UTC+", "&", "Inc "]
PARTS += ["<@U1|", "<", "&lt;", "<https://north.slack.com/archives/C1/p", "|", "thread_ts=1"]
ENDS = ["", "x", "\n", "17"]
SHORT = 4_000
"""Characters; compared with four times as many."""
MIN_SECONDS = 0.02
"""What takes less is fast enough, and too short to be compared."""
MAX_GROWTH = 9.0
FLOWS = ("trust-recovery", "first-response")


def readers(localizer: Localizer) -> dict[str, Callable[[str], object]]:
    return {
        "command": lambda text: parse_command(clean_text(text), FLOWS),
        "command in a chat": lambda text: parse_command(clean_text(text), FLOWS, chat=True),
        "after the command": after_command,
        "account": clean_account,
        "hours": parse_hours,
        "start form": lambda text: read_start_form({"account": text, "message": text}, localizer),
        "settings form": lambda text: read_settings_form({"language": text, "hours": text}, ("en", "es"), localizer),
        "fact to give back": lambda text: [facts_clause([text], language) for language in ("en", "es")],
        "feeling to give back": lambda text: [feeling_words(text, language) for language in ("en", "es")],
        "sentence to say": lambda text: [inner_sentence(text, language) for language in ("en", "es")],
        "words to write": lambda text: written_words(text, "en"),
        "text": clean_text,
        "name": clean_name,
        "folded text": fold_text,
        "blank": is_blank,
        "key": name_key,
        "parts": lambda text: split_text(text, 2_000),
        "shortened": lambda text: shorten(text, 150),
        "document": parse_document,
        "language": match_language,
        "time zone": find_time_zone,
        "Slack's message": lambda text: read_message(text, {"U1": "Ana"}),
        "Slack's link": lambda text: parse_permalink(text, "north.slack.com"),
        "Slack's mention": first_mention,
    }


READERS = [
    "command",
    "command in a chat",
    "after the command",
    "account",
    "hours",
    "start form",
    "settings form",
    "text",
]
READERS += ["name", "folded text", "blank", "key", "parts", "shortened", "document", "language", "time zone"]
READERS += ["fact to give back", "feeling to give back", "sentence to say", "words to write"]
READERS += ["Slack's message", "Slack's link", "Slack's mention"]


@pytest.mark.parametrize("name", READERS)
def test_what_people_type_is_read_in_linear_time(localizer: Localizer, name: str) -> None:
    read = readers(localizer)[name]
    for part in PARTS:
        for end in ENDS[:: 1 if name in {"hours", "command"} else 2]:
            assert not _grows_fast(read, part, end), (part, end)


def _grows_fast(read: Callable[[str], object], part: str, end: str) -> bool:
    short, long = (f"9{part * (characters // len(part))}{end}" for characters in (SHORT, 4 * SHORT))
    seconds = least_seconds(read, long)
    return seconds > MIN_SECONDS and seconds > MAX_GROWTH * least_seconds(read, short)
