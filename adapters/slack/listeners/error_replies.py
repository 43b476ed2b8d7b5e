"""Answers to requests that failed: what happened and what to do. What was typed into a form stays there."""

import asyncio
import logging

from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from sqlalchemy.exc import DBAPIError

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.shared.directory import MembershipError
from adapters.shared.error_messages import error_text
from adapters.shared.safe_logging import safe_description
from adapters.slack.blocks import messages, view_values
from adapters.slack.blocks.modals import notice_view
from adapters.slack.blocks.words import say
from adapters.slack.directory.installations import Installation
from adapters.slack.listeners.context import SlackContext, empty_response, json_response, private_response
from adapters.slack.listeners.payload_types import ReplyTarget
from adapters.slack.listeners.payloads import (
    COMMAND_KIND,
    EVENT_KIND,
    PayloadNotUnderstood,
    event_kind,
    payload_kind,
    reply_target,
)
from adapters.slack.web_api.client import EXPIRED_TRIGGER_ERRORS, SlackRefusal
from flows.errors import TrustRecoverError

log = logging.getLogger(__name__)

SERVICE_UNAVAILABLE = 503
NOTICE_SECONDS = 0.8
"""The rest of Slack's three seconds: a text that cannot be shown in time must not delay the answer."""


class AppNotInstalled(TrustRecoverError):
    """The app is no longer installed there. Install it again."""


class UnknownRequest(TrustRecoverError):
    """The app does not know this command, button or shortcut: it is of another app, or of another release."""


async def error_response(
    context: SlackContext, body: object, installation: Installation | None, error: BaseException
) -> BoltResponse:
    """Answer a request that failed. Slack sends an event again if that can help; a person is told what to do.

    `body`: as it came, of any shape.
    """
    kind, target = payload_kind(body), reply_target(body)
    if kind == EVENT_KIND:
        return _event_response(target, error)
    if isinstance(error, BoltUnhandledRequestError):
        error = UnknownRequest()
    log.log(_log_level(error), "Slack's %s was answered with an error message: %s", kind, safe_description(error))
    if isinstance(error, PayloadNotUnderstood | UnknownRequest):
        installation = await _find_installation(context, target)
    language = _language(context, installation, target)
    text = _error_text(language, error)
    if kind == COMMAND_KIND:
        return private_response(text)
    if kind == "view_submission":
        fields = view_values.state_values(target.view.state, target.view.blocks) if target.view else {}
        if fields:
            return json_response({"response_action": "errors", "errors": {next(iter(fields)): text}})
        return json_response({"response_action": "update", "view": notice_view(text, language)})
    await _notify_person(context, installation, target, text, language)
    return empty_response()


def _log_level(error: BaseException) -> int:
    """What a person did, what came from elsewhere, or an error of ours."""
    if isinstance(error, MembershipError):
        return logging.INFO
    return logging.WARNING if isinstance(error, UnknownRequest | PayloadNotUnderstood) else logging.ERROR


def _event_response(target: ReplyTarget, error: BaseException) -> BoltResponse:
    """An event that failed comes again; one that is not known or not understood would be so again."""
    if isinstance(error, BoltUnhandledRequestError):
        return empty_response()
    log.warning("Slack's event %s was not processed: %s", event_kind(target.event), safe_description(error))
    is_final = isinstance(error, PayloadNotUnderstood)
    return empty_response() if is_final else BoltResponse(status=SERVICE_UNAVAILABLE, body="")


async def _find_installation(context: SlackContext, target: ReplyTarget) -> Installation | None:
    """The installation by which somebody can be answered; None also if that cannot be told now."""
    team = (target.team.id if target.team else target.team_id) or (target.user.team_id if target.user else None)
    enterprise = target.enterprise.id if target.enterprise else target.enterprise_id
    try:
        async with asyncio.timeout(NOTICE_SECONDS):
            return await context.installations.find_for_team(enterprise, team, org=bool(target.is_enterprise_install))
    except (DBAPIError, TrustRecoverError, TimeoutError) as error:
        log.debug("nobody can be told: %s", safe_description(error))
        return None


async def _notify_person(
    context: SlackContext, installation: Installation | None, target: ReplyTarget, text: str, language: str
) -> None:
    """Show a text beside the message that was tapped, in the modal that is open, or in a modal of its own."""
    view = notice_view(text, language)
    message = messages.private_message(text)
    try:
        async with asyncio.timeout(NOTICE_SECONDS):
            if target.response_url:
                answer = {"response_type": "ephemeral", "replace_original": False, **message}
                await context.client.respond(target.response_url, answer)
            elif installation is not None and target.view and target.view.id and target.view.type == "modal":
                await context.client.call(installation.bot_token, "views.update", view_id=target.view.id, view=view)
            elif installation is not None and target.trigger_id:
                await context.client.call(installation.bot_token, "views.open", trigger_id=target.trigger_id, view=view)
    except (Undeliverable, RateLimited, Unavailable, TrustRecoverError, RuntimeError, TimeoutError) as error:
        log.error("and the error message could not be sent: %s", safe_description(error))  # noqa: TRY400 - described


def _language(context: SlackContext, installation: Installation | None, target: ReplyTarget) -> str:
    """The person's language, if it is in memory: the error may be that Slack or the database does not answer."""
    user_id = target.user_id or (target.user.id if target.user else None) or ""
    return context.people.language(installation.workspace, user_id) if installation is not None else "en"


def _error_text(language: str, error: BaseException) -> str:
    """What the person is told: the texts of all platforms, and those for what only Slack has."""
    match error:
        case SlackRefusal(error=code) if code in EXPIRED_TRIGGER_ERRORS:
            return say(language, "error_expired_trigger")
        case AppNotInstalled():
            return say(language, "not_installed")
        case UnknownRequest():
            return say(language, "error_unknown_request")
        case PayloadNotUnderstood():
            return say(language, "error_not_understood")
        case _:
            return error_text(say, language, error)
