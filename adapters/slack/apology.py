"""What somebody is told when something went wrong: never Slack's own “operation_timeout”, and nothing typed is lost."""

import asyncio
import logging
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy.exc import DBAPIError

from adapters.faults import described
from adapters.keys import Forged
from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.slack import blocks
from adapters.slack.api import LATE, Refused
from adapters.slack.desk import Desk, nothing, told, whispered
from adapters.slack.installations import Installation
from adapters.slack.kit import UnreadableButton
from adapters.slack.modals import notice_view
from adapters.slack.words import say
from flows.errors import TrustRecoverError, UnknownForm

log = logging.getLogger(__name__)

Body = dict[str, Any]
ASK_AGAIN = 503
SECONDS_TO_TELL = 0.8
"""What is left of Slack's three: a word that cannot be brought in time must not hold up the answer."""


class NotInstalled(TrustRecoverError):
    """The app is not installed there any more. Install it again."""


async def apologise(desk: Desk, request: AsyncBoltRequest, error: BaseException) -> BoltResponse:
    """Answer a request that could not be done. Events are asked for again; people are told what to do."""
    body: Body = request.body
    what = str(body.get("type") or body.get("command") or "request")
    if "event" in body and isinstance(error, BoltUnhandledRequestError):
        return nothing()  # asked for again, it would be as unknown
    if "event" in body:
        log.warning("Slack's event %s was not taken: %s", body["event"].get("type"), described(error))
        return BoltResponse(status=ASK_AGAIN, body="")
    log.error("Slack's %s was not answered as it should be: %s", what, described(error))
    at: Installation | None = request.context.get("at")
    language = _language(desk, at, body)
    text = say(language, _key(error))
    if "command" in body:
        return whispered(text)
    if what == "view_submission":
        fields = body["view"]["state"]["values"]
        if fields:
            return told({"response_action": "errors", "errors": {next(iter(fields)): text}})
        return told({"response_action": "update", "view": notice_view(text, language)})
    await _tell(desk, at, body, text, language)
    return nothing()


async def _tell(desk: Desk, at: Installation | None, body: Body, text: str, language: str) -> None:
    """Beside the message that was tapped, in the modal that is open, or in one of its own."""
    view = notice_view(text, language)
    shown = blocks.whisper(text)
    try:
        async with asyncio.timeout(SECONDS_TO_TELL):
            if url := body.get("response_url"):
                await desk.api.respond(url, {"response_type": "ephemeral", "replace_original": False, **shown})
            elif at is not None and (body.get("view") or {}).get("type") == "modal":
                await desk.api.call(at.bot_token, "views.update", view_id=body["view"]["id"], view=view)
            elif at is not None:
                await desk.api.call(at.bot_token, "views.open", trigger_id=body.get("trigger_id"), view=view)
    except (Undeliverable, RateLimited, Unavailable, TrustRecoverError, RuntimeError, TimeoutError) as error:
        log.error("and the person could not be told: %s", described(error))  # noqa: TRY400 - described


def _language(desk: Desk, at: Installation | None, body: Body) -> str:
    """The person's, if we know it without asking anybody: the fault may be that nobody answers."""
    user = body.get("user_id") or (body.get("user") or {}).get("id") or ""
    return desk.people.language(at.workspace, user) if at is not None else "en"


def _key(error: BaseException) -> str:
    """The key of the words that say what to do."""
    match error:
        case Refused(error=word) if word in LATE:
            return "sorry_late"
        case Undeliverable():
            return "sorry_refused"
        case RateLimited() | Unavailable():
            return "sorry_slack"
        case Forged() | UnreadableButton() | UnknownForm():
            return "sorry_forged"
        case DBAPIError():
            return "sorry_database"
        case NotInstalled():
            return "not_installed"
        case BoltUnhandledRequestError():
            return "sorry_unknown"
        case TimeoutError():
            return "sorry_slow"
        case _:
            return "sorry"
