"""The app in one workspace by its token: Slack is asked once whose it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from adapters.slack.directory.one_workspace import InvalidBotToken, SingleInstallation, SlackUnreachable
from tests.adapters.slack.fake_api import fake_slack_api

TOKEN = "xoxb-made-up"
ME = {"ok": True, "team": "Northwind", "team_id": "T1", "user_id": "U0", "bot_id": "B0", "user": "trust_recover"}


@asynccontextmanager
async def slack(answer: dict[str, Any] | str, status: int = 200) -> AsyncIterator[str]:
    async def auth_test(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        if isinstance(answer, str):
            return web.Response(status=status, text=answer)
        return web.json_response(answer, status=status, headers={"X-OAuth-Scopes": "commands, chat:write"})

    async with fake_slack_api(auth_test) as url:
        yield url


async def test_a_token_is_of_its_workspace_only() -> None:
    async with slack(ME) as url:
        one = await SingleInstallation.from_token(TOKEN, url, lambda: 5.0)
    result = await one.find("T1")
    assert result
    assert (result.name, result.bot_user, result.bot_token, result.installed_at) == ("Northwind", "U0", TOKEN, 5.0)
    assert result.scopes == ("commands", "chat:write")
    assert await one.find_for_team(None, "T1", org=False) == result
    assert await one.find_for_team("E1", "T1", org=False) == result
    assert await one.find_for_team(None, "T2", org=False) is None
    assert await one.find("T2") is None


async def test_a_token_of_an_organisation_answers_for_its_teams() -> None:
    async with slack(ME | {"enterprise_id": "E1", "is_enterprise_install": True}) as url:
        one = await SingleInstallation.from_token(TOKEN, url)
    result = await one.find_for_team("E1", "T9", org=False)
    assert result
    assert (result.workspace, result.team) == ("E1", "")
    assert await one.find_for_team("E2", "T9", org=False) is None


async def test_once_removed_it_is_unknown() -> None:
    async with slack(ME) as url:
        one = await SingleInstallation.from_token(TOKEN, url)
    await one.forget("T2")
    assert await one.find("T1")
    await one.forget("T1")
    await one.forget("T1")
    assert await one.find("T1") is None
    assert await one.find_for_team(None, "T1", org=False) is None


async def test_a_wrong_token_is_told_with_slacks_word_and_not_shown() -> None:
    async with slack({"ok": False, "error": "invalid_auth"}) as url:
        with pytest.raises(InvalidBotToken, match="invalid_auth") as error:
            await SingleInstallation.from_token(TOKEN, url)
    assert TOKEN not in str(error.value)


@pytest.mark.parametrize("status", [500, 503])
async def test_slack_that_is_away_is_not_a_wrong_token(status: int) -> None:
    async with slack("<html>", status) as url:
        with pytest.raises(SlackUnreachable, match="can be reached"):
            await SingleInstallation.from_token(TOKEN, url)


async def test_slack_that_is_asked_too_often_is_not_a_wrong_token() -> None:
    async with slack({"ok": False, "error": "ratelimited"}, 429) as url:
        with pytest.raises(SlackUnreachable):
            await SingleInstallation.from_token(TOKEN, url)


async def test_slack_that_is_out_of_reach_is_not_a_wrong_token() -> None:
    with pytest.raises(SlackUnreachable):
        await SingleInstallation.from_token(TOKEN, "http://127.0.0.1:9/api/")
