"""One emulated workspace, as a person in it sees it. Nothing done here is among the shim's calls."""

import json
from dataclasses import dataclass, field

import aiohttp

from tests.peers.slack.shim import Call, Shim, Upstream
from tests.peers.slack.team import ADMIN, Json, Team

_VIEW_METHODS = ("views.open", "views.push", "views.update", "views.publish")


class SlackSaidNo(AssertionError):
    """The emulated Slack refused what the test asked for."""


@dataclass(slots=True)
class Workspace:
    """Read and act in it by names: `users["dana"]`, `channels["acct-acme"]`."""

    upstream: Upstream
    client: aiohttp.ClientSession
    shim: Shim
    users: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)

    @property
    def team(self) -> Team:
        return self.upstream.team

    async def learn(self) -> None:
        """Find out the ids of everybody and everything, and invite the bot where the team wants it."""
        self.users = {user["name"]: user["id"] for user in (await self.ask("users.list"))["members"]}
        result = await self.ask("conversations.list", types="public_channel,private_channel")
        self.channels = {channel["name"]: channel["id"] for channel in result["channels"]}
        for channel in self.team.bot_in:
            await self.ask("conversations.invite", channel=self.channels[channel], users=self.team.bot_user)

    async def ask(self, method: str, as_: str = ADMIN, **arguments: str) -> Json:
        """Call a Web API method with a person's own token, or the bot's as "bot"; raises SlackSaidNo."""
        token = self.team.bot_token if as_ == "bot" else self.team.token_of(as_)
        form = {name: self.upstream.theirs(value) for name, value in arguments.items()}
        async with self.client.post(
            f"{self.upstream.url}/api/{method}", data=form, headers={"Authorization": f"Bearer {token}"}
        ) as response:
            text = self.upstream.ours(await response.text())
            answer: Json = json.loads(text)
        if not answer["ok"]:
            message = f"{method} by {as_} with {arguments}: {answer}"
            raise SlackSaidNo(message)
        return answer

    async def say(self, person: str, channel: str, text: str, thread_ts: str = "") -> Json:
        """A person writes, with their own token; the message, with its channel's id."""
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        posted_message = await self.ask("chat.postMessage", person, channel=self.channel(channel), text=text, **thread)
        message: Json = posted_message["message"] | {"channel": posted_message["channel"]}
        return message

    async def history(self, channel: str, as_: str = ADMIN) -> list[Json]:
        """A channel's messages that are no replies, oldest first."""
        result: list[Json] = (await self.ask("conversations.history", as_, channel=self.channel(channel)))["messages"]
        return result[::-1]

    async def replies(self, channel: str, ts: str, as_: str = ADMIN) -> list[Json]:
        """A thread: the message it began with, then the replies, oldest first."""
        result: list[Json] = (await self.ask("conversations.replies", as_, channel=self.channel(channel), ts=ts))[
            "messages"
        ]
        return result

    async def direct(self, person: str) -> str:
        """The id of the conversation between the bot and a person, opened by the person."""
        channel: str = (await self.ask("conversations.open", person, users=self.team.bot_user))["channel"]["id"]
        return channel

    async def received(self, person: str) -> list[Json]:
        """What stands in a person's conversation with the bot, oldest first."""
        return await self.history(await self.direct(person), person)

    async def trigger(self, person: str, view_id: str = "") -> str:
        """A new trigger id: good for three seconds, once. `view_id`: pressed in this view, so that it may be pushed."""
        view = {"view_id": view_id} if view_id else {}
        trigger: str = (await self.ask("views.generateTriggerId", "bot", user_id=self.user(person), **view))[
            "trigger_id"
        ]
        return trigger

    async def invite(self, channel: str, user_id: str) -> None:
        await self.ask("conversations.invite", channel=self.channel(channel), users=user_id)

    async def archive(self, channel: str) -> None:
        await self.ask("conversations.archive", channel=self.channel(channel))

    def user(self, name_or_id: str) -> str:
        return self.users.get(name_or_id, name_or_id)

    def channel(self, name_or_id: str) -> str:
        return self.channels.get(name_or_id, name_or_id)

    def ephemerals(self) -> list[Call]:
        """What the product showed to one person only: Slack keeps no history of it."""
        return [call for call in self.shim.of("chat.postEphemeral") if call.ok and self._mine(call)]

    def views(self, *methods: str) -> list[Json]:
        """The views as Slack returned them, oldest first: of these methods, or of all."""
        expected_text = methods or _VIEW_METHODS
        return [
            call.answer["view"]
            for call in self.shim.calls
            if call.method in expected_text and call.ok and self._mine(call)
        ]

    def view(self, *methods: str) -> Json:
        """The last view that was opened, pushed, updated or published."""
        result = self.views(*methods)
        assert result, "no view was shown"
        return result[-1]

    def _mine(self, call: Call) -> bool:
        return call.team_id == self.team.team_id
