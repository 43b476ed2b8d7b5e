"""Answers to requests that failed: what happened and what to do. What was typed into a form stays there."""

import asyncio
import logging
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.shared.directory import MembershipError
from adapters.shared.error_messages import error_text
from adapters.shared.safe_logging import safe_description
from adapters.slack.blocks import messages
from adapters.slack.blocks.modals import notice_view
from adapters.slack.blocks.words import say
from adapters.slack.directory.installations import Installation
from adapters.slack.listeners.context import SlackContext, empty_response, json_response, private_response
from adapters.slack.web_api.client import EXPIRED_TRIGGER_ERRORS, SlackRefusal
from flows.errors import TrustRecoverError

log = logging.getLogger(__name__)

Body = dict[str, Any]
SERVICE_UNAVAILABLE = 503
NOTICE_SECONDS = 0.8
"""The rest of Slack's three seconds: a text that cannot be shown in time must not delay the answer."""


class AppNotInstalled(TrustRecoverError):
    """The app is no longer installed there. Install it again."""


async def error_response(context: SlackContext, request: AsyncBoltRequest, error: BaseException) -> BoltResponse:
    """Answer a request that failed. Slack sends an event again; a person is told what to do."""
    body: Body = request.body
    what = str(body.get("type") or body.get("command") or "request")
    if "event" in body and isinstance(error, BoltUnhandledRequestError):
        return empty_response()  # a retry would be as unknown
    if "event" in body:
        log.warning("Slack's event %s was not processed: %s", body["event"].get("type"), safe_description(error))
        return BoltResponse(status=SERVICE_UNAVAILABLE, body="")
    level = logging.INFO if isinstance(error, MembershipError) else logging.ERROR
    log.log(level, "Slack's %s was answered with an error message: %s", what, safe_description(error))
    installation: Installation | None = request.context.get("installation")
    language = _language(context, installation, body)
    text = _error_text(language, error)
    if "command" in body:
        return private_response(text)
    if what == "view_submission":
        fields = body["view"]["state"]["values"]
        if fields:
            return json_response({"response_action": "errors", "errors": {next(iter(fields)): text}})
        return json_response({"response_action": "update", "view": notice_view(text, language)})
    await _notify_person(context, installation, body, text, language)
    return empty_response()


async def _notify_person(
    context: SlackContext, installation: Installation | None, body: Body, text: str, language: str
) -> None:
    """Show a text beside the message that was tapped, in the modal that is open, or in a modal of its own."""
    view = notice_view(text, language)
    message = messages.private_message(text)
    try:
        async with asyncio.timeout(NOTICE_SECONDS):
            if url := body.get("response_url"):
                await context.client.respond(url, {"response_type": "ephemeral", "replace_original": False, **message})
            elif installation is not None and (body.get("view") or {}).get("type") == "modal":
                await context.client.call(installation.bot_token, "views.update", view_id=body["view"]["id"], view=view)
            elif installation is not None:
                await context.client.call(
                    installation.bot_token, "views.open", trigger_id=body.get("trigger_id"), view=view
                )
    except (Undeliverable, RateLimited, Unavailable, TrustRecoverError, RuntimeError, TimeoutError) as error:
        log.error("and the error message could not be sent: %s", safe_description(error))  # noqa: TRY400 - described


def _language(context: SlackContext, installation: Installation | None, body: Body) -> str:
    """The person's language, if it is in memory: the error may be that Slack or the database does not answer."""
    user = body.get("user_id") or (body.get("user") or {}).get("id") or ""
    return context.people.language(installation.workspace, user) if installation is not None else "en"


def _error_text(language: str, error: BaseException) -> str:
    """What the person is told: the texts of all platforms, and those for what only Slack has."""
    match error:
        case SlackRefusal(error=code) if code in EXPIRED_TRIGGER_ERRORS:
            return say(language, "error_expired_trigger")
        case AppNotInstalled():
            return say(language, "not_installed")
        case BoltUnhandledRequestError():
            return say(language, "error_unknown_request")
        case _:
            return error_text(say, language, error)
