"""Bringing a message to one person: to their chat with the app, or, if they have none, a word on how to add it."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from cachetools import TTLCache

from adapters.faults import described
from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.teams.activity import Activity, Scope, threaded
from adapters.teams.api import Api
from adapters.teams.dialogs import notice_card
from adapters.teams.guides import Guides
from adapters.teams.message import card_message
from adapters.teams.people import People, User
from adapters.teams.tenants import Tenant, Tenants
from adapters.teams.text import Json, thread_link
from adapters.teams.words import say
from flows.people import Place

log = logging.getLogger(__name__)

WORD_AND_ANSWER = 2
"""Messages that a question in the chat comes to."""
MOST_INVITED, SECONDS_BETWEEN = 10_000, 60.0
"""The same word to the same person is said once in so many seconds, though several messages could not be brought."""


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses within Teams. `base`: of the cloud that this is."""

    base: str
    app_id: str

    def guide(self, workspace: str) -> str:
        """Of a person's chat with the app."""
        return f"{self.base}/l/entity/{self.app_id}/conversations?{urlencode({'tenantId': workspace})}"

    def install(self, workspace: str) -> str:
        """Where people add the app for themselves."""
        return f"{self.base}/l/app/{self.app_id}?{urlencode({'tenantId': workspace})}"

    def thread(self, place: Place, group: str) -> str:
        """Of a thread or a chat; empty if the place is none."""
        if not place.conversation:
            return ""
        return thread_link(place.conversation, place.thread, place.workspace, group, self.base)


@dataclass(slots=True)
class Courier:
    """Knows the ways to one person."""

    api: Api
    tenants: Tenants
    people: People
    guides: Guides
    links: Links
    clock: Callable[[], float]
    _invited: TTLCache[tuple[str, str, str], bool] = field(init=False)

    def __post_init__(self) -> None:
        self._invited = TTLCache(MOST_INVITED, SECONDS_BETWEEN, self.clock)

    async def tell(self, at: Tenant, user: User, activity: Activity, message: Json) -> None:
        """Tell somebody something for their eyes alone: where they asked, if that is possible, or in their chat.

        Raises:
            Refused, RateLimited, Unavailable: neither of them is.

        """
        if activity.scope is Scope.PERSONAL:
            await self.api.send(activity.service_url, activity.conversation, message, at_once=True)
            await self.guides.pushed_up(at.workspace, activity.conversation, WORD_AND_ANSWER)
            return
        with suppress(RateLimited, Unavailable):  # then their chat will do
            if activity.targeted and await self._whispered(activity.service_url, activity.place, user.id, message):
                return
        try:
            chat, _ = await self.bring(at, user.id, message, at_once=True)
            await self.guides.pushed_up(at.workspace, chat)
        except Undeliverable:
            await self.invite(at, user, activity.conversation, activity.thread)

    async def bring(self, at: Tenant, user_id: str, message: Json, *, at_once: bool = False) -> tuple[str, str]:
        """Send something to a person's chat with the app: the chat's id, and the message's. `at_once`: as for a call.

        Raises:
            Refused, RateLimited, Unavailable: it cannot be opened or written to.

        """
        chat, address = await self.people.chat(at, user_id)
        try:
            return chat, await self.api.send(address, chat, message, at_once=at_once)
        except Undeliverable:
            await self.people.chat_lost(at, user_id)  # perhaps they have removed the app, and a new one can be opened
            raise

    async def invite(self, at: Tenant, user: User, conversation: str, thread: str) -> None:
        """Tell somebody who cannot be reached how to add the app. Whoever else reads it learns nothing of a talk."""
        asked = (at.workspace, conversation, user.id)
        if not conversation or asked in self._invited:
            return
        self._invited[asked] = True
        text = say(user.language, "add_app", name=user.name)
        link = (say(user.language, "add"), self.links.install(at.workspace))
        message = card_message(notice_card(text, user.language, link), text)
        address, place = await self.tenants.address(at, conversation), threaded(conversation, thread)
        try:
            if not await self._whispered(address, place, user.id, message):
                await self.api.send(address, place, message, at_once=True)
        except (Undeliverable, RateLimited, Unavailable) as error:  # then there is no place left, or none for now
            self._invited.pop(asked, None)
            log.warning("somebody could not be told how to add the app: %s", described(error))

    async def thread(self, at: Tenant, place: Place) -> str:
        """A link to an account thread; empty if there is none."""
        room = await self.tenants.room(at.workspace, place.conversation) if place.conversation else None
        return self.links.thread(place, room.group if room else "")

    async def _whispered(self, address: str, place: str, user_id: str, message: Json) -> bool:
        """Show it to one person in a shared place. False: Teams cannot do that; what may work later, raises.

        Raises:
            RateLimited, Unavailable: it may say something else later.

        """
        try:
            await self.api.send(address, place, message, only_to=user_id, at_once=True)
        except Undeliverable as error:
            log.info("Teams did not show a message to one person alone: %s", described(error))
            return False
        return True
