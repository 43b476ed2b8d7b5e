"""Our cards and lines, put into Slack: the guide in the app's chat, nudges beside it, posts in threads."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from adapters.faults import described
from adapters.port import CardOut, Outgoing, PostOut, RateLimited, Unavailable, Undeliverable, WhisperOut
from adapters.shelf import Shelf
from adapters.slack import blocks
from adapters.slack.api import GONE, Api, Refused, Reply
from adapters.slack.channels import Channels
from adapters.slack.installations import Installation, InstallationSource
from adapters.slack.people import People
from adapters.slack.tables import guide as table
from adapters.slack.words import say
from adapters.storage import Transactions
from flows.people import Place
from flows.why import Why

log = logging.getLogger(__name__)

REST = 1.0
"""Seconds between two posts in one conversation, as Slack asks for."""

SECONDS_TO_TAKE_BACK = 10.0
"""Less than delivery gives us."""
REMEMBERED = 3600.0
"""Seconds for which this process remembers where a guide stands. If it does not any more, Slack says so."""
_QUIET = {"unfurl_links": False, "unfurl_media": False}


@dataclass(slots=True)
class Slack:
    """Slack as a platform (`adapters.port.Platform`). Only a crash between a post and its note can show it twice."""

    database: Transactions
    api: Api
    installations: InstallationSource
    people: People
    channels: Channels
    clock: Callable[[], float]
    _guides: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self._guides = Shelf(self.database, table, self.clock, REMEMBERED)

    async def deliver(self, outgoing: Outgoing) -> float:
        """Show a card in place, whisper beside it, or post in a thread."""
        workspace = outgoing.place.workspace if isinstance(outgoing, PostOut) else outgoing.to.workspace
        at = await self.installations.find(workspace)
        if at is None:
            raise Undeliverable(Why.SIGNED_OUT, f"the app is not installed in {workspace}")
        match outgoing:
            case CardOut():
                return await self._show(at, outgoing)
            case WhisperOut():
                return await self._whisper(at, outgoing)
            case PostOut():
                return await self._post(at, outgoing)

    async def _show(self, at: Installation, out: CardOut) -> float:
        shown = {"text": blocks.card_text(out.card), "blocks": blocks.card_blocks(out.card, out.language, out.place)}
        if await self._updated(at, out.key, shown):
            return 0.0
        try:
            channel = await self.people.chat(at, out.to.user)
            reply = await self.api.call(at.bot_token, "chat.postMessage", channel=channel, **shown, **_QUIET)
        except Refused as refused:
            await self._say_closed(at, out, refused)
            raise
        stands = {"channel": str(reply["channel"]), "ts": str(reply["ts"])}
        await self._guides.keep(out.key, workspace=at.workspace, **stands)
        return 0.0

    async def _say_closed(self, at: Installation, out: CardOut, refused: Refused) -> None:
        """Tell whose chat with the app is closed where the account team talks, for their eyes only."""
        if refused.why is not Why.CLOSED or not out.place.conversation:
            return
        shown = blocks.whisper(say(out.language, "chat_closed"))
        with suppress(Undeliverable, RateLimited, Unavailable):  # then there is no place left
            await self.api.call(
                at.bot_token, "chat.postEphemeral", channel=out.place.conversation, user=out.to.user, **shown
            )

    async def _updated(self, at: Installation, key: str, shown: Reply) -> bool:
        """Change the guide where it stands; another process may have put it elsewhere since."""
        tried = None
        while (stands := await self._guides.find(key)) is not None and stands != tried:
            try:
                await self.api.call(at.bot_token, "chat.update", channel=stands["channel"], ts=stands["ts"], **shown)
            except Refused as refused:
                if refused.error not in GONE:
                    raise
                self._guides.forget(key)
                tried = stands
            else:
                return True
        return False

    async def _whisper(self, at: Installation, out: WhisperOut) -> float:
        """A nudge is a message in the guide's thread that names the person; an answer is there for their eyes, now."""
        shown = blocks.whisper(out.text, out.to.user if out.nudge else None)
        guide = await self._guides.find(out.card)
        channel = guide["channel"] if guide else await self.people.chat(at, out.to.user)
        thread = guide["ts"] if guide else None
        if out.nudge:
            await self.api.call(at.bot_token, "chat.postMessage", channel=channel, thread_ts=thread, **shown, **_QUIET)
            return REST
        await self.api.call(at.bot_token, "chat.postEphemeral", channel=channel, user=out.to.user, **shown)
        return 0.0

    async def _post(self, at: Installation, out: PostOut) -> float:
        place = out.place
        if not place.conversation:
            raise Undeliverable(Why.NO_THREAD, "the talk has no account thread")
        if out.inside and await self.channels.found(at, place.conversation):
            raise Undeliverable(Why.OUTSIDERS)
        for message in blocks.post_blocks(out.text):
            shown = {"text": blocks.post_text(out.text), "blocks": message}
            reply = await self.api.call(
                at.bot_token,
                "chat.postMessage",
                channel=place.conversation,
                thread_ts=place.thread or None,
                **shown,
                **_QUIET,
            )
            await self._see_thread(at, place, reply)
        return REST

    async def _see_thread(self, at: Installation, place: Place, reply: Reply) -> None:
        """Slack posts the answer to a deleted message into the channel, for all to see: take it back."""
        if place.thread and (reply.get("message") or {}).get("thread_ts") != place.thread:
            await self._take_back(at, reply)
            raise Undeliverable(Why.NO_THREAD, "chat.postMessage: posted outside of the thread, and taken back")

    async def _take_back(self, at: Installation, reply: Reply) -> None:
        """Tried here for a while, and never again: if the whole post were, each attempt would leave one more there."""
        try:
            async with asyncio.timeout(SECONDS_TO_TAKE_BACK):
                while not await self._deleted(at, reply):  # noqa: ASYNC110 - Slack tells nobody when it is back
                    await asyncio.sleep(REST)
        except (TimeoutError, Undeliverable) as error:
            log.error("a post outside of its thread could not be taken back: %s", described(error))  # noqa: TRY400 - described

    async def _deleted(self, at: Installation, reply: Reply) -> bool:
        try:
            await self.api.call(at.bot_token, "chat.delete", channel=reply["channel"], ts=reply["ts"])
        except Refused as refused:
            if refused.error not in GONE:
                raise
        except (RateLimited, Unavailable):
            return False
        return True
