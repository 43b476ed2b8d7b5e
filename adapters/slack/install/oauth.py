"""Installing the app in any workspace: a page of our own, Slack's consent, and what then became of it."""

import logging
from collections.abc import Sequence
from importlib.resources import files
from urllib.parse import urlencode, urlsplit, urlunsplit

from aiohttp import ClientError, ClientSession, web
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from sqlalchemy.exc import DBAPIError

from adapters.slack.directory.allowed_workspaces import AllowedWorkspaces, WorkspaceNotAllowed
from adapters.slack.directory.installations import StoredInstallations
from adapters.slack.install.install_pages import InstallPages, language_of
from adapters.slack.install.oauth_stores import STATE_SECONDS, BoltInstallationStore, OAuthStates
from adapters.slack.manifest import INSTALL_PATH, INSTALL_START_PATH, REDIRECT_PATH, STATIC_PATH
from adapters.slack.web_api.library_logging import SILENT_LOGGER, permanent_error_code
from adapters.slack.web_api.web_client import open_web_client

log = logging.getLogger(__name__)

COOKIE = "trust_recover_slack_state"
_STATUS = {
    "access_denied": 200,
    "workspace_not_allowed": 403,
    "invalid_code": 502,
    "unreachable": 502,
    "storage_error": 503,
}
"""Of a page that says what went wrong; 400 for what the browser brought."""


class _OAuthFlow(AsyncOAuthFlow):
    """Bolt's flow, except for what it would log, and for words that it would put into an address as they are.

    A workspace that is not served gets no installation: its token is given back before it is stored.
    """

    allowed_workspaces = AllowedWorkspaces()

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        settings = self.settings
        query = {
            "client_id": settings.client_id,
            "scope": ",".join(settings.scopes or ()),
            "redirect_uri": settings.redirect_uri or "",
            "state": state,
        }
        team = request.query.get("team")
        return f"{settings.authorization_url}?{urlencode(query | ({'team': team[0]} if team else {}))}"

    async def run_installation(self, code: str) -> SlackInstallation | None:
        """Exchange the code; None if Slack refuses it.

        Raises:
            SlackClientError, ClientError, TimeoutError: Slack did not answer.
            WorkspaceNotAllowed: the workspace is not served.

        """
        settings = self.settings
        try:
            response = await self.client.oauth_v2_access(
                client_id=settings.client_id,
                client_secret=settings.client_secret,
                code=code,
                redirect_uri=settings.redirect_uri,
            )
        except SlackApiError as error:
            error_code = permanent_error_code(error)
            if error_code is None:
                raise
            log.warning("Slack refused an installation: %s", error_code)
            return None
        enterprise, team = response.get("enterprise") or {}, response.get("team") or {}
        if not response.get("access_token") or not (enterprise.get("id") or team.get("id")):
            log.warning("Slack reported an installation without a token or a workspace")
            return None
        org = bool(response.get("is_enterprise_install"))
        try:
            self.allowed_workspaces.check(enterprise.get("id") or "", "" if org else team.get("id") or "")
        except WorkspaceNotAllowed:
            await self._revoke(str(response.get("access_token")))
            raise
        return SlackInstallation(
            app_id=response.get("app_id"),
            enterprise_id=enterprise.get("id"),
            enterprise_name=enterprise.get("name"),
            team_id=team.get("id"),
            team_name=team.get("name"),
            bot_token=response.get("access_token"),
            bot_user_id=response.get("bot_user_id"),
            bot_scopes=response.get("scope") or "",
            user_id=(response.get("authed_user") or {}).get("id") or "",
            is_enterprise_install=org,
        )

    async def _revoke(self, token: str) -> None:
        """Give a token back: the app cannot do anything in that workspace then."""
        try:
            await self.client.auth_revoke(token=token)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            log.warning("a token that is not used could not be revoked: %s", type(error).__name__)


class OAuthRoutes:
    """The handlers. `redirect_uri`: where browsers reach `/slack/oauth_redirect`; the other pages stand beside it."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        api_url: str,
        authorize_url: str,
        installations: StoredInstallations,
        states: OAuthStates,
        scopes: Sequence[str],
    ) -> None:
        self._scopes = tuple(scopes)
        self._pages = InstallPages()
        self._redirect = urlsplit(redirect_uri)
        settings = AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=self._scopes,
            user_scopes=(),
            redirect_uri=redirect_uri,
            install_path=INSTALL_START_PATH,
            install_page_rendering_enabled=False,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=authorize_url,
            callback_options=AsyncCallbackOptions(self._on_success, self._on_failure),
            installation_store=BoltInstallationStore(installations),
            state_store=states,
            state_cookie_name=COOKIE,
            state_expiration_seconds=STATE_SECONDS,
            logger=SILENT_LOGGER,
        )
        self._flow = _OAuthFlow(client=open_web_client(api_url), logger=SILENT_LOGGER, settings=settings)

    def limit(self, allowed_workspaces: AllowedWorkspaces, session: ClientSession | None) -> None:
        """Install the app in these workspaces only. `session`: by which Slack is called; it follows no redirect."""
        self._flow.allowed_workspaces = allowed_workspaces
        self._flow.client.session = session

    def routes(self) -> list[web.AbstractRouteDef]:
        """The routes."""
        return [
            web.get(INSTALL_PATH, self.page),
            web.get(INSTALL_START_PATH, self.start, allow_head=False),
            web.get(REDIRECT_PATH, self.callback, allow_head=False),
            web.static(STATIC_PATH, str(files("adapters.slack") / "static")),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """What the app is and asks for. The way to Slack begins with a tap: until then, nothing expires."""
        language = language_of(request.headers.get("Accept-Language", ""))
        return _html(self._pages.install(self._scopes, self._page_url(INSTALL_START_PATH), language))

    async def start(self, request: web.Request) -> web.Response:
        """Go to Slack, with a state that this browser remembers."""
        bolt_response = await self._flow.handle_installation(_bolt(request))
        location = bolt_response.first_headers()["location"]
        response = web.Response(status=bolt_response.status, headers={"Location": location})
        for cookie in bolt_response.cookies():
            response.set_cookie(
                COOKIE,
                cookie[COOKIE].value,
                max_age=STATE_SECONDS,
                path=self._redirect.path,
                secure=self._redirect.scheme == "https",  # behind a proxy, the request itself may say http
                httponly=True,
                samesite="Lax",
            )
        return response

    async def callback(self, request: web.Request) -> web.Response:
        """Slack sent the browser back: install the app, or say why not."""
        bolt_request = _bolt(request)
        try:
            bolt_response = await self._flow.handle_callback(bolt_request)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            log.warning("an installation ended: Slack was not reached (%s)", type(error).__name__)
            bolt_response = self._failure_page("unreachable", bolt_request)
        except WorkspaceNotAllowed as error:
            log.warning("an installation ended: %s", error)
            bolt_response = self._failure_page("workspace_not_allowed", bolt_request)
        except DBAPIError as error:
            log.error("an installation ended: the database did not answer (%s)", type(error.orig).__name__)  # noqa: TRY400 - a traceback would show bound values
            bolt_response = self._failure_page("storage_error", bolt_request)
        response = _html(bolt_response.body, bolt_response.status)
        response.del_cookie(COOKIE, path=self._redirect.path)
        return response

    async def _on_success(self, args: AsyncSuccessArgs) -> BoltResponse:
        new = args.installation
        org = new.is_enterprise_install
        log.info("installed in %s", new.enterprise_id if org else new.team_id)
        name = (new.enterprise_name if org else new.team_name) or ""
        return BoltResponse(status=200, body=self._pages.success(name, _language(args.request), org=org))

    async def _on_failure(self, args: AsyncFailureArgs) -> BoltResponse:
        if args.error is not None:
            log.error("an installation ended: %s", args.error)
        return self._failure_page(args.reason, args.request)

    def _failure_page(self, reason: str, request: AsyncBoltRequest) -> BoltResponse:
        body = self._pages.failure(reason, self._page_url(INSTALL_PATH), _language(request))
        return BoltResponse(status=_STATUS.get(reason, 400), body=body)

    def _page_url(self, path: str) -> str:
        """The address of another of these pages, by the host name to which Slack returns: the cookie is for it."""
        beside = self._redirect.path.removesuffix(REDIRECT_PATH) + path
        return urlunsplit((self._redirect.scheme, self._redirect.netloc, beside, "", ""))


def _bolt(request: web.Request) -> AsyncBoltRequest:
    headers: dict[str, str | Sequence[str]] = {
        name: request.headers.get(name, "") for name in ("Cookie", "Accept-Language")
    }
    return AsyncBoltRequest(body="", query=request.query_string, headers=headers)


def _language(request: AsyncBoltRequest) -> str:
    return language_of(next(iter(request.headers.get("accept-language", [])), ""))


def _html(body: str, status: int = 200) -> web.Response:
    return web.Response(text=body, content_type="text/html", status=status)
