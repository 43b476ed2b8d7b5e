"""The environment and the `.env` file: what is read, and what is refused because it would be ignored."""

import codecs
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadSettings
from bot.settings import load_settings
from bot.settings.sources import environment_values, file_values, nearest_name
from tests.bot.settings.sample_settings import NAMES, SAMPLES, use_environment, variable
from tests.examples import examples

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0"
TOKEN = "naïve-token-of-some-length"


def refusal() -> str:
    with pytest.raises(BadSettings) as error:
        load_settings()
    return str(error.value)


@st.composite
def misspelt_names(draw: st.DrawFn) -> tuple[str, str]:
    """The variable of a setting, and the same with one letter too many, missing, wrong or in its neighbour's place."""
    right = variable(draw(st.sampled_from(NAMES)))
    place = draw(st.integers(0, len(right) - 1))
    letter = draw(st.sampled_from(LETTERS))
    edits = {
        "insert": right[:place] + letter + right[place:],
        "delete": right[:place] + right[place + 1 :],
        "replace": right[:place] + letter + right[place + 1 :],
        "swap": right[:place] + right[place : place + 2][::-1] + right[place + 2 :],
    }
    return right, edits[draw(st.sampled_from(sorted(edits)))]


@given(misspelt_names())
@examples(400)
def test_a_misspelt_name_is_refused_with_the_right_one(names: tuple[str, str]) -> None:
    right, misspelt = names
    if misspelt in map(variable, NAMES):
        return
    with pytest.raises(BadSettings) as refused:
        environment_values(NAMES, {misspelt: "a secret value"})
    assert f"{misspelt} is no setting. Is {right} meant?" in str(refused.value)
    assert "a secret value" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("TRUST_RECOVERY_ACCESS_TOKEN", "TRUST_RECOVER_ACCESS_TOKEN"),
        ("TRUSTRECOVER_HOST", "TRUST_RECOVER_HOST"),
        ("TRUST-RECOVER-HOST", "TRUST_RECOVER_HOST"),
        ("trust_recover_acess_token", "TRUST_RECOVER_ACCESS_TOKEN"),
        ("TRUST_RECOVER_SLACK_SIGNING_SECERT", "TRUST_RECOVER_SLACK_SIGNING_SECRET"),
        ("TRUST_RECOVER_DATABASE", "TRUST_RECOVER_DATABASE_URL"),
        ("TRUST_RECOVER_QWERTZUIOPASDFG", "docs/operations.md"),
    ],
)
@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_name_that_is_nearly_ours_is_refused_everywhere(
    name: str, right: str, place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_environment(monkeypatch, tmp_path)
    if place == "environment":
        monkeypatch.setenv(name, "value")
    else:
        (tmp_path / ".env").write_text(f"{name}=value\n")
    told = refusal()
    assert name in told
    assert right in told


def test_names_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_environment(monkeypatch, tmp_path)
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-1\nPORT=3\nHOST=0.0.0.0\nRECOVER_HOST=x\nTRUST=1\n")
    assert load_settings().port == 8080


def test_what_kubernetes_sets_for_a_service_of_our_name_is_no_setting() -> None:
    services = {
        "TRUST_RECOVER_SERVICE_HOST": "10.0.0.1",
        "TRUST_RECOVER_SERVICE_PORT": "80",
        "TRUST_RECOVER_SERVICE_PORT_HTTP": "80",
        "TRUST_RECOVER_PORT": "tcp://10.0.0.1:80",
        "TRUST_RECOVER_PORT_80_TCP": "tcp://10.0.0.1:80",
        "TRUST_RECOVER_PORT_80_TCP_ADDR": "10.0.0.1",
        "TRUST_RECOVER_WEB_SERVICE_HOST": "10.0.0.2",
        "TRUST_RECOVER_WEB_SERVICE_PORT": "80",
        "TRUST_RECOVER_WEB_PORT_80_TCP_PROTO": "tcp",
    }
    assert environment_values(NAMES, services) == {}
    assert environment_values(NAMES, services | {"TRUST_RECOVER_PORT": "9090"}) == {"port": "9090"}
    with pytest.raises(BadSettings, match="TRUST_RECOVER_HOSTS is no setting"):
        environment_values(NAMES, services | {"TRUST_RECOVER_HOSTS": "x"})


def test_an_unknown_setting_in_the_code_is_refused_too() -> None:
    with pytest.raises(BadSettings, match="TRUST_RECOVER_ACCES_TOKEN is no setting"):
        load_settings(acces_token="x")
    assert nearest_name(NAMES, "TRUST_RECOVER_KEEP_DAYS").startswith("TRUST_RECOVER_KEEP_")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_file_is_read_in_every_encoding_that_it_names(
    encoding: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_environment(monkeypatch, tmp_path)
    text = f"# naïve\r\nexport TRUST_RECOVER_ACCESS_TOKEN='{TOKEN}'\r\nTRUST_RECOVER_PORT=9\r\n"
    (tmp_path / ".env").write_bytes(text.encode(encoding))
    settings = load_settings()
    assert settings.access_token is not None
    assert settings.access_token.get_secret_value() == TOKEN
    assert settings.port == 9


@pytest.mark.parametrize(
    "content",
    [
        f"TRUST_RECOVER_PORT=9\nTRUST_RECOVER_ACCESS_TOKEN={TOKEN}".encode("latin-1"),
        f"TRUST_RECOVER_ACCESS_TOKEN={TOKEN}".encode("utf-16-le"),
        codecs.BOM_UTF16_LE + b"a",
        codecs.BOM_UTF8 + b"TRUST_RECOVER_PORT=\xe9",
    ],
)
def test_a_file_in_another_encoding_is_refused(content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_environment(monkeypatch, tmp_path)
    (tmp_path / ".env").write_bytes(content)
    told = refusal()
    assert "Save it as UTF-8" in told
    assert "naïve" not in told


def test_a_folder_or_a_file_without_rights_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_environment(monkeypatch, tmp_path)
    (tmp_path / ".env").mkdir()
    assert "cannot be read (Is a directory)" in refusal()
    (tmp_path / ".env").rmdir()
    (tmp_path / ".env").write_text("TRUST_RECOVER_PORT=9")
    (tmp_path / ".env").chmod(0)
    if os.geteuid() != 0:
        assert "cannot be read (Permission denied)" in refusal()


def test_a_line_that_is_no_setting_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_environment(monkeypatch, tmp_path)
    (tmp_path / ".env").write_text("# the token\n\nTRUST_RECOVER_ACCESS_TOKEN: s3cret-s3cret-s3cret\n")
    told = refusal()
    assert "Line 3 of .env" in told
    assert "s3cret" not in told


@pytest.mark.parametrize("value", ["pa${HOME}ss-${PATH:-x}-$USER-0123456789", "'a$b${c}d-0123456789abcdef'"])
def test_a_dollar_in_a_secret_is_a_dollar(value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_environment(monkeypatch, tmp_path)
    (tmp_path / ".env").write_text(f"TRUST_RECOVER_ACCESS_TOKEN={value}\n")
    token = load_settings().access_token
    assert token is not None
    assert token.get_secret_value() == value.strip("'")


def test_of_two_lines_the_last_one_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_environment(monkeypatch, tmp_path)
    (tmp_path / ".env").write_text("TRUST_RECOVER_PORT=1\nTRUST_RECOVER_PORT=2\n")
    assert load_settings().port == 2


def test_a_name_in_small_letters_counts_and_one_in_capitals_before_it() -> None:
    assert environment_values(NAMES, {"trust_recover_port": "1"}) == {"port": "1"}
    both = {"TRUST_RECOVER_PORT": "2", "trust_recover_port": "1"}
    assert environment_values(NAMES, both) == environment_values(NAMES, dict(reversed(both.items()))) == {"port": "2"}


@given(st.binary(max_size=80), st.sampled_from(sorted(SAMPLES)))
@examples(150)
def test_any_bytes_in_the_file_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "some.env"
    file.write_bytes(f"{variable(name)}=".encode() + content)
    with suppress(BadSettings):
        assert set(file_values(NAMES, file)) <= set(NAMES)
