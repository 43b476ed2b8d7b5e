"""Shows that the app is typing, while somebody waits long for the answer to what they wrote."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.shared.safe_logging import safe_description
from adapters.teams.activity import Scope
from adapters.teams.bot.messages import is_for_app
from adapters.teams.direct_messages import DirectMessages
from adapters.teams.request import TeamsRequest

log = logging.getLogger(__name__)

DELAY_SECONDS = 2.0
"""Seconds without an answer after which it is shown."""
REPEAT_SECONDS = 3.0
"""Seconds for which Teams shows it. The activity schema forbids to send it more often."""


@dataclass(frozen=True, slots=True)
class TypingIndicator:
    """Is shown where the answer will be: in the person's chat with the app, so that no client sees it in a channel."""

    direct_messages: DirectMessages

    @asynccontextmanager
    async def while_answering(self, request: TeamsRequest) -> AsyncIterator[None]:
        """Show it from the third second on until the block ends. Whatever goes wrong with it, the block goes on."""
        if not _is_shown_for(request):
            yield
            return
        task = asyncio.create_task(self._show(request))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _show(self, request: TeamsRequest) -> None:
        await asyncio.sleep(DELAY_SECONDS)
        try:
            while True:
                await self.direct_messages.show_typing(request.tenant, request.activity)
                await asyncio.sleep(REPEAT_SECONDS)
        except Exception as error:  # noqa: BLE001 - nobody misses it, and the answer comes all the same
            log.info("it was not shown that the app is typing: %s", safe_description(error))


def _is_shown_for(request: TeamsRequest) -> bool:
    """Whether somebody waits, and not where Teams can show it to everybody alone: after a slash command."""
    activity = request.activity
    return (
        bool(activity.user_id)
        and is_for_app(request)
        and (activity.scope is Scope.PERSONAL or not activity.is_targeted)
    )
