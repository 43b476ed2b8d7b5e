"""A command that was not understood never becomes a client's name."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.input.command_text import is_company_form
from flows.input.commands import Command, CommandWord, parse_command
from flows.state.local_time.working_hours import parse_hours
from tests.examples import examples

FLOWS = ("trust-recovery", "first-response")
RECOVERY_WORDS = [CommandWord.STATUS, CommandWord.SUMMARY, CommandWord.QUIET, CommandWord.STOP, CommandWord.HANDOVER]


@pytest.mark.parametrize("word", RECOVERY_WORDS)
@pytest.mark.parametrize("rest", ["Acme", "please", "now!", "the Page Inc", "quo", "9-17", "me", "of Acme", "no"])
def test_a_word_with_more_behind_it_is_about_an_open_recovery_or_not_understood(word: CommandWord, rest: str) -> None:
    command = parse_command(f"{word} {rest}", FLOWS)
    assert (command.word, command.account, command.suggestion) == (word, rest, word)
    assert command.text == f"{word} {rest}"


@pytest.mark.parametrize(
    "user_text", ["hours nine to five", "hours 25-99", "hours 24", "Hours please", "hours 9-17 10-18", "hours: x"]
)
def test_hours_that_are_none_are_asked_about(user_text: str) -> None:
    command = parse_command(user_text, FLOWS)
    assert (command.word, command.suggestion, command.text) == (CommandWord.HOURS, "hours", user_text)
    assert parse_hours(command.argument) is None


@pytest.mark.parametrize(
    ("user_text", "suggestion"),
    [
        ("sttaus Acme", "status"),
        ("hepl me", "help"),
        ("help me", "help"),
        ("Help Scout", "help"),
        ("sotp", "stop"),
        ("huors 9-5", "hours"),
        ("Stark Industries", "start"),
        ("first-responce Acme", "first-response"),
        ("9-17", "hours"),
        ("9am-5pm weekdays", "hours"),
        ("ayuda", "help"),
        ("Estado", "status"),
        ("end", "stop"),
    ],
)
@pytest.mark.parametrize("chat", [False, True])
def test_what_is_nearly_a_command_is_asked_about(user_text: str, suggestion: str, *, chat: bool) -> None:
    command = parse_command(user_text, FLOWS, chat=chat)
    assert command == Command(CommandWord.HELP, suggestion=suggestion, text=user_text)


@pytest.mark.parametrize("user_text", ["?", "???", "...", "--", "“”", "/", "!"])
def test_signs_alone_are_no_client(user_text: str) -> None:
    assert parse_command(user_text, FLOWS).word in {CommandWord.HELP, CommandWord.START}
    assert not parse_command(user_text, FLOWS).argument


@pytest.mark.parametrize("name", ["Stop & Shop", "Hours Ltd", "Quiet GmbH", "Status Group", "Stop + Go", "Smart Inc."])
def test_a_name_that_can_be_nothing_else_is_a_client(name: str) -> None:
    assert parse_command(name, FLOWS) == Command(CommandWord.START, name)


@pytest.mark.parametrize(
    "name",
    [
        "Stop & Shop",
        "Status Page Inc",
        "Hours Ltd",
        "Quiet Logistics",
        "Help Scout",
        "status Acme",
        "hours nine to five",
    ],
)
def test_after_start_each_of_them_is_a_client(name: str) -> None:
    assert parse_command(f"start {name}", FLOWS) == Command(CommandWord.START, name)
    assert parse_command(f"start {name}", FLOWS, chat=True) == Command(CommandWord.START, name)


@pytest.mark.parametrize(
    ("user_text", "account", "switch"),
    [
        ("quiet", "", ""),
        ("quiet OFF.", "", "off"),
        ("quiet off Acme", "Acme", "off"),
        ("handover to @sam", "", "@sam"),
        ("handover Acme to @sam", "Acme", "@sam"),
        ("handover Acme Corp <@U1|sam>", "Acme Corp", "<@U1|sam>"),
        ("handover bob@acme.com", "bob@acme.com", ""),
        ("status status", "", ""),
        ("stop “Acme”.", "Acme", ""),
    ],
)
def test_what_follows_a_word_is_read(user_text: str, account: str, switch: str) -> None:
    command = parse_command(user_text, FLOWS)
    assert (command.account, command.argument) == (account, switch)


@examples(300)
@given(
    word=st.sampled_from(list(CommandWord)),
    rest=st.text(max_size=40),
    form=st.sampled_from([str.upper, str.lower, str.capitalize]),
)
def test_a_word_of_ours_never_begins_a_client_unless_a_company_form_or_an_ampersand_follows(
    word: CommandWord, rest: str, form: Callable[[str], str]
) -> None:
    user_text = f"{form(word)} {rest}"
    command = parse_command(user_text, FLOWS)
    assert command.word in {word, CommandWord.START}
    if command.word is CommandWord.START and word is not CommandWord.START:
        assert rest.strip().startswith(("&", "+")) or is_company_form(rest.strip())
