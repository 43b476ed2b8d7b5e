"""The operator's commands for the coach: rules that are checked and switched, drafts judged by the line, and counts."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection

from bot.cli import main
from bot.storage import hint_counts
from bot.storage.database import driver_url, open_database
from flows.state.effects import CountHint
from flows.state.identity import Person
from flows.state.words import HintOutcome
from tests.bot.conftest import Command

DANA, BEN = Person("slack", "T1", "U1", "Dana"), Person("slack", "T1", "U2", "Ben")
OTHER_WORKSPACE = Person("slack", "T2", "U1", "Dana")


def run(*arguments: str, **settings: str) -> Result:
    return CliRunner().invoke(
        main, ["coach", *arguments], env={f"TRUST_RECOVER_{key}": value for key, value in settings.items()}
    )


def judged(folder: Path, *drafts: dict[str, Any], **settings: str) -> list[dict[str, Any]]:
    """What is said of these drafts."""
    file = folder / "drafts.jsonl"
    file.write_text("\n".join(map(json.dumps, drafts)), encoding="utf-8")
    result = run("flags", str(file), **settings)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def flag_ids(folder: Path, text: str, **settings: str) -> list[str]:
    [judgement] = judged(folder, {"text": text}, **settings)
    return [flag["id"] for flag in judgement["flags"]]


def test_each_draft_gets_a_line_with_flags_their_places_and_the_missing_parts(tmp_path: Path) -> None:
    text = "Hello. I'm sorry if this was hard for you."
    first, second = judged(
        tmp_path,
        {"text": text, "facts": ["You never called me back!!"]},
        {"text": "Siento si le causamos alguna molestia.", "language": "es"},
    )
    [flag] = [flag for flag in first["flags"] if flag["id"] == "sorry_if"]
    assert "sorry if" in text[flag["start"] : flag["end"]]
    assert {"id", "start", "end", "why", "better"} <= set(flag)
    assert "facts" in first["missing"]
    assert first["facts_not_mentioned"] == ["You never called me back!!"]
    assert any(flag["id"] == "sorry_if" for flag in second["flags"])


def test_a_promise_beyond_the_latitude_is_flagged_and_one_within_it_is_not(tmp_path: Path) -> None:
    text = "We will give you a refund of 30 %."
    beyond, within = judged(
        tmp_path,
        {"text": text, "latitude": "up to 10 % refund, nothing else"},
        {"text": text, "latitude": "up to 40 % refund"},
    )
    assert [flag["id"] for flag in beyond["flags"]] == ["over_promise"]
    assert not within["flags"]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("no json", "no JSON"),
        ("[1]", "no “text”"),
        ('{"text": 3}', "is no text"),
        ('{"text": "a", "facts": "b"}', "no list"),
    ],
)
def test_a_line_that_is_none_is_named_with_its_number(tmp_path: Path, line: str, word: str) -> None:
    file = tmp_path / "drafts.jsonl"
    file.write_text(f'{{"text": "Hello."}}\n{line}\n', encoding="utf-8")
    result = run("flags", str(file))
    assert result.exit_code == 1
    assert word in result.output
    assert "ine 2" in result.output


def test_an_operator_switches_rules_and_adds_words_and_sees_them_listed(tmp_path: Path) -> None:
    file = tmp_path / "coach.yaml"
    file.write_text('off: [sorry_if]\nwords: {en: ["circle back", "synerg*"]}\n', encoding="utf-8")
    assert "sorry_if" in flag_ids(tmp_path, "I'm sorry if this was hard.")
    assert "sorry_if" not in flag_ids(tmp_path, "I'm sorry if this was hard.", COACH=str(file))
    assert "hard_words" in flag_ids(tmp_path, "Let me circle back on Monday.", COACH=str(file))
    lines = run("rules", COACH=str(file)).output.splitlines()
    assert any(line.split()[:3] == ["en", "sorry_if", "off"] for line in lines)
    assert any("circle back" in line for line in lines)


def test_a_faulty_file_is_refused_line_by_line_with_what_would_be_right(tmp_path: Path) -> None:
    file = tmp_path / "coach.yaml"
    file.write_text('on: [sory_if]\nwords:\n  en: ["(a"]\n  fr: ["b"]\n', encoding="utf-8")
    for result in (run("check", str(file)), run("rules", COACH=str(file))):
        assert result.exit_code == 1
        assert f"{file}:1: There is no rule “sory_if”. Did you mean “sorry_if”?" in result.output
        assert f"{file}:3: “(a”: A “)” is missing." in result.output
        assert f"{file}:4: There are no rules in “fr”." in result.output


@pytest.mark.parametrize("name", ["en.yaml", "es.yaml", "client_en.yaml", "client_es.yaml"])
def test_the_files_that_come_with_the_product_have_no_fault(name: str) -> None:
    result = run("check", f"flows/data/coach/{name}")
    assert result.exit_code == 0, result.output


def test_a_message_gets_its_three_likeliest_feelings_with_the_words_that_say_so(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text('{"text": "Nobody called me back."}\n', encoding="utf-8")
    [answer] = [json.loads(line) for line in run("feelings", str(file)).output.splitlines()]
    assert len(answer["feelings"]) == 3
    assert answer["feelings"][0]["feeling"] == "ignored"
    assert answer["feelings"][0]["cues"][0]["words"].startswith("Nobody called")


def test_the_report_counts_by_rule_and_names_nobody(database_url: str, command: Command) -> None:
    def add(tx: Connection) -> None:
        for outcome, times, person in (
            ("shown", 14, DANA),
            ("dismissed", 9, DANA),
            ("taken", 3, BEN),
            ("cleared", 1, OTHER_WORKSPACE),
        ):
            for _ in range(times):
                hint_counts.add_outcome(tx, CountHint(person, HintOutcome("filler", "en", outcome)))
        tx.commit()

    assert command("coach", "report").output == "No hints have been shown.\n"
    with open_database(driver_url(database_url)) as database:
        database.transact(add)
        own_counts = database.transact(lambda tx: hint_counts.counts_of_person(tx, DANA))
    output = command("coach", "report").output
    assert output.splitlines()[1].split() == ["en", "filler", "14", "3", "9", "1", "mostly", "dismissed"]
    assert not any(name in output for name in ("U1", "U2", "Dana", "T1"))
    assert own_counts == {"shown": 14, "dismissed": 9}
