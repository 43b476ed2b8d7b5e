"""The app package against Microsoft's own schemas, and against what those do not check."""

import json
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from adapters.teams.app_package import (
    COMMANDS,
    MESSAGE_COMMANDS,
    PERMISSIONS,
    InvalidAppId,
    InvalidName,
    InvalidVersion,
    MissingPages,
    TeamsAppDetails,
    app_manifest,
    manifest_translation,
)
from adapters.teams.app_package import app_package as packed
from bot.cli import main
from flows.input.commands import CommandWord
from tests.peers.teams.schemas import faults_of_manifest, faults_of_translation

ID = "00000000-0000-4000-8000-0000000000b0"
BASE = "https://recover.example"
APP = TeamsAppDetails(ID, public_url=BASE)
Json = dict[str, Any]
Change = Callable[[Json], object]


def opened(content: bytes) -> ZipFile:
    archive = ZipFile(BytesIO(content))
    assert archive.testzip() is None
    return archive


@pytest.mark.parametrize(
    "app",
    [
        APP,
        TeamsAppDetails(ID, reads_messages=True, website=BASE, privacy=BASE, terms=BASE),
        TeamsAppDetails(ID, "x" * 30, public_url=BASE),
    ],
)
def test_microsofts_schema_takes_the_manifest(app: TeamsAppDetails) -> None:
    assert not faults_of_manifest(app_manifest(app))
    assert not faults_of_translation(manifest_translation(app, "es"))


CHANGES: dict[str, Change] = {
    "another version of the manifest": lambda made: made.update(manifestVersion="1.29"),
    "a name too long": lambda made: made["name"].update(short="x" * 31),
    "a scope that is not": lambda made: made["bots"][0].update(scopes=["channel"]),
    "a key that is not": lambda made: made.update(zzz=1),
    "an id that is no GUID": lambda made: made["bots"][0].update(botId="b0"),
    "a page that is no address": lambda made: made["developer"].update(privacyUrl="recover"),
    "no accent colour": lambda made: made.pop("accentColor"),
    "a trigger that is not": lambda made: made["bots"][0]["commandLists"][0].update(triggers=["shout"]),
    "too many commands": lambda made: made["bots"][0]["commandLists"][0].update(commands=[{"title": "x"}] * 13),
    "an action's title too long": lambda made: made["composeExtensions"][0]["commands"][0].update(title="x" * 33),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_microsofts_schema_finds_what_is_wrong(change: Change) -> None:
    manifest = app_manifest(APP)
    change(manifest)
    assert faults_of_manifest(manifest)


def test_a_translation_of_what_is_not_there_is_found() -> None:
    assert faults_of_translation(manifest_translation(APP, "es") | {"bots[1].name": "x"})


def test_every_translated_text_stands_in_the_manifest() -> None:
    manifest = app_manifest(APP)
    for place in manifest_translation(APP, "es"):
        value: Any = manifest
        for name in place.replace("[", ".").replace("]", "").split("."):
            value = value[int(name) if name.isdecimal() else name]
        assert isinstance(value, str), place


def test_the_package_holds_what_the_manifest_names() -> None:
    archive = opened(packed(APP))
    manifest = json.loads(archive.read("manifest.json"))
    languages = [language["file"] for language in manifest["localizationInfo"]["additionalLanguages"]]
    assert archive.namelist() == ["manifest.json", *languages, *manifest["icons"].values()]
    assert manifest == app_manifest(APP)
    assert json.loads(archive.read("es.json")) == manifest_translation(APP, "es")


def test_the_same_app_is_the_same_package() -> None:
    assert packed(APP) == packed(TeamsAppDetails(ID, public_url=BASE))
    assert {info.date_time for info in opened(packed(APP)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_commands_are_those_that_are_understood() -> None:
    assert list(COMMANDS) == [*CommandWord, "home"]
    [bot] = app_manifest(APP)["bots"]
    for listed in bot["commandLists"]:
        assert [command["title"] for command in listed["commands"]] == list(COMMANDS)
    slashed = [listed["scopes"] for listed in bot["commandLists"] if "slash" in listed["triggers"]]
    assert (slashed, bot["supportsTargetedMessages"]) == ([["team"], ["groupChat"]], True)


def test_the_actions_on_a_message_open_a_dialog() -> None:
    [extension] = app_manifest(APP)["composeExtensions"]
    assert [command["id"] for command in extension["commands"]] == list(MESSAGE_COMMANDS)
    assert all((command["context"], command["fetchTask"]) == (["message"], True) for command in extension["commands"])


def test_it_asks_to_read_messages_only_when_told_to() -> None:
    assert not {"authorization", "webApplicationInfo"} & set(app_manifest(APP))
    asked = app_manifest(TeamsAppDetails(ID, public_url=BASE, reads_messages=True))["authorization"]["permissions"][
        "resourceSpecific"
    ]
    assert [permission["name"] for permission in asked] == list(PERMISSIONS)
    assert all(set(reasons) == {"en", "es"} for reasons in PERMISSIONS.values())


def test_pages_that_are_not_given_are_the_servers_own() -> None:
    developer = app_manifest(TeamsAppDetails(ID, public_url=BASE, privacy=f"{BASE}/privacy"))["developer"]
    assert (developer["websiteUrl"], developer["privacyUrl"]) == (BASE, f"{BASE}/privacy")


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"app_id": "b0"}, InvalidAppId),
        ({"app_id": f"{ID}\n"}, InvalidAppId),
        ({"name": "x" * 31}, InvalidName),
        ({"name": " "}, InvalidName),
        ({"developer": "x" * 33}, InvalidName),
        ({"public_url": ""}, MissingPages),
        ({"public_url": "http://recover.example"}, MissingPages),
        ({"terms": "recover.example/terms"}, MissingPages),
        ({"app_version": "2"}, InvalidVersion),
        ({"app_version": "1.0.0-beta"}, InvalidVersion),
    ],
)
def test_what_cannot_be_is_said(settings: dict[str, str], fault: type[Exception]) -> None:
    with pytest.raises(fault):
        TeamsAppDetails(**({"app_id": ID, "public_url": BASE} | settings))  # type: ignore[arg-type]  # no flag is given


def test_an_update_has_a_version_of_its_own() -> None:
    manifest = app_manifest(TeamsAppDetails(ID, public_url=BASE, app_version="1.2.10"))
    assert manifest["version"] == "1.2.10"
    assert faults_of_manifest(manifest) == []


def png(content: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and the picture's points, row by row, each of 3 or 4 bytes."""
    width, height, depth, kind = struct.unpack(">IIBB", content[16:26])
    assert (content[:8], depth, kind in {2, 6}) == (b"\x89PNG\r\n\x1a\n", 8, True)
    packed_rows, at = b"", 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        packed_rows += content[at + 8 : at + 8 + length] if content[at + 4 : at + 8] == b"IDAT" else b""
        at += length + 12
    size = 4 if kind == 6 else 3
    rows = unfiltered(zlib.decompress(packed_rows), width * size, size)
    return width, height, [row[at : at + size] for row in rows for at in range(0, len(row), size)]


def unfiltered(raw: bytes, width: int, size: int) -> list[bytes]:
    """The rows as they were before each was told by its difference to its neighbours (PNG, 9.2)."""
    rows = [bytes(width)]
    for start in range(0, len(raw), width + 1):
        kind, row, above = raw[start], bytearray(raw[start + 1 : start + 1 + width]), rows[-1]
        for at in range(width):
            left, corner = (row[at - size], above[at - size]) if at >= size else (0, 0)
            guess = left + above[at] - corner
            distances = {abs(guess - value): value for value in (corner, above[at], left)}  # of equals the last counts
            near = distances[min(distances)]
            row[at] = (row[at] + (0, left, above[at], (left + above[at]) // 2, near)[kind]) % 256
        rows.append(bytes(row))
    return rows[1:]


def test_the_colour_icon_is_a_full_square() -> None:
    width, height, points = png(opened(packed(APP)).read("color.png"))
    assert (width, height) == (192, 192)
    assert all(len(point) == 3 or point[3] == 255 for point in points)
    assert bytes.fromhex(app_manifest(APP)["accentColor"][1:]) == points[0][:3]


def test_the_outline_icon_is_white_on_nothing() -> None:
    width, height, points = png(opened(packed(APP)).read("outline.png"))
    assert (width, height) == (32, 32)
    seen = [point for point in points if point[3]]
    assert 0 < len(seen) < len(points) / 2
    assert all(min(point[:3]) > 240 for point in seen)
    assert points[0][3] == 0


def test_the_command_writes_it(tmp_path: Path) -> None:
    out = tmp_path / "app.zip"
    done = CliRunner().invoke(main, ["teams", "package", "--app-id", ID, "--public-url", BASE, "--out", str(out)])
    assert (done.exit_code, str(out) in done.output) == (0, True)
    assert out.read_bytes() == packed(APP)


def test_the_command_takes_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRUST_RECOVER_TEAMS_APP_ID", ID)
    monkeypatch.setenv("TRUST_RECOVER_TEAMS_APP_SECRET", "made-up-secret-of-some-forty-characters")
    monkeypatch.setenv("TRUST_RECOVER_PUBLIC_URL", BASE)
    monkeypatch.setenv("TRUST_RECOVER_ACCESS_TOKEN", "a-token-of-some-length")
    done = CliRunner().invoke(main, ["teams", "package", "--read-messages", "--name", "Trust"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "trust-recover-teams.zip").read_bytes() == packed(
        TeamsAppDetails(ID, "Trust", public_url=BASE, reads_messages=True)
    )


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    arguments = ["teams", "package", "--app-id", "b0", "--public-url", BASE, "--out", str(tmp_path / "app.zip")]
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, "a GUID" in done.output) == (1, True)
    assert not list(tmp_path.iterdir())
