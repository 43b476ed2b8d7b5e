"""The addresses of messages in Slack, for buttons that lead there: each person's guide, and the account threads."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from cachetools import TTLCache

from adapters.port import RateLimited, Unavailable, Undeliverable, card_key
from adapters.shared.caching.clocks import SteadyClock
from adapters.shared.caching.table_cache import TableCache
from adapters.shared.safe_logging import safe_description
from adapters.shared.storage import Transactions
from adapters.slack.directory.installations import Installation
from adapters.slack.directory.tables import card_position as table
from adapters.slack.web_api.client import InvalidSlackCall, SlackClient
from flows.screens.elements import Button, ButtonKind, HomeView
from flows.state.identity import Place

log = logging.getLogger(__name__)

CACHE_SECONDS = 3600.0
"""Seconds for which this process keeps the position of a guide, and addresses. Where one is outdated, Slack says so."""
MAX_LINKS = 10_000
LOOKUP_SECONDS = 1.0
"""Seconds for which Slack is asked for an address: a button without one is left out, and nothing waits for it."""


@dataclass(slots=True)
class MessageLinks:
    """Where messages are. `guides`: the position of each guide, by the key of its card."""

    database: Transactions
    client: SlackClient
    clock: Callable[[], float]
    guides: TableCache = field(init=False)
    _links: TTLCache[tuple[str, str, str], str] = field(init=False)

    def __post_init__(self) -> None:
        self.guides = TableCache(self.database, table, self.clock, CACHE_SECONDS)
        self._links = TTLCache(MAX_LINKS, CACHE_SECONDS, SteadyClock(self.clock))

    async def guide_link(self, installation: Installation, key: str) -> str:
        """The address of a guide, by the key of its card; empty if it is not known."""
        position = await self.guides.find(key)
        return await self._link(installation, position["channel"], position["ts"]) if position is not None else ""

    async def thread_link(self, installation: Installation, place: Place) -> str:
        """The address of an account thread; empty if there is none, or if it is not known."""
        return await self._link(installation, place.conversation, place.thread) if place.thread else ""

    async def of_buttons(
        self, installation: Installation, user_id: str, recovery_id: str, buttons: tuple[Button, ...]
    ) -> dict[tuple[str, str], str]:
        """The addresses of the buttons of a message that lead to this person's guide."""
        guide_actions = [button.action for button in buttons if button.kind is ButtonKind.OPENS_GUIDE]
        if not guide_actions:
            return {}
        link = await self.guide_link(installation, card_key(recovery_id, user_id))
        return {(recovery_id, action): link for action in guide_actions}

    async def of_home(self, installation: Installation, user_id: str, home: HomeView) -> dict[tuple[str, str], str]:
        """The addresses of the buttons of a home, asked for at the same time."""
        rows = [(row, button) for group in home.groups for row in group.rows for button in row.buttons]
        lookups = {}
        for row, button in rows:
            if button.kind is ButtonKind.OPENS_GUIDE:
                guide_key = card_key(row.recovery_id, user_id)
                lookups[row.recovery_id, button.action] = self.guide_link(installation, guide_key)
            elif button.kind is ButtonKind.OPENS_THREAD and row.place is not None:
                lookups[row.recovery_id, button.action] = self.thread_link(installation, row.place)
        return dict(zip(lookups, await asyncio.gather(*lookups.values()), strict=True))

    async def _link(self, installation: Installation, channel: str, ts: str) -> str:
        key = (installation.workspace, channel, ts)
        if key not in self._links:
            try:
                async with asyncio.timeout(LOOKUP_SECONDS):
                    reply = await self.client.call(
                        installation.bot_token, "chat.getPermalink", channel=channel, message_ts=ts
                    )
            except (Undeliverable, Unavailable, RateLimited, InvalidSlackCall, TimeoutError) as error:
                log.info("a button without an address was left out: %s", safe_description(error))
                return ""
            self._links[key] = str(reply.get("permalink") or "")
        return self._links.get(key, "")
