"""What somebody is told when something went wrong: what happened, and what to do; nothing typed is lost."""

import logging

from sqlalchemy.exc import DBAPIError

from adapters.faults import described
from adapters.keys import Forged
from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.teams.activity import Activity
from adapters.teams.desk import Desk
from adapters.teams.dialogs import again_card, notice_card
from adapters.teams.kit import UnreadableCard, is_fill
from adapters.teams.message import text_message
from adapters.teams.messages import addressed
from adapters.teams.people import User
from adapters.teams.replies import MESSAGE, OK, UNREADABLE, Reply, failure, opened
from adapters.teams.tenants import Tenant
from adapters.teams.text import Json
from adapters.teams.words import say
from flows.errors import TrustRecoverError, UnknownForm

log = logging.getLogger(__name__)

CARD_ACTION = "adaptiveCard/action"
FORGED = "sorry_forged"
INVOKE, MESSAGE_KIND = "invoke", "message"
"""Kinds of activities for which somebody waits."""


async def apologise(desk: Desk, activity: Activity, error: BaseException) -> Reply:
    """Answer a request that could not be done. Events are asked for again; people are told what to do."""
    what = activity.name or activity.kind
    log.error("Teams' %s was not answered as it should be: %s", what, described(error))
    at = Tenant(activity.tenant, activity.bot, activity.service_url)
    user = await _user(desk, at, activity)
    text = say(user.language, _key(error))
    if activity.kind == INVOKE:
        return _answered(activity, user, text, again=_key(error) != FORGED)
    if activity.kind != MESSAGE_KIND or not addressed(at, activity):  # a client who wrote in a thread waits for nothing
        return Reply(503)
    try:
        await desk.courier.tell(at, user, activity, text_message(text))
    except (TrustRecoverError, DBAPIError, TimeoutError) as second:
        log.error("and the person could not be told: %s", described(second))  # noqa: TRY400 - described
        return Reply(503)
    return Reply()


def _answered(activity: Activity, user: User, text: str, *, again: bool) -> Reply:
    """In the dialog, or beside the card, which stays as it is: what was typed is still in it.

    A dialog shows what was typed, and sends it `again` with one tap.
    """
    if activity.name == CARD_ACTION:
        return Reply(OK, {"statusCode": OK, "type": MESSAGE, "value": text})
    if activity.name.startswith(("task/", "composeExtension/")):
        data = activity.value.get("data") if again else None
        return opened(say(user.language, "note_title"), _dialog(text, data, user.language))
    return failure(UNREADABLE, "BadRequest", text)


def _dialog(text: str, data: object, language: str) -> Json:
    """What a dialog shows then."""
    try:
        if isinstance(data, dict) and is_fill(data):
            return again_card(text, data, language)
    except UnreadableCard:
        log.info("what was sent is no form of ours")
    return notice_card(text, language)


async def _user(desk: Desk, at: Tenant, activity: Activity) -> User:
    """The person, as far as we know them without asking Teams: the fault may be that nobody answers."""
    try:
        known = await desk.people.known(at, activity.user)
    except DBAPIError:
        known = None
    return known or User(activity.user, activity.user_name, language=activity.language or "en")


def _key(error: BaseException) -> str:
    """The key of the words that say what to do."""
    match error:
        case Forged() | UnreadableCard() | UnknownForm():
            return FORGED
        case Undeliverable():
            return "sorry_refused"
        case RateLimited() | Unavailable():
            return "sorry_teams"
        case DBAPIError():
            return "sorry_database"
        case TimeoutError():
            return "sorry_slow"
        case _:
            return "sorry"
