"""The manifest against the limits of Slack's own schema (slackapi/manifest-schema, 2.0.0)."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from adapters.slack.manifest import EVENTS, SCOPES, MissingAddress, app_manifest
from flows.input.command_text import COMMAND
from flows.input.commands import CommandWord

BASE = "https://recover.example"
BOTH = [
    app_manifest(BASE),
    app_manifest(BASE, socket=True),
    app_manifest(None, socket=True),
    app_manifest(BASE, name="x" * 35),
]
SLACKS_NAMES = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "_metadata": {"major_version", "minor_version"},
    "display_information": {"name", "description", "background_color", "long_description"},
    "features": {"app_home", "bot_user", "shortcuts", "slash_commands"},
    "features.app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "features.bot_user": {"display_name", "always_online"},
    "features.shortcuts": {"name", "type", "callback_id", "description"},
    "features.slash_commands": {"command", "url", "description", "usage_hint", "should_escape"},
    "oauth_config": {"redirect_urls", "scopes"},
    "oauth_config.scopes": {"bot"},
    "settings": {
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    },
    "settings.event_subscriptions": {"request_url", "bot_events"},
    "settings.interactivity": {"is_enabled", "request_url"},
}
"""Of the names that Slack takes, those that we use; it refuses others."""
LENGTHS = {
    "display_information.name": (1, 35),
    "display_information.description": (1, 140),
    "display_information.long_description": (175, 4000),
    "features.bot_user.display_name": (1, 80),
    "features.shortcuts.name": (1, 24),
    "features.shortcuts.callback_id": (1, 255),
    "features.shortcuts.description": (1, 150),
    "features.slash_commands.command": (2, 32),
    "features.slash_commands.url": (1, 3000),
    "features.slash_commands.description": (1, 2000),
    "features.slash_commands.usage_hint": (1, 1000),
    "oauth_config.redirect_urls": (1, 2500),
    "oauth_config.scopes.bot": (1, 50),
    "settings.event_subscriptions.request_url": (1, 3500),
    "settings.event_subscriptions.bot_events": (1, 50),
    "settings.interactivity.request_url": (1, 3500),
}


def objects(value: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value
        for name, inner in value.items():
            yield from objects(inner, f"{path}.{name}".strip("."))
    if isinstance(value, list):
        for inner in value:
            yield from objects(inner, path)


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield from texts(inner, f"{path}.{name}".strip("."))
    for inner in value if isinstance(value, list) else ():
        yield from texts(inner, path)


@pytest.mark.parametrize("manifest", BOTH)
def test_it_has_only_names_that_slack_takes(manifest: dict[str, Any]) -> None:
    for path, result in objects(manifest):
        assert set(result) <= SLACKS_NAMES[path], path


@pytest.mark.parametrize("manifest", BOTH)
def test_all_texts_are_as_long_as_they_may_be(manifest: dict[str, Any]) -> None:
    free = {"display_information.background_color", "features.shortcuts.type"}
    for path, text in texts(manifest):
        if path not in free:
            least, most = LENGTHS[path]
            assert least <= len(text) <= most, path
    assert re.fullmatch("#[0-9a-fA-F]{6}", manifest["display_information"]["background_color"])


def test_slack_is_told_where_to_reach_us() -> None:
    product = app_manifest(BASE + "/")
    events = f"{BASE}/slack/events"
    assert product["settings"]["event_subscriptions"]["request_url"] == events
    assert product["settings"]["interactivity"]["request_url"] == events
    assert product["features"]["slash_commands"][0]["url"] == events
    assert product["oauth_config"]["redirect_urls"] == [f"{BASE}/slack/oauth_redirect"]
    assert product["settings"]["socket_mode_enabled"] is False


def test_over_a_socket_no_address_is_needed() -> None:
    product = app_manifest(None, socket=True)
    assert "http" not in json.dumps(product)
    assert product["settings"]["socket_mode_enabled"] is True


def test_without_either_it_says_what_to_do() -> None:
    for base in (None, ""):
        with pytest.raises(MissingAddress, match="public address"):
            app_manifest(base)


def test_the_command_escapes_what_people_name() -> None:
    [command] = app_manifest(BASE)["features"]["slash_commands"]
    assert command["command"] == COMMAND
    assert command["should_escape"] is True


def test_each_scope_has_its_reason_in_both_languages() -> None:
    for reasons in SCOPES.values():
        assert set(reasons) == {"en", "es"}
    assert list(SCOPES) == app_manifest(BASE)["oauth_config"]["scopes"]["bot"]


@pytest.mark.parametrize("event", EVENTS)
def test_what_slack_tells_us_of_is_covered_by_the_scopes(event: str) -> None:
    assert set(EVENTS[event]) <= set(SCOPES)
    assert event in app_manifest(BASE)["settings"]["event_subscriptions"]["bot_events"]


@pytest.mark.parametrize("manifest", BOTH)
def test_it_survives_json_and_yaml(manifest: dict[str, Any]) -> None:
    assert json.loads(json.dumps(manifest)) == manifest
    assert yaml.safe_load(yaml.safe_dump(manifest, sort_keys=False)) == manifest


def test_the_command_hints_at_every_word_but_the_one_that_can_be_left_out() -> None:
    (command,) = app_manifest(BASE)["features"]["slash_commands"]
    words = {part.split()[0] for part in command["usage_hint"].split(" | ")}
    assert words == {"[client]", *CommandWord} - {CommandWord.START}
