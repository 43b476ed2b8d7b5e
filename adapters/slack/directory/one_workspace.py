"""The app in a single workspace, with the bot token from the settings. The token is not stored."""

from collections.abc import Callable
from math import inf
from time import time
from typing import Self

from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackClientError

from adapters.shared.storage import Transactions, with_commit
from adapters.slack.directory.installations import Installation, delete_workspace, installation_key, installation_keys
from adapters.slack.web_api import client
from adapters.slack.web_api.library_logging import permanent_error_code
from adapters.slack.web_api.web_client import open_web_client
from flows.errors import TrustRecoverError


class InvalidBotToken(TrustRecoverError):
    """Slack does not know the bot token. Copy it again from “OAuth & Permissions”; it begins with xoxb-."""


class SlackUnreachable(TrustRecoverError):
    """Slack cannot be reached, so the bot token could not be checked. Start again when Slack can be reached."""


class SingleInstallation:
    """The one installation. After the app was removed, there is none until a restart with a new token."""

    def __init__(self, only: Installation, database: Transactions | None = None) -> None:
        self._installation: Installation | None = only
        self._database = database

    @classmethod
    async def from_token(
        cls,
        token: str,
        api_url: str,
        clock: Callable[[], float] = time,
        database: Transactions | None = None,
        session: ClientSession | None = None,
    ) -> Self:
        """Ask Slack which workspace the token is for. `database`: has the rows of its people and channels.

        `session`: by which Slack is called; without one, a session is made for this call.

        Raises:
            InvalidBotToken: Slack refuses it; the message says why.
            SlackUnreachable: Slack did not answer.

        """
        web_client = open_web_client(api_url, token, client.CALL_TIMEOUT_SECONDS, session)
        try:
            response = await web_client.auth_test()
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            error_code = permanent_error_code(error)
            if error_code is None:
                raise SlackUnreachable from error
            message = f"Slack refuses the bot token: {error_code}. Copy it again from “OAuth & Permissions”."
            raise InvalidBotToken(message) from None  # the error would show the request
        org = bool(response.get("is_enterprise_install"))
        enterprise, team = str(response.get("enterprise_id") or ""), str(response.get("team_id") or "")
        scopes = str({k.lower(): v for k, v in (response.headers or {}).items()}.get("x-oauth-scopes", ""))
        return cls(
            Installation(
                workspace=installation_key(enterprise, team, org=org),
                enterprise=enterprise,
                team="" if org else team,
                name=str(response.get("team") or ""),
                bot_user=str(response.get("user_id") or ""),
                bot_token=token,
                scopes=tuple(scope.strip() for scope in scopes.split(",") if scope.strip()),
                installed_by="",
                installed_at=clock(),
            ),
            database,
        )

    @property
    def enterprise(self) -> str:
        """The id of the organisation; empty if there is none."""
        return self._installation.enterprise if self._installation is not None else ""

    @property
    def team(self) -> str:
        """The id of the workspace; empty if the token is for a whole organisation."""
        return self._installation.team if self._installation is not None else ""

    async def find(self, workspace: str) -> Installation | None:
        """The installation, if it is of this workspace."""
        return (
            self._installation if self._installation is not None and self._installation.workspace == workspace else None
        )

    async def find_for_team(self, enterprise: str | None, team: str | None, *, org: bool) -> Installation | None:
        """The installation, if it answers for this team."""
        only = self._installation
        return only if only is not None and only.workspace in installation_keys(enterprise, team, org=org) else None

    async def forget(self, workspace: str, _at: float = inf) -> None:
        """The app was removed there: the rows of its people and channels are deleted."""
        if await self.find(workspace):
            self._installation = None
            if self._database is not None:
                await self._database.run(with_commit(lambda tx: delete_workspace(tx, workspace)))
