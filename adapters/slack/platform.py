"""Our cards and lines, put into Slack: the guide in the app's chat, nudges beside it, posts in threads."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from adapters.port import CardOut, Outgoing, PostOut, Undeliverable, WhisperOut
from adapters.slack import blocks
from adapters.slack.api import GONE, Api, Refused, Reply
from adapters.slack.channels import Channels
from adapters.slack.installations import Installation, InstallationSource
from adapters.slack.people import People
from adapters.slack.tables import guide as table
from adapters.storage import Transactions, upsert
from flows.people import Place
from flows.why import Why

REST = 1.0
"""Seconds between two posts in one conversation, as Slack asks for."""

_FIND = select(table.c.channel, table.c.ts).where(table.c.key == bindparam("of_key"))
_KEEP = upsert(table, ("key",), "workspace", "channel", "ts")
_QUIET = {"unfurl_links": False, "unfurl_media": False}


@dataclass(frozen=True, slots=True)
class Slack:
    """Slack as a platform (`adapters.port.Platform`). Only a crash between a post and its note can show it twice."""

    database: Transactions
    api: Api
    installations: InstallationSource
    people: People
    channels: Channels

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
        before = await self._guide(out.key)
        if before is not None:
            channel, ts = before
            try:
                await self.api.call(at.bot_token, "chat.update", channel=channel, ts=ts, **shown)
            except Refused as refused:
                if refused.error not in GONE:
                    raise
            else:
                return 0.0
        channel = await self.people.chat(at, out.to.user)
        reply = await self.api.call(at.bot_token, "chat.postMessage", channel=channel, **shown, **_QUIET)
        row = {"key": out.key, "workspace": at.workspace, "channel": str(reply["channel"]), "ts": str(reply["ts"])}
        await self.database.run(lambda tx: tx.execute(_KEEP[tx.dialect.name], row) and None)
        return 0.0

    async def _whisper(self, at: Installation, out: WhisperOut) -> float:
        """A nudge is a message in the guide's thread that names the person; an answer is there for their eyes, now."""
        mention = out.to.user if out.nudge else None
        shown = {"text": blocks.whisper_text(out.text, mention), "blocks": blocks.whisper_blocks(out.text, mention)}
        guide = await self._guide(out.card)
        channel, thread = guide or (await self.people.chat(at, out.to.user), None)
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
            await self.api.call(at.bot_token, "chat.delete", channel=reply["channel"], ts=reply["ts"])
            raise Undeliverable(Why.NO_THREAD, "chat.postMessage: posted outside of the thread, and taken back")

    async def _guide(self, key: str) -> tuple[str, str] | None:
        row = await self.database.run(lambda tx: tx.execute(_FIND, {"of_key": key}).first())
        return (row.channel, row.ts) if row else None
