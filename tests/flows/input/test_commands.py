"""What is typed after `/trust-recover`."""

import pytest

from flows.input.commands import Command, CommandWord, parse_command

FLOWS = ("trust-recovery", "first-response")


@pytest.mark.parametrize("word", ["status", "summary", "handover", "quiet", "hours", "stop", "help"])
def test_a_word_of_ours_is_that_command(word: str) -> None:
    assert parse_command(word, FLOWS) == Command(CommandWord(word))


@pytest.mark.parametrize("user_text", ["STATUS", "Status", "  status  ", "\tstatus\n"])
def test_a_word_may_be_typed_in_any_case_and_with_space_around_it(user_text: str) -> None:
    assert parse_command(user_text, FLOWS) == Command(CommandWord.STATUS)


def test_what_follows_a_word_is_its_rest() -> None:
    assert parse_command("handover  @ben ", FLOWS) == Command(CommandWord.HANDOVER, "@ben")


@pytest.mark.parametrize("user_text", ["9-17", "22-6 mon,wed,fri", "lun-vie 8:30 - 18", "always", "ALWAYS"])
def test_hours_are_kept_as_they_were_typed(user_text: str) -> None:
    assert parse_command(f"hours {user_text}", FLOWS) == Command(CommandWord.HOURS, user_text)


# --- starting


@pytest.mark.parametrize("user_text", ["Acme", "start Acme", "START Acme", "  start   Acme  "])
def test_a_recovery_starts_with_an_account(user_text: str) -> None:
    assert parse_command(user_text, FLOWS) == Command(CommandWord.START, "Acme")


@pytest.mark.parametrize("user_text", ["", "   ", "start", "start  "])
def test_a_start_without_an_account_has_none(user_text: str) -> None:
    assert parse_command(user_text, FLOWS) == Command(CommandWord.START)


@pytest.mark.parametrize(
    "name", ["Acme Corp", "acme", "👩🏽‍🚒🔥", "<!channel>", "<b>Acme</b>", "{account}", "株式会社"]
)
def test_an_account_is_kept_as_it_was_typed(name: str) -> None:
    assert parse_command(name, FLOWS) == Command(CommandWord.START, name)


def test_a_long_account_is_kept_to_be_refused_with_its_length() -> None:
    assert parse_command("x" * 10_000, FLOWS) == Command(CommandWord.START, "x" * 10_000)


@pytest.mark.parametrize(
    "user_text", ["first-response Acme", "start first-response Acme", "start First-Response  Acme"]
)
def test_a_flow_can_be_named_before_the_account(user_text: str) -> None:
    assert parse_command(user_text, FLOWS) == Command(CommandWord.START, "Acme", flow_id="first-response")


def test_a_flow_can_be_named_alone() -> None:
    assert parse_command("start first-response", FLOWS) == Command(CommandWord.START, flow_id="first-response")


def test_a_flow_that_does_not_exist_is_an_account() -> None:
    assert parse_command("start second-response Acme", FLOWS) == Command(CommandWord.START, "second-response Acme")


def test_a_flow_behind_the_account_is_part_of_the_account() -> None:
    assert parse_command("Acme first-response", FLOWS) == Command(CommandWord.START, "Acme first-response")


# --- accounts that look like words


@pytest.mark.parametrize("name", ["Stop & Shop", "Help Scout", "status", "Stark", "start", "Quiet Rooms", "helo"])
def test_after_start_every_account_is_an_account(name: str) -> None:
    assert parse_command(f"start {name}", FLOWS) == Command(CommandWord.START, name)


@pytest.mark.parametrize(
    "name", ["Helpful Hands", "Stopwatch Ltd", "Statuspage Inc", "Hours Ltd", "Stop & Shop", "State Street"]
)
def test_an_account_that_begins_like_a_word_is_an_account(name: str) -> None:
    assert parse_command(name, FLOWS) == Command(CommandWord.START, name)


@pytest.mark.parametrize("name", ["ABB", "SAP", "hel", "sto"])
def test_a_name_of_three_letters_is_never_a_mistyped_word(name: str) -> None:
    assert parse_command(name, FLOWS) == Command(CommandWord.START, name)


# --- mistyped words


@pytest.mark.parametrize(
    ("user_text", "nearest"),
    [
        ("statsu", "status"),
        ("stauts", "status"),
        ("sumary", "summary"),
        ("SUMARRY", "summary"),
        ("hand-over", "handover"),
        ("qiuet", "quiet"),
        ("huors", "hours"),
        ("stpo", "stop"),
        ("hlep", "help"),
        ("satrt", "start"),
        ("first-responce", "first-response"),
        ("trustrecovery", "trust-recovery"),
    ],
)
def test_a_mistyped_word_gets_help_with_the_nearest_one(user_text: str, nearest: str) -> None:
    assert parse_command(user_text, FLOWS) == Command(CommandWord.HELP, suggestion=nearest, text=user_text)


@pytest.mark.parametrize("name", ["Acme", "Globex", "Initech", "Umbrella"])
def test_a_name_that_is_like_no_word_starts_a_recovery(name: str) -> None:
    assert parse_command(name, FLOWS).word is CommandWord.START
