"""The app in a single workspace, by a token from the settings: nothing is stored."""

from collections.abc import Callable
from math import inf
from time import time
from typing import Self

from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import api
from adapters.slack.installations import Installation, candidates, sweep, workspace_of
from adapters.slack.quiet import QUIET, refusal_of
from adapters.storage import Transactions
from flows.errors import TrustRecoverError


class BadToken(TrustRecoverError):
    """Slack does not know the bot token. Copy it again from “OAuth & Permissions”; it begins with xoxb-."""


class SlackAway(TrustRecoverError):
    """Slack could not be asked whose the bot token is. Try again when it can be reached."""


class OneWorkspace:
    """The one installation. Once the app was removed there, it is unknown until a restart with a new token."""

    def __init__(self, only: Installation, database: Transactions | None = None) -> None:
        self._only: Installation | None = only
        self._database = database

    @classmethod
    async def opened(
        cls, token: str, api_url: str, clock: Callable[[], float] = time, database: Transactions | None = None
    ) -> Self:
        """Ask Slack whose token this is. `database`: where what Slack told us of its people is kept.

        Raises:
            BadToken: Slack refuses it; the message says why.
            SlackAway: Slack did not answer.

        """
        client = AsyncWebClient(token, base_url=api_url, timeout=api.SECONDS_FOR_A_CALL, logger=QUIET)
        try:
            told = await client.auth_test()
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            said = refusal_of(error)
            if said is None:
                raise SlackAway from error
            message = f"Slack refuses the bot token: {said}. Copy it again from “OAuth & Permissions”."
            raise BadToken(message) from None  # the error would show the request
        org = bool(told.get("is_enterprise_install"))
        enterprise, team = str(told.get("enterprise_id") or ""), str(told.get("team_id") or "")
        scopes = str({k.lower(): v for k, v in (told.headers or {}).items()}.get("x-oauth-scopes", ""))
        return cls(
            Installation(
                workspace=workspace_of(enterprise, team, org=org),
                enterprise=enterprise,
                team="" if org else team,
                name=str(told.get("team") or ""),
                bot_user=str(told.get("user_id") or ""),
                bot_token=token,
                scopes=tuple(scope.strip() for scope in scopes.split(",") if scope.strip()),
                installed_by="",
                installed_at=clock(),
            ),
            database,
        )

    async def find(self, workspace: str) -> Installation | None:
        """The installation, if it is of this workspace."""
        return self._only if self._only is not None and self._only.workspace == workspace else None

    async def serving(self, enterprise: str | None, team: str | None, *, org: bool) -> Installation | None:
        """The installation, if it answers for this team."""
        only = self._only
        return only if only is not None and only.workspace in candidates(enterprise, team, org=org) else None

    async def forget(self, workspace: str, _at: float = inf) -> None:
        """The app was removed there: what Slack told us of its people and channels is deleted."""
        if await self.find(workspace):
            self._only = None
            if self._database is not None:
                await self._database.run(lambda tx: sweep(tx, workspace))
