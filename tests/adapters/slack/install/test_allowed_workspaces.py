"""Which workspaces are served, where the operator lists them: when the app is installed, and afterwards."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from adapters.slack.directory.allowed_workspaces import AllowedWorkspaces, ServedInstallations, WorkspaceNotAllowed
from adapters.slack.directory.installations import StoredInstallations
from adapters.slack.web_api.client import open_client
from bot.storage import tables
from tests.adapters.slack.fake_api import fake_slack_api
from tests.adapters.slack.harness import NORTHWIND, slack_harness, words_of
from tests.adapters.slack.install.conftest import installed
from tests.adapters.slack.raw_requests import deliver, draft_sender, signed, written
from tests.conftest import SetClock
from tests.peers.slack.team import Json, Team

CONTOSO = Team("T0CONTOSO", "Contoso")
SERVED = [
    (set(), "", "T1", True),
    ({"T1"}, "", "T1", True),
    ({"T1"}, "E1", "T1", True),
    ({"E1"}, "E1", "T2", True),
    ({"E1"}, "E1", "", True),
    ({"T1"}, "E1", "", False),
    ({"T1"}, "", "T2", False),
    ({"T1"}, "E1", "T2", False),
]


@pytest.mark.parametrize(("ids", "enterprise", "team", "is_served"), SERVED)
def test_a_workspace_is_served_by_its_own_id_or_its_organisations(
    ids: set[str], enterprise: str, team: str, *, is_served: bool
) -> None:
    allowed = AllowedWorkspaces(frozenset(ids))
    if is_served:
        allowed.check(enterprise, team)
    else:
        with pytest.raises(WorkspaceNotAllowed, match="TRUST_RECOVER_SLACK_ALLOWED_WORKSPACES"):
            allowed.check(enterprise, team)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_installation_from_before_the_list_is_not_found(installations: StoredInstallations) -> None:
    await installations.save(installed("T1"))
    served = ServedInstallations(installations, AllowedWorkspaces(frozenset({"T2"})))
    assert await served.find("T1") is None
    assert await served.find_for_team(None, "T1", org=False) is None


async def test_requests_of_another_workspace_are_refused_with_a_word(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path}/room.db", SetClock()
    async with slack_harness(url, NORTHWIND, CONTOSO, clock=clock, slack_allowed_workspaces="T0NORTHWIND") as at:
        command: Json = (await draft_sender(at.sender(CONTOSO)).command("dana", "acct-acme", "Acme")).payload
        answer = await deliver(at, signed(written(command), clock.now))
        assert "This app is no longer installed here." in words_of(answer.json)
        assert await at.rows(tables.recovery) == []


async def test_a_bot_token_of_another_workspace_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotAllowed, match="T0NORTHWIND"):
        async with slack_harness(f"sqlite:///{tmp_path}/room.db", slack_allowed_workspaces="T0ELSEWHERE"):
            pass


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
async def slack_url(calls: list[str]) -> AsyncIterator[str]:
    """A Slack that grants every installation, in the workspace T1."""

    async def answer(request: web.Request) -> web.Response:
        calls.append(request.match_info["method"])
        granted = {"ok": True, "access_token": "xoxb-1", "bot_user_id": "U1", "team": {"id": "T1", "name": "One"}}
        return web.json_response(granted)

    async with fake_slack_api(answer) as url:
        yield url


@pytest.mark.parametrize("redirect", [301, 302, 307, 308])
async def test_no_redirect_of_slacks_api_is_followed(calls: list[str], slack_url: str, redirect: int) -> None:
    async def lead_away(_request: web.Request) -> web.Response:
        return web.Response(status=redirect, headers={"Location": f"{slack_url}stolen"})

    async with fake_slack_api(lead_away) as url, open_client(url) as client:
        with pytest.raises(Exception, match="RedirectRefused"):
            await client.call("xoxb-1", "chat.postMessage", channel="C1", text="x")
    assert calls == []
