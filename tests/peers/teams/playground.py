"""Teams without Teams: Microsoft 365 Agents Playground 0.2.28, a connector with a page on which Alex types.

Seen here, and relied on by tests:

- `Playground.say` reaches the bot in a personal chat, and elsewhere when it is mentioned, as in Teams. A post in a
  channel begins a thread: its id is `19:…@thread.tacv2;messageid=…`, and that is the activity's conversation. The
  activity's own id is a GUID there; in Teams it is the message's.
- The activity has `from.aadObjectId`, `locale`, `localTimezone`, `entities[clientInfo]`, `channelData.tenant.id`.
- The bot can post into chats, channels (a new thread) and threads, and change (PUT) what it posted; a message or
  conversation that does not exist is 404, deleting is always 501.
- Members come in one page, and tell `aadObjectId`, `tenantId`, and `userRole`, which is always "user": only the
  principal name (`#EXT#`) tells a guest. One member is found by id, not by object id; an unknown one is 404.
- A 1:1 chat can be opened for somebody who never wrote: it is answered 201 even for people who do not exist, and for
  any tenant; the first message then is 500. Alex's own is always `PERSONAL`; another's is a new one each time, and
  its messages are not shown on Alex's page.
- Targeted messages (`isTargetedActivity=true`) are taken as any other, and shown to everybody.
- Its page draws every text as Markdown with HTML, whatever `textFormat` says: `<b>` is bold, `&lt;` is `<`, and
  `**x**` is bold too, in xml and plain texts as well.
- On the page, a card's answer that is a message or an error stands under the card; a message's menu "Action Command"
  asks for the command id, and then goes through fetchTask and submitAction. A button with `task/fetch` does not work
  there: its card says so. A PUT is drawn at once. A page that was
  opened later, or loaded again, shows only what came since; it waits 15 s for a bot that does not listen.

It knows one tenant, one person who types, no throttling, no roles, no rights, no manifest. It does not sign: that does
`proxy`. Its page asks another host for fonts, and installs the bot in each conversation that is opened there.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import aiohttp
import yaml

from tests.peers.node import NODE
from tests.peers.slack.waiting import Arrivals
from tests.peers.teams.activities import MENTION, Writer
from tests.peers.teams.streams import LogEntry, PageEntry, listening, read_log, read_page
from tests.peers.teams.team import ALEX, APP_ID, PERSONAL, TENANT, Json, Person, bot_id, config

_START = Path(__file__).parent / "start.mjs"
_SECONDS_TO_START = 60


class PlaygroundSaidNo(AssertionError):
    """The playground refused what the test asked for."""


@dataclass(frozen=True, slots=True)
class MessageReference:
    """A message as it stands: `conversation` is its thread's, where it is in a channel."""

    conversation: str
    id: str


@dataclass(slots=True)
class Playground:
    """Act in it by conversation ids of `team`. `log`: both directions; `page`: what Alex's page received."""

    url: str
    client: aiohttp.ClientSession
    log: Arrivals[LogEntry]
    page: Arrivals[PageEntry]
    write: Writer
    _chats: dict[str, str] = field(default_factory=lambda: {ALEX.id: PERSONAL})

    async def say(
        self, conversation: str, text: str, by: Person = ALEX, *, mention: bool = False, has_consent: bool = False
    ) -> MessageReference:
        """Somebody writes; the bot gets it if it would in Teams. `conversation`: a chat, a channel or a thread.

        `has_consent`: the bot gets it without being mentioned, as a team's consent lets it. What others than Alex write
        stands on the page as Alex's, for he is its only author; to the bot it comes from them.
        """
        private = conversation in self._chats.values()
        ours = by is ALEX and not has_consent
        if private and not ours:
            await self.custom(self.write.message(conversation, text, by))
            return MessageReference(conversation, "")
        mention_entity = {"mentioned": {"id": bot_id(self.write.app_id)}, "text": MENTION}
        response = await self.ask(
            "POST",
            f"/_conversation/v1/conversations/{quote(conversation, safe='')}/messages",
            {
                "from": {"id": ALEX.id},
                "text": f"{MENTION} {text}" if mention else text,
                "textFormat": "plain",
                "mentions": [mention_entity] if mention and ours else [],
            },
        )
        message = MessageReference(response.get("postConversationId") or conversation, response["messageId"])
        if not ours and (mention or has_consent):
            await self.custom(self.write.message(message.conversation, text, by, mention=mention, id_=message.id))
        return message

    async def invoke(
        self, conversation: str, name: str, value: Json, by: Person = ALEX, reply_to: str = ""
    ) -> LogEntry:
        """Somebody presses something that is named adaptiveCard/action, task/fetch, composeExtension/submitAction.

        Returned is how the bot answered it; the page does not show what the answer changes.
        """
        return await self.custom(self.write.invoke(conversation, name, value, by, reply_to))

    async def execute(
        self, message: MessageReference | PageEntry, verb: str, data: Json, by: Person = ALEX
    ) -> LogEntry:
        """A card's Action.Execute, with what the button carries and what was typed."""
        action = {"type": "Action.Execute", "verb": verb, "data": data}
        value: Json = {"action": action, "trigger": "manual"}
        return await self.invoke(message.conversation, "adaptiveCard/action", value, by, message.id)

    async def custom(self, activity: Mapping[str, object]) -> LogEntry:
        """Any activity, sent to the bot by the playground; returns when the bot answered.

        Raises AssertionError when it did not: of a line that broke the playground tells nothing.
        """
        await self.ask("POST", "/_internal/v1/customActivities", activity)
        [log_entry] = await self.log.until(lambda entry: entry.to_bot and entry.id == activity["id"])
        return log_entry

    async def install(self, conversation: str) -> None:
        """Alex adds the bot to a conversation: installationUpdate and conversationUpdate."""
        await self.ask("POST", f"/_debug/conversation/{quote(conversation, safe='')}/installation", {})

    async def personal(self, person: Person) -> str:
        """Somebody's chat with the bot. One that the bot opened itself has another id: `page` does not contain it."""
        if person.id not in self._chats:
            request = {"isGroup": False, "bot": {"id": bot_id(self.write.app_id)}, "members": [{"id": person.id}]}
            self._chats[person.id] = (await self.ask("POST", "/_connector/v3/conversations", request))["id"]
        return self._chats[person.id]

    def messages(self, conversation: str) -> list[PageEntry]:
        """What the bot wrote there, as it stands now, oldest first; not in a chat of somebody else with the bot."""
        there = [entry for entry in self.page if entry.conversation == conversation and entry.id]
        return list({entry.id: entry for entry in there}.values())

    async def ask(self, method: str, path: str, body: object = None) -> Json:
        """Call the playground itself, or its connector as a bot would; raises PlaygroundSaidNo."""
        async with self.client.request(method, self.url + path, json=body) as response:
            text = await response.text()
            if not response.ok:
                message = f"{method} {path} with {body}: {response.status} {text}"
                raise PlaygroundSaidNo(message)
            answer: Json = await response.json() if text else {}
        return answer


@asynccontextmanager
async def playground(
    endpoint: str, *, app_id: str = APP_ID, tenant: str = TENANT, service_url: str = ""
) -> AsyncIterator[Playground]:
    """A playground that sends to a bot at `endpoint`.

    `service_url`: where it tells the bot to answer, to put something between; its own connector by default, which is
    `/_connector` of its address.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".m365agentsplayground.yml").write_text(yaml.safe_dump(config(app_id, tenant)))
        async with _started(Path(folder), endpoint, service_url) as port, aiohttp.ClientSession() as client:
            url = f"http://127.0.0.1:{port}"
            await _answering(client, url)
            write = Writer(service_url or f"http://localhost:{port}/_connector", app_id, tenant)
            page = "/_ws_conversation/v1/conversations/stream"
            async with (
                listening(client, url + "/_ws/log/stream", read_log) as log,
                listening(client, url + page, read_page) as page_messages,
            ):
                yield Playground(url, client, log, page_messages, write)


@asynccontextmanager
async def _started(folder: Path, endpoint: str, service_url: str) -> AsyncIterator[int]:
    """Its port: one that was free."""
    elsewhere = ("--service-url", service_url) if service_url else ()
    process = await asyncio.create_subprocess_exec(
        NODE, str(_START), "start", "-e", endpoint, "-c", "msteams", "-p", "0", "--disable-telemetry", *elsewhere,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=folder,
        env=os.environ | {"HOME": str(folder), "TEAMSAPPTESTER_BROWSER": "none"},
    )  # fmt: skip
    assert process.stdout
    try:
        async with asyncio.timeout(_SECONDS_TO_START):
            line = await process.stdout.readline()
        log = folder / "devTools" / "m365agentsplayground.log"
        why = log.read_text() if log.exists() else "Is it installed? `make test` does that."
        assert line.startswith(b"Listening on"), f"The playground did not start. {why}"
        yield int(line.split()[-1])
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _answering(client: aiohttp.ClientSession, url: str) -> None:
    """It tells its port before it is ready; a faulty configuration ends it in between."""
    async with asyncio.timeout(_SECONDS_TO_START):
        while True:
            async with client.get(url + "/_debug/ping") as response:
                if response.ok:
                    return
