"""The command line on other people's terminals, and with what Slack would refuse."""

import json
import subprocess
from pathlib import Path

import pytest

from adapters.slack.manifest import InvalidAppName, app_manifest
from adapters.teams.app_package import InvalidName, TeamsAppDetails
from tests.server_process import PROGRAM, executed

SHIPPED = Path(__file__).parents[2] / "flows" / "data"


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_that_cannot_show_a_character_gets_an_escape(encoding: str, tmp_path: Path) -> None:
    flow = str(SHIPPED / "trust_recovery.yaml")
    drawn = executed(tmp_path, "flow", "draw", flow, PYTHONIOENCODING=encoding)
    assert drawn.returncode == 0, drawn.stderr
    manifest = executed(tmp_path, "slack", "manifest", "--name", "Guía 信", "--socket", PYTHONIOENCODING=encoding)
    assert json.loads(manifest.stdout)["display_information"]["name"] == "Guía 信"


def test_an_error_of_the_system_is_a_sentence(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "config"], check=False, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 1
    assert "trust-recover: No space left on device." in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_option_is_not_set(tmp_path: Path) -> None:
    done = executed(tmp_path, "serve", "--port", "", "--host", "", TRUST_RECOVER_PORT="many")
    assert "TRUST_RECOVER_PORT: Input should be a valid integer" in done.stderr


@pytest.mark.parametrize("name", ["", "  ", "a" * 36, "two\nlines", "\u202egnikcah"])
def test_a_name_that_slack_would_refuse_is_refused_before(name: str) -> None:
    with pytest.raises(InvalidAppName, match="1 to 35"):
        app_manifest("https://bot.example.com", name=name)


@pytest.mark.parametrize("field", ["name", "developer"])
def test_a_name_that_teams_cannot_show_is_refused_before(field: str) -> None:
    details = {"app_id": "6f9619ff-8b86-4011-b42d-00c04fc964ff", "public_url": "https://bot.example.com"}
    with pytest.raises(InvalidName):
        TeamsAppDetails(**(details | {field: "two\nlines"}))  # type: ignore[arg-type]  # all are texts


def test_a_name_as_long_as_slack_allows_is_taken() -> None:
    assert app_manifest("https://bot.example.com", name=" " + "a" * 35)["display_information"]["name"] == "a" * 35
