"""Bolt's app: which of Slack's requests goes to which handler."""

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

from adapters.slack.apology import NotInstalled, apologise
from adapters.slack.commands import Commands
from adapters.slack.desk import Desk, nothing
from adapters.slack.events import Events
from adapters.slack.installations import Installation, InstallationSource
from adapters.slack.manifest import RECOVER_HERE
from adapters.slack.modals import FORM
from adapters.slack.quiet import QUIET
from adapters.slack.submissions import Submissions
from adapters.slack.taps import Taps
from flows.commands import COMMAND

SECONDS_TO_ANSWER = 2.0
"""Slack gives three; what takes longer is answered with a word about it, for which there is `SECONDS_TO_TELL`."""
ANY = re.compile("", re.DOTALL)

Body = dict[str, Any]
Handler = Callable[[Installation, Body], Awaitable[BoltResponse | None]]


class SlackApp:
    """Takes in Slack's requests, from HTTP and from Socket Mode alike."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bolt = AsyncApp(
            name="trust-recover",
            logger=QUIET,
            raise_error_for_unhandled_request=True,  # somebody may wait for an answer to it
            process_before_response=True,  # commit, then acknowledge; and its other way polls every 10 ms
            request_verification_enabled=False,  # `adapters.slack.door` did, and saw that it came once
            authorize=_authorizing(desk.installations),
            client=AsyncWebClient(base_url=desk.api_url, logger=QUIET),
        )
        taps = Taps(desk)
        commands, events = Commands(desk), Events(desk, taps)
        self._bolt.error(self._failed)
        self._bolt.command(COMMAND)(self._listener(commands.command))
        self._bolt.message_shortcut(RECOVER_HERE)(self._listener(commands.shortcut))
        self._bolt.action(ANY)(self._listener(taps.tapped))
        self._bolt.view_submission(FORM)(self._listener(Submissions(desk, taps).submitted))
        for kind, handler in {
            "message": events.message,
            "app_home_opened": events.home_opened,
            "member_joined_channel": events.joined,
            "member_left_channel": events.left,
            "channel_shared": events.shared,
            "channel_unshared": events.unshared,
        }.items():
            self._bolt.event(kind)(self._listener(handler))
        self._bolt.event("app_uninstalled")(_only_body(events.uninstalled))
        self._bolt.event("tokens_revoked")(_only_body(events.revoked))

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        """The answer to a request, in time, whatever happens."""
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                return await self._bolt.async_dispatch(request)
        except TimeoutError as error:
            return await apologise(self._desk, request, error)

    async def _failed(self, error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        return await apologise(self._desk, request, error)

    @staticmethod
    def _listener(handler: Handler) -> Callable[..., Awaitable[BoltResponse]]:
        async def listen(body: Body, context: AsyncBoltContext) -> BoltResponse:
            at: Installation | None = context.get("at")
            if at is not None:
                return await handler(at, body) or nothing()
            if "event" in body:
                return nothing()
            raise NotInstalled

        return listen


def _authorizing(installations: InstallationSource) -> Callable[..., Awaitable[AuthorizeResult]]:
    """What Bolt asks for each request: whose it is, by memory or one indexed query. A function: Bolt counts `self`."""

    async def authorize(context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        at = await installations.serving(enterprise_id, team_id, org=bool(context.is_enterprise_install))
        context["at"] = at
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=at.bot_token if at else None,
            bot_user_id=at.bot_user if at else None,
        )

    return authorize


def _only_body(handler: Callable[[Body], Awaitable[None]]) -> Callable[..., Awaitable[BoltResponse]]:
    async def listen(body: Body) -> BoltResponse:
        await handler(body)
        return nothing()

    return listen
