"""Our cards and lines, put into Teams: the guide and nudges in the app's chat, posts in threads."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from cachetools import TTLCache

from adapters.port import CardOut, Outgoing, PostOut, RateLimited, Unavailable, Undeliverable, WhisperOut
from adapters.shelf import Row
from adapters.teams.activity import threaded
from adapters.teams.api import Api, Refused
from adapters.teams.cards import card_summary, guide_card
from adapters.teams.conversations import Conversations
from adapters.teams.courier import Courier
from adapters.teams.dialogs import notice_card
from adapters.teams.guides import MOST_BELOW, Guides
from adapters.teams.message import card_message, html_message, text_message
from adapters.teams.people import People, User
from adapters.teams.tenants import Tenant, Tenants
from adapters.teams.text import Json, post_messages
from adapters.teams.words import say
from flows.why import Why

log = logging.getLogger(__name__)

REST = 0.6
"""Seconds after a nudge or an answer in a chat: what Teams takes at the most is in `adapters.teams.pace`."""
REST_OF_POSTS = 1.0
MOST_SENT, SECONDS_KNOWN = 10_000, 86_400.0
"""Messages of which this process knows, for as long as they are tried, how much of them Teams has taken."""


@dataclass(slots=True)
class Teams:
    """Teams as a platform (`adapters.port.Platform`).

    A message whose answer was lost is sent again, and can then be seen twice: Teams knows no key to prevent that. What
    this process knows to be there is not sent again, whatever went wrong after it.
    """

    api: Api
    tenants: Tenants
    people: People
    conversations: Conversations
    courier: Courier
    guides: Guides
    clock: Callable[[], float]
    _sent: TTLCache[str, int] = field(init=False)
    _brought: TTLCache[str, tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self._sent = TTLCache(MOST_SENT, SECONDS_KNOWN, self.clock)
        self._brought = TTLCache(MOST_SENT, SECONDS_KNOWN, self.clock)

    async def deliver(self, outgoing: Outgoing) -> float:
        """Show a card in place, whisper below it, or post in a thread."""
        workspace = outgoing.place.workspace if isinstance(outgoing, PostOut) else outgoing.to.workspace
        at = await self.tenants.find(workspace)
        if at is None:
            raise Undeliverable(Why.SIGNED_OUT, f"the app has heard nothing from tenant {workspace}")
        match outgoing:
            case CardOut():
                await self._show(at, outgoing)
                return 0.0  # at once: a card that changes while somebody types on it can empty what they typed
            case WhisperOut():
                await self._whisper(at, outgoing)
                return REST
            case PostOut():
                await self._post(at, outgoing)
                return REST_OF_POSTS

    async def _show(self, at: Tenant, out: CardOut) -> None:
        link = await self.courier.thread(at, out.place)
        shown = card_message(guide_card(out.card, out.language, out.place, link), card_summary(out.card))
        await self._write_down(at, out.key)
        stands = await self.guides.find(out.key)
        try:
            if stands is not None and stands["below"] <= MOST_BELOW:
                if await self._updated(at, out, stands, shown):
                    return
                stands = None
            chat, activity = await self.courier.bring(at, out.to.user, shown)
        except Undeliverable as refused:
            await self._say_closed(at, out, refused)
            raise
        if not activity:  # the next card is sent anew
            log.warning("Teams took a guide and did not say where it stands")
            return
        self._brought[out.key] = (chat, activity)
        await self.guides.pushed_up(at.workspace, chat)
        await self._write_down(at, out.key)
        if stands is not None:
            await self._take_away(at, out, stands)

    async def _write_down(self, at: Tenant, key: str) -> None:
        """Keep where a guide was brought; if that fails, it is kept before anything else is done with the guide."""
        if (brought := self._brought.get(key)) is not None:
            await self.guides.stands(key, at.workspace, *brought)
            del self._brought[key]

    async def _updated(self, at: Tenant, out: CardOut, stands: Row, shown: Json) -> bool:
        """Change the guide where it stands."""
        _, address = await self.people.chat(at, out.to.user)
        try:
            await self.api.update(address, stands["chat"], stands["activity"], shown)
        except Refused as refused:
            if not refused.gone:
                raise
            return False
        return True

    async def _take_away(self, at: Tenant, out: CardOut, stood: Row) -> None:
        """Leave a word where the guide stood: it has moved down, and two of them would be one too many."""
        word = say(out.language, "moved_down")
        message = card_message(notice_card(word, out.language), word)
        try:
            _, address = await self.people.chat(at, out.to.user)
            await self.api.update(address, stood["chat"], stood["activity"], message, at_once=True)
        except (Undeliverable, RateLimited, Unavailable) as error:  # a tap on it is as good as one on the new
            log.info("a guide that has moved is still to be seen where it was: %s", error)

    async def _say_closed(self, at: Tenant, out: CardOut, refused: Undeliverable) -> None:
        """Tell who has no chat with the app where the account team talks, for their eyes only if that is possible."""
        if refused.why in {Why.CLOSED, Why.NOT_ALLOWED, Why.NOT_INVITED, Why.NO_THREAD}:
            user = await self.people.known(at, out.to.user) or User(out.to.user, out.to.name, language=out.language)
            await self.courier.invite(at, user, out.place.conversation, out.place.thread)

    async def _whisper(self, at: Tenant, out: WhisperOut) -> None:
        """A nudge is a message that Teams announces; an answer is one that waits to be read."""
        if out.key not in self._sent:
            chat, _ = await self.courier.bring(at, out.to.user, text_message(out.text, alert=out.nudge))
            self._sent[out.key] = 1
            await self.guides.pushed_up(at.workspace, chat)

    async def _post(self, at: Tenant, out: PostOut) -> None:
        place = out.place
        if not place.conversation:
            raise Undeliverable(Why.NO_THREAD, "the talk has no account thread")
        if out.inside and await self.conversations.found(at, place.conversation):
            raise Undeliverable(Why.OUTSIDERS)
        address = await self.tenants.address(at, place.conversation)
        for nth, markup in enumerate(post_messages(out.text), 1):
            if nth > self._sent.get(out.key, 0):
                await self.api.send(address, threaded(place.conversation, place.thread), html_message(markup))
                self._sent[out.key] = nth
