"""A setting means what its operator meant: what was copied along does not count, and what is empty is not set."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadSettings
from bot.settings import Settings, load_settings
from tests.bot.settings.sample_settings import NAMES, ONE_WORD, SAMPLES, use_environment, variable
from tests.examples import examples

DEFAULTS = Settings(_env_file=None)
BLANKS = st.text(" \t\r\n\u00a0\u200b\ufeff\u3000", max_size=3)
QUOTES = st.sampled_from([("", ""), ('"', '"'), ("'", "'"), ("“", "”"), ("`", "`")])


def settings_of(**values: str) -> Settings:
    return Settings(**values, _env_file=None)  # type: ignore[arg-type]  # pydantic reads the texts


def problem(name: str, value: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    """What the operator is told about this value; it never contains the value of a secret."""
    use_environment(monkeypatch, folder, **{name: value})
    with pytest.raises(BadSettings) as refusal:
        load_settings()
    return str(refusal.value)


def test_there_is_a_sample_of_every_setting() -> None:
    assert sorted(SAMPLES) == NAMES


@given(name=st.sampled_from(NAMES), blanks=BLANKS, quotes=QUOTES)
@examples(150)
def test_an_empty_setting_is_not_set(name: str, blanks: str, quotes: tuple[str, str]) -> None:
    assert settings_of(**{name: f"{blanks}{quotes[0]}{blanks}{quotes[1]}"}) == DEFAULTS


@given(name=st.sampled_from(NAMES), before=BLANKS, after=BLANKS, within=BLANKS, quotes=QUOTES)
@examples(200)
def test_what_was_copied_along_does_not_count(
    name: str, before: str, after: str, within: str, quotes: tuple[str, str]
) -> None:
    around = f"{before}{quotes[0]}{within}{SAMPLES[name]}{within}{quotes[1]}{after}"
    assert settings_of(**{name: around}) == settings_of(**{name: SAMPLES[name]}) != DEFAULTS


@given(
    name=st.sampled_from(ONE_WORD), cut=st.floats(0.1, 0.9), character=st.sampled_from("\n\t\r\0\x1b\u200b\u202e\ud800")
)
@examples(150)
def test_what_cannot_be_seen_within_a_value_is_refused_or_separates_a_list(
    name: str, cut: float, character: str
) -> None:
    value = SAMPLES[name]
    place = min(max(1, int(len(value) * cut)), len(value) - 1)
    if len(value) < 2:
        return
    try:
        settings = settings_of(**{name: value[:place] + character + value[place:]})
    except ValueError:
        return
    assert isinstance(getattr(settings, name), tuple)
    assert character not in "".join(map(str, getattr(settings, name)))


@pytest.mark.parametrize("value", ["abcdefgh\nijklmnopqrst", "abcdefgh\x00ijklmnopqrst", "abcdefgh\u202eijklmnopqrst"])
def test_an_access_token_that_nobody_can_type_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be seen"):
        settings_of(access_token=value)


@pytest.mark.parametrize(
    "name", ["host", "port", "database_url", "access_token", "slack_app_token", "teams_app_secret"]
)
@pytest.mark.parametrize("place", ["environment", "file", "option"])
def test_an_empty_setting_is_not_set_wherever_it_comes_from(
    name: str, place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_environment(monkeypatch, tmp_path)
    options = {}
    if place == "environment":
        monkeypatch.setenv(variable(name), " ")
    elif place == "file":
        (tmp_path / ".env").write_text(f'{variable(name)}=""\n')
    else:
        options = {name: ""}
    settings = load_settings(**options)
    assert settings == DEFAULTS
    assert settings.is_loopback
    assert not settings.uses_slack


def test_an_empty_option_does_not_hide_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_environment(monkeypatch, tmp_path, port="9090")
    (tmp_path / ".env").write_text("TRUST_RECOVER_PORT=1\nTRUST_RECOVER_LOG_LEVEL=warning\n")
    assert load_settings(port="").port == 9090
    assert load_settings(port=7).port == 7
    monkeypatch.setenv("TRUST_RECOVER_PORT", "")
    assert load_settings().port == 1
    assert load_settings().log_level == "WARNING"


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("slack_bot_token", "xoxp-1-2-3", "Bot User OAuth Token"),
        ("slack_bot_token", "xapp-1-A1-2-3", "TRUST_RECOVER_SLACK_APP_TOKEN"),
        ("slack_bot_token", "xoxe.xoxp-1-2", "turn token rotation off"),
        ("slack_bot_token", "8f742231b10e8888abcd99yyyzzz85a5", "must begin with xoxb-"),
        ("slack_bot_token", "xoxb-1-2 xoxb-3-4", "contains a blank"),
        ("slack_bot_token", '"xoxb-1-2', "quote at one end|must begin with xoxb-"),
        ("slack_app_token", "xoxb-1-2-3", "TRUST_RECOVER_SLACK_BOT_TOKEN"),
        ("slack_signing_secret", "xoxb-1-2-3", "TRUST_RECOVER_SLACK_BOT_TOKEN"),
        ("slack_signing_secret", "xapp-1-2-3", "TRUST_RECOVER_SLACK_APP_TOKEN"),
        ("slack_client_secret", "xoxb-1-2-3", "TRUST_RECOVER_SLACK_BOT_TOKEN"),
        ("slack_client_id", "xoxp-1-2-3", "a user's token"),
        ("slack_client_user_ids", "U012AB3CD, #general", "begins with U or W"),
        ("slack_client_user_ids", '["U012AB3CD"]', "without brackets"),
        ("slack_allowed_workspaces", "T012AB3CD, northwind", "begins with T"),
        ("teams_app_secret", "6f9619ff-8b86-4011-b42d-00c04fc964ff", "copy the secret's value"),
        ("teams_app_id", "my bot", "no GUID"),
        ("teams_tenant_id", "contoso.onmicrosoft.com", "Directory (tenant) ID"),
        ("teams_tenant_id", "common", "leave it empty"),
        ("teams_allowed_tenants", " , ,", "nothing between the commas"),
        ("encryption_keys", "short", "at least 32 characters"),
        ("encryption_keys", "k" * 32, "repeats a short piece"),
        ("encryption_keys", "0123456789abcdef0123456789abcdef", "repeats a short piece"),
        ("encryption_keys", f"{'a1' * 16} {'b2' * 16}", "comma between two keys"),
        ("keep_sent_days", "inf", "less than or equal to"),
        ("port", "tcp://10.0.0.1:80", "integer"),
        ("log_level", "loud", "'DEBUG'"),
    ],
)
def test_a_wrong_value_is_refused_with_the_right_remedy(
    name: str, value: str, remedy: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = problem(name, value, monkeypatch, tmp_path)
    assert f"{variable(name)}: " in told
    assert any(words in told for words in remedy.split("|"))
    assert value not in told or len(value) < 5


@pytest.mark.parametrize("short", ["slack_signing_secret", "slack_app_token"])
def test_a_secret_that_was_copied_in_part_is_named(short: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    values = {"slack_bot_token": SAMPLES["slack_bot_token"], short: SAMPLES[short][:20]}
    use_environment(monkeypatch, tmp_path, **values)
    with pytest.raises(BadSettings, match=f"{variable(short)} has less than 32 characters"):
        load_settings()


def test_one_secret_in_two_places_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    many = ("slack_client_id", "slack_signing_secret", "public_url", "encryption_keys", "access_token")
    values = {name: SAMPLES[name] for name in many} | {"slack_client_secret": SAMPLES["slack_signing_secret"]}
    use_environment(monkeypatch, tmp_path, **values)
    with pytest.raises(BadSettings, match="are the same"):
        load_settings()


@pytest.mark.parametrize(
    "name", ["teams_app_id", "teams_tenant_id", "teams_allowed_tenants", "teams_client_object_ids"]
)
@given(flips=st.lists(st.booleans(), min_size=36, max_size=36), braces=st.sampled_from(["{}", "()", ""]))
@examples(20)
def test_a_guid_is_the_same_in_any_letters_and_with_braces(name: str, flips: list[bool], braces: str) -> None:
    sample = SAMPLES["teams_app_id"]
    mixed = "".join(letter.upper() if flip else letter for letter, flip in zip(sample, flips, strict=True))
    value = getattr(settings_of(**{name: f"{braces[:1]}{mixed}{braces[1:]}"}), name)
    assert value in (sample, (sample,))


@given(st.text(string.printable, max_size=40), st.sampled_from(NAMES))
@examples(200)
def test_any_text_is_read_or_refused_and_nothing_else(text: str, name: str) -> None:
    try:
        settings = settings_of(**{name: text})
    except ValueError:
        return
    assert settings_of(**{name: text}) == settings
