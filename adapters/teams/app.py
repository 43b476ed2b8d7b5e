"""What Teams sends, brought to whoever knows what to do with it; answered in time, whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from adapters.teams.activity import Activity
from adapters.teams.apology import CARD_ACTION, apologise
from adapters.teams.desk import Desk, NotTheirs
from adapters.teams.events import Events
from adapters.teams.messages import Messages
from adapters.teams.replies import LATER, Reply, refusal
from adapters.teams.submissions import Submissions
from adapters.teams.taps import Taps
from adapters.teams.tasks import Tasks
from adapters.teams.tenants import Tenant

log = logging.getLogger(__name__)

SECONDS_TO_ANSWER, SECONDS_TO_TELL = 7.0, 2.5
"""For what is asked, and for a word where that failed: Teams says that the app cannot be reached after some ten."""

Handler = Callable[[Tenant, Activity], Awaitable[Reply | None]]


class TeamsApp:
    """Our app, as Teams sees it."""

    def __init__(self, desk: Desk) -> None:
        submissions, messages = Submissions(desk), Messages(desk)
        taps, tasks, events = Taps(desk, submissions), Tasks(desk, submissions), Events(desk, messages)
        self._desk = desk
        self._kinds: dict[str, Handler] = {
            "message": messages.message,
            "installationUpdate": events.installation,
            "conversationUpdate": events.conversation,
        }
        self._invokes: dict[str, Handler] = {
            CARD_ACTION: taps.executed,
            "task/fetch": tasks.fetched,
            "task/submit": tasks.submitted,
            "composeExtension/fetchTask": tasks.pointed,
            "composeExtension/submitAction": tasks.submitted,
        }

    async def dispatch(self, activity: Activity) -> Reply:
        """The answer to an activity, in time."""
        handlers, key = (self._invokes, activity.name) if activity.kind == "invoke" else (self._kinds, activity.kind)
        handler = handlers.get(key)
        if handler is None:
            log.debug("Teams sent %s, which means nothing to us", key)
            return Reply(501 if activity.kind == "invoke" else 200)
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                at = await self._desk.tenants.met(activity)
                return await handler(at, activity) or Reply()
        except NotTheirs as error:
            log.warning("somebody sent a form of another person's")
            return refusal(str(error))
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            return await self._apology(activity, error)

    async def _apology(self, activity: Activity, error: Exception) -> Reply:
        try:
            async with asyncio.timeout(SECONDS_TO_TELL):
                return await apologise(self._desk, activity, error)
        except TimeoutError:
            log.error("and the person could not be told in time")  # noqa: TRY400 - the first error is logged
            return Reply(LATER)
