"""What Teams sends, brought to whoever knows what to do with it; answered in time, whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from adapters.teams.activity import TeamsActivity
from adapters.teams.bot.card_actions import CardActionHandler
from adapters.teams.bot.context import FormOfOtherPerson, TeamsContext
from adapters.teams.bot.dialogs import DialogHandler
from adapters.teams.bot.error_replies import CARD_ACTION, error_reply
from adapters.teams.bot.events import TeamsEventHandler
from adapters.teams.bot.invoke_responses import SERVICE_UNAVAILABLE, InvokeResponse, refusal_response
from adapters.teams.bot.messages import MessageHandler
from adapters.teams.bot.submissions import SubmissionHandler
from adapters.teams.directory.tenants import Tenant

log = logging.getLogger(__name__)

ANSWER_SECONDS, NOTICE_SECONDS = 7.0, 2.5
"""For what is asked, and for a word where that failed: Teams says that the app cannot be reached after some ten."""

Handler = Callable[[Tenant, TeamsActivity], Awaitable[InvokeResponse | None]]


class TeamsApp:
    """Our app, as Teams sees it."""

    def __init__(self, desk: TeamsContext) -> None:
        submissions, messages = SubmissionHandler(desk), MessageHandler(desk)
        taps, tasks, events = (
            CardActionHandler(desk, submissions),
            DialogHandler(desk, submissions),
            TeamsEventHandler(desk, messages),
        )
        self._context = desk
        self._kinds: dict[str, Handler] = {
            "message": messages.message,
            "installationUpdate": events.installation,
            "conversationUpdate": events.conversation,
        }
        self._invokes: dict[str, Handler] = {
            CARD_ACTION: taps.execute,
            "task/fetch": tasks.fetch,
            "task/submit": tasks.submit,
            "composeExtension/fetchTask": tasks.message_action,
            "composeExtension/submitAction": tasks.submit,
        }

    async def dispatch(self, activity: TeamsActivity) -> InvokeResponse:
        """The answer to an activity, in time."""
        handlers, key = (self._invokes, activity.name) if activity.type == "invoke" else (self._kinds, activity.type)
        handler = handlers.get(key)
        if handler is None:
            log.debug("Teams sent %s, which means nothing to us", key)
            return InvokeResponse(501 if activity.type == "invoke" else 200)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                tenant = await self._context.tenants.register(activity)
                return await handler(tenant, activity) or InvokeResponse()
        except FormOfOtherPerson as error:
            log.warning("somebody sent a form of another person's")
            return refusal_response(str(error))
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            return await self._error_reply(activity, error)

    async def _error_reply(self, activity: TeamsActivity, error: Exception) -> InvokeResponse:
        try:
            async with asyncio.timeout(NOTICE_SECONDS):
                return await error_reply(self._context, activity, error)
        except TimeoutError:
            log.error("and the person could not be told in time")  # noqa: TRY400 - the first error is logged
            return InvokeResponse(SERVICE_UNAVAILABLE)
