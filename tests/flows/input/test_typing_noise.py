"""Noise around a command does not change what it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.input.command_text import after_command, clean_account
from flows.input.commands import Command, CommandWord, parse_command, thread_command
from flows.text import clean_text
from tests.examples import examples

FLOWS = ("trust-recovery", "first-response")
BLANKS = [" ", "  ", "\t", "\u00a0", "\u3000", "\u202f", " \u200b", "\u2009"]
COMMANDS = ["status", "stop", "help", "quiet off", "start Acme", "first-response Acme", "Acme", "hours 9-17", "hours"]


def parse(user_text: str) -> Command:
    return parse_command(clean_text(user_text), FLOWS)


def wide(text: str) -> str:
    """The text in letters of full width."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@examples(300)
@given(
    command=st.sampled_from(COMMANDS),
    blank=st.sampled_from(BLANKS),
    before=st.sampled_from(["", " ", "\n", "\ufeff", "\u200b", "/trust-recover ", "/TRUST-RECOVER:\t"]),
    quotes=st.sampled_from(["", "“”", '""', "«»", "‘’", "''", "``"]),
    after=st.sampled_from(["", " ", ".", "\n", "\nThanks!\n--\nAna", "\r\nSent from my phone", "\u200b", "\u2060."]),
)
def test_noise_around_a_command_does_not_change_it(
    command: str, blank: str, before: str, quotes: str, after: str
) -> None:
    opening, closing = (quotes[0], quotes[1]) if quotes else ("", "")
    noisy = before + opening + command.replace(" ", blank) + closing + after
    assert (parsed := parse(noisy)).word is parse(command).word, noisy
    assert parsed.flow_id == parse(command).flow_id
    assert parsed.argument.strip(".\u2060\u200b") == parse(command).argument


@pytest.mark.parametrize("command", ["status", "STATUS", "Status", "sTATUS", "Ｓｔａｔｕｓ", wide("status"), "státus"])
def test_a_word_is_known_in_any_letters(command: str) -> None:
    assert parse(command) == Command(CommandWord.STATUS)


@pytest.mark.parametrize(
    "user_text",
    [
        "start: Acme",
        "start:Acme",
        "start : Acme",
        "start：Acme",
        "start - Acme",
        "start\u200bAcme",
        "start – Acme",
        "start = Acme",
        "start “Acme”",
        "start „Acme“",
        "start 'Acme'",
        "start Acme.",
        "start Acme。",
        "“start” Acme",
        "/start Acme",
        "START ACME".replace("ACME", "Acme"),
        "/trust-recover /trust-recover start Acme",
        "trust-recover start Acme\nHe is very angry.",
        "/trust-recover\nstart Acme\nHe is very angry.",
    ],
)
def test_the_client_is_acme(user_text: str) -> None:
    assert parse(user_text) == Command(CommandWord.START, "Acme")


@pytest.mark.parametrize(
    "name",
    [
        "Acme Inc.",
        "Acme S.A.",
        "Yahoo!",
        "O'Brien",
        "-Acme",
        "“Acme” & “Globex”",
        "St. John’s",
        "Ａｃｍｅ",
        "A.",
        "R&D",
    ],
)
def test_a_name_with_signs_of_its_own_is_kept(name: str) -> None:
    assert clean_account(name) == name


@given(st.text(max_size=60))
def test_a_cleaned_account_has_no_blanks_around_it_and_one_line(text: str) -> None:
    name = clean_account(clean_text(text))
    assert name == name.strip()
    assert "\n" not in name


@pytest.mark.parametrize(
    ("message", "rest"),
    [
        ("/trust-recover start Acme", "start Acme"),
        ("/trust-recover\tstart Acme", "start Acme"),
        ("/Trust-Recover\u00a0status", "status"),
        ("/trust-recover", ""),
        ("/trust-recover: status", "status"),
        ("trust-recover Acme", "Acme"),
        ("Trust\u2011Recover\u00a0Acme", "Acme"),
        ("/ trust-recover Acme", "Acme"),
        ("/trust recover Acme", "Acme"),
        ("/trustrecover Acme", "Acme"),
        ("/trust-recover:Acme", "Acme"),
        ("I trust recover Acme", None),
        ("trust recover us", None),
        ("/trust status", None),
        ("/trust-recovery Acme", None),
        ("hello", None),
    ],
)
def test_a_message_begins_with_the_command_or_not(message: str, rest: str | None) -> None:
    assert after_command(message) == rest


@given(st.text(max_size=80), st.sampled_from(["", "/", "／", " /", "\u200b/"]))
def test_what_begins_with_a_slash_is_never_a_message(text: str, slash: str) -> None:
    assert thread_command(f"{slash}{text}") is not None or not slash


@pytest.mark.parametrize(
    "text", ["start over", "start with Acme", "Start Acme?", "Start!", "START NOW", "I start Acme"]
)
def test_what_people_say_starts_nothing(text: str) -> None:
    assert thread_command(text) is None
