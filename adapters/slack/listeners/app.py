"""Bolt's app: which request of Slack goes to which listener."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.safe_logging import safe_description
from adapters.slack.blocks.elements import is_own_action
from adapters.slack.blocks.modals import FORM_CALLBACK
from adapters.slack.directory.installations import Installation, InstallationSource
from adapters.slack.listeners.actions import ActionListener
from adapters.slack.listeners.commands import CommandListener
from adapters.slack.listeners.context import SlackContext, empty_response, json_response
from adapters.slack.listeners.error_replies import AppNotInstalled, UnknownRequest, error_response
from adapters.slack.listeners.events import SlackEventListener
from adapters.slack.listeners.payload_types import BlockActions, EventCallback, OtherPayload, RateLimitNotice
from adapters.slack.listeners.payloads import EVENT_KIND, payload_kind, read_payload, routing_body
from adapters.slack.listeners.submissions import SlackSubmissionListener
from adapters.slack.manifest import CHECK_WORDS, RECOVER_HERE
from adapters.slack.web_api.library_logging import SILENT_LOGGER
from flows.input.command_text import COMMAND

log = logging.getLogger(__name__)

ANSWER_SECONDS = 2.0
"""Slack waits three seconds. A request that takes longer than this is answered with a text that says so."""
INSTALLATION = "installation"
"""The key of the installation in Bolt's context of a request."""
PAYLOAD, BODY = "payload", "slack_body"
"""The keys of the payload as it was read, and as it came."""
ANY_ACTION = re.compile("", re.DOTALL)
"""Bolt gets taps on our own buttons only."""
SUGGESTION_KINDS = frozenset({"block_suggestion", "dialog_suggestion"})
"""Requests for the entries of a menu: an answer without entries is one that Slack understands."""
PARSED_BODY_MODE = "socket_mode"
"""Bolt's mode for a request whose body is parsed already."""
SHORTCUT_KIND = "shortcut"

Handler = Callable[[Installation, Any], Awaitable[BoltResponse | None]]
"""A listener's method. Its payload is of the type that `payload_types` has for the kind."""


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
        self._bolt.message_shortcut(CHECK_WORDS)(self._listener(commands.check_words))
        self._bolt.action(ANY_ACTION)(self._listener(actions.button_tap))
        self._bolt.view_submission(FORM_CALLBACK)(self._listener(submissions.form_submission))
        for kind, handler in {
            "message": events.message,
            "app_home_opened": events.home_opened,
            "member_joined_channel": events.member_joined,
            "member_left_channel": events.member_left,
            "channel_shared": events.channel_shared,
            "channel_unshared": events.channel_unshared,
            "channel_id_changed": events.channel_id_changed,
        }.items():
            self._bolt.event(kind)(self._listener(handler))
        self._bolt.event("app_uninstalled")(_event_listener(events.app_uninstalled))
        self._bolt.event("tokens_revoked")(_event_listener(events.tokens_revoked))

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        """The answer to a request, in time, also after an error. Of the request, the body is read, whatever it is."""
        body, bolt_request = request.body, None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                payload = read_payload(body)
                if isinstance(payload, OtherPayload | RateLimitNotice):
                    return _acknowledge_other(payload)
                if isinstance(payload, BlockActions) and not is_own_action(payload.actions[0].action_id, payload.value):
                    log.debug("a tap on a button that is not ours was acknowledged")
                    return empty_response()
                bolt_request = AsyncBoltRequest(
                    body=routing_body(payload), context={PAYLOAD: payload, BODY: body}, mode=PARSED_BODY_MODE
                )
                return await self._bolt.async_dispatch(bolt_request)
        except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, Slack gets an answer
            installation = bolt_request.context.get(INSTALLATION) if bolt_request is not None else None
            return await self._error_response(body, installation, error)

    async def _on_error(self, error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        return await self._error_response(request.context[BODY], request.context.get(INSTALLATION), error)

    async def _error_response(self, body: object, installation: Installation | None, error: Exception) -> BoltResponse:
        try:
            return await error_response(self._context, body, installation, error)
        except Exception as second_error:  # noqa: BLE001 - there is nothing left to answer with
            description = safe_description(second_error)
            log.error("Slack's %s could not even be answered with an error: %s", payload_kind(body), description)  # noqa: TRY400 - described
            return empty_response()

    @staticmethod
    def _listener(handler: Handler) -> Callable[..., Awaitable[BoltResponse]]:
        async def listen(context: AsyncBoltContext) -> BoltResponse:
            installation: Installation | None = context.get(INSTALLATION)
            if installation is not None:
                return await handler(installation, context[PAYLOAD]) or empty_response()
            if payload_kind(context[BODY]) == EVENT_KIND:
                return empty_response()
            raise AppNotInstalled

        return listen


def slack_request(body: object, headers: Mapping[str, str | Sequence[str]] | None = None) -> AsyncBoltRequest:
    """A request with this parsed body, whatever it is: Bolt itself fails on a body that has another shape."""
    request = AsyncBoltRequest(body={}, headers=dict(headers or {}), mode=PARSED_BODY_MODE)
    request.body = body  # type: ignore[assignment]  # dispatch reads it before Bolt does
    return request


def _acknowledge_other(payload: OtherPayload | RateLimitNotice) -> BoltResponse:
    """The answer to a request that the app has no use for.

    Raises:
        UnknownRequest: a person waits for an answer.

    """
    if isinstance(payload, RateLimitNotice):
        minute = datetime.fromtimestamp(payload.minute_rate_limited or 0.0, UTC)
        log.warning(
            "Slack holds back events of %s since %s (app_rate_limited): more came in an hour than it sends",
            payload.team_id or "a workspace",
            f"{minute:%Y-%m-%d %H:%M} UTC",
        )
        return empty_response()
    if payload.kind == SHORTCUT_KIND:
        raise UnknownRequest
    log.debug("%s was acknowledged: the app has no use for it", payload.kind)
    return json_response({"options": []}) if payload.kind in SUGGESTION_KINDS else empty_response()


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


def _event_listener(handler: Callable[[EventCallback], Awaitable[None]]) -> Callable[..., Awaitable[BoltResponse]]:
    async def listen(context: AsyncBoltContext) -> BoltResponse:
        await handler(context[PAYLOAD])
        return empty_response()

    return listen
