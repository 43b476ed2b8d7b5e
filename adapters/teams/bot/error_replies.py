"""What a person is told when their request failed: what happened and what to do. What they typed is not lost."""

import logging

from sqlalchemy.exc import DataError, DBAPIError

from adapters.port import Undeliverable
from adapters.shared.directory import MembershipError, NotAColleague, NotAMember
from adapters.shared.error_messages import FINAL_KEYS, error_key, error_text
from adapters.shared.safe_logging import safe_description
from adapters.teams.activity import INSTALLATION, INVOKE, MESSAGE, TeamsActivity
from adapters.teams.bot.context import TeamsContext
from adapters.teams.bot.invoke_responses import (
    BAD_REQUEST,
    MESSAGE_TYPE,
    OK,
    SERVICE_UNAVAILABLE,
    InvokeResponse,
    error_response,
    open_dialog,
)
from adapters.teams.bot.messages import is_for_app
from adapters.teams.cards.dialogs import notice_card, retry_card
from adapters.teams.cards.elements import UnknownCard, is_form_data
from adapters.teams.cards.markup import Json
from adapters.teams.cards.message import text_message
from adapters.teams.cards.words import say
from adapters.teams.directory.user import TeamsUser
from adapters.teams.request import TeamsRequest
from flows.errors import TrustRecoverError, UnknownAction, UnknownForm

log = logging.getLogger(__name__)

CARD_ACTION = "adaptiveCard/action"
_FINAL_ERRORS = (NotAMember, NotAColleague, Undeliverable, UnknownAction, UnknownForm, DataError)
"""Errors with which the same request would end again."""


async def error_reply(context: TeamsContext, request: TeamsRequest, error: BaseException) -> InvokeResponse:
    """Answer a request that failed: a person is told what to do.

    Teams is asked to send it again (503) only where nobody could be told and where that can help.
    """
    activity = request.activity
    what = activity.name or activity.type
    level = logging.INFO if isinstance(error, MembershipError) else logging.ERROR
    log.log(level, "Teams' %s was answered with an error message: %s", what, safe_description(error))
    user = await _user(context, request)
    text = error_text(say, user.language, error)
    if activity.type == INVOKE:
        return _invoke_error(activity, user, text, again=error_key(error) not in FINAL_KEYS)
    is_refused_install = isinstance(error, MembershipError) and activity.type == INSTALLATION
    if not is_refused_install and not (activity.type == MESSAGE and is_for_app(request)):
        # Nobody waits for an answer: a client wrote in a thread, or members came or went.
        return _untold(error)
    try:
        await context.direct_messages.reply_privately(request, user, text_message(text))
    except (TrustRecoverError, DBAPIError, TimeoutError) as second:
        log.error("and the error message could not be sent: %s", safe_description(second))  # noqa: TRY400 - described
        return _untold(error, second)
    return InvokeResponse()


def _untold(*errors: BaseException) -> InvokeResponse:
    """The answer to a request of whose failure nobody was told: Teams may send it again, unless that cannot help."""
    is_final = all(isinstance(error, _FINAL_ERRORS) for error in errors)
    return InvokeResponse(OK if is_final else SERVICE_UNAVAILABLE)


def _invoke_error(activity: TeamsActivity, user: TeamsUser, text: str, *, again: bool) -> InvokeResponse:
    """The answer to an invoke that failed. A card stays as it is, with what was typed on it.

    `again`: the dialog shows what was typed, with a button that sends it again.
    """
    if activity.name == CARD_ACTION:
        return InvokeResponse(OK, {"statusCode": OK, "type": MESSAGE_TYPE, "value": text})
    if activity.name.startswith(("task/", "composeExtension/")):
        data = activity.value.get("data") if again else None
        return open_dialog(say(user.language, "app_title"), _dialog(text, data, user.language))
    return error_response(BAD_REQUEST, "BadRequest", text)


def _dialog(text: str, data: object, language: str) -> Json:
    """The card of a dialog after an error."""
    try:
        if isinstance(data, dict) and is_form_data(data):
            return retry_card(text, data, language)
    except UnknownCard:
        log.info("a form was sent that this app did not make")
    return notice_card(text, language)


async def _user(context: TeamsContext, request: TeamsRequest) -> TeamsUser:
    """The person, as far as they are known without asking Teams: the error may be that nobody answers."""
    activity = request.activity
    try:
        user = await context.directory.stored_user(request.tenant, activity.user_id)
    except DBAPIError:
        user = None
    return user or TeamsUser(activity.user_id, activity.user_name, language=activity.language or "en")
