"""Bolt's app: which request of Slack goes to which listener."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.blocks.modals import FORM_CALLBACK
from adapters.slack.directory.installations import Installation, InstallationSource
from adapters.slack.listeners.actions import ActionListener
from adapters.slack.listeners.commands import CommandListener
from adapters.slack.listeners.context import SlackContext, empty_response
from adapters.slack.listeners.error_replies import AppNotInstalled, error_response
from adapters.slack.listeners.events import SlackEventListener
from adapters.slack.listeners.submissions import SlackSubmissionListener
from adapters.slack.manifest import RECOVER_HERE
from adapters.slack.web_api.library_logging import SILENT_LOGGER
from flows.input.commands import COMMAND

ANSWER_SECONDS = 2.0
"""Slack waits three seconds. A request that takes longer than this is answered with a text that says so."""
INSTALLATION = "installation"
"""The key of the installation in Bolt's context of a request."""
ANY_ACTION = re.compile("", re.DOTALL)

Body = dict[str, Any]
Handler = Callable[[Installation, Body], Awaitable[BoltResponse | None]]


class SlackApp:
    """Handles Slack's requests, from HTTP and from Socket Mode."""

    def __init__(self, context: SlackContext) -> None:
        self._context = context
        self._bolt = AsyncApp(
            name="trust-recover",
            logger=SILENT_LOGGER,
            raise_error_for_unhandled_request=True,  # a person may wait for its answer
            process_before_response=True,  # commit, then acknowledge; otherwise Bolt polls every 10 ms
            request_verification_enabled=False,  # `SlackVerifier` has done it, for requests over HTTP
            authorize=_make_authorize(context.installations),
            client=AsyncWebClient(base_url=context.api_url, logger=SILENT_LOGGER),
        )
        actions = ActionListener(context)
        commands, events = CommandListener(context), SlackEventListener(context, actions)
        submissions = SlackSubmissionListener(context, actions)
        self._bolt.error(self._on_error)
        self._bolt.command(COMMAND)(self._listener(commands.command))
        self._bolt.message_shortcut(RECOVER_HERE)(self._listener(commands.shortcut))
        self._bolt.action(ANY_ACTION)(self._listener(actions.button_tap))
        self._bolt.view_submission(FORM_CALLBACK)(self._listener(submissions.form_submission))
        for kind, handler in {
            "message": events.message,
            "app_home_opened": events.home_opened,
            "member_joined_channel": events.member_joined,
            "member_left_channel": events.member_left,
            "channel_shared": events.channel_shared,
            "channel_unshared": events.channel_unshared,
        }.items():
            self._bolt.event(kind)(self._listener(handler))
        self._bolt.event("app_uninstalled")(_body_listener(events.app_uninstalled))
        self._bolt.event("tokens_revoked")(_body_listener(events.tokens_revoked))

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        """The answer to a request, in time, also after an error."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._bolt.async_dispatch(request)
        except TimeoutError as error:
            return await error_response(self._context, request, error)

    async def _on_error(self, error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        return await error_response(self._context, request, error)

    @staticmethod
    def _listener(handler: Handler) -> Callable[..., Awaitable[BoltResponse]]:
        async def listen(body: Body, context: AsyncBoltContext) -> BoltResponse:
            installation: Installation | None = context.get(INSTALLATION)
            if installation is not None:
                return await handler(installation, body) or empty_response()
            if "event" in body:
                return empty_response()
            raise AppNotInstalled

        return listen


def _make_authorize(installations: InstallationSource) -> Callable[..., Awaitable[AuthorizeResult]]:
    """The function by which Bolt finds the installation of each request. Not a method: Bolt would count `self`."""

    async def authorize(context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        installation = await installations.find_for_team(
            enterprise_id, team_id, org=bool(context.is_enterprise_install)
        )
        context[INSTALLATION] = installation
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=installation.bot_token if installation else None,
            bot_user_id=installation.bot_user if installation else None,
        )

    return authorize


def _body_listener(handler: Callable[[Body], Awaitable[None]]) -> Callable[..., Awaitable[BoltResponse]]:
    async def listen(body: Body) -> BoltResponse:
        await handler(body)
        return empty_response()

    return listen
