"""Teams' connector, written by hand: conversations with their members and messages, and whatever can go wrong."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.adapters.teams.fake_microsoft import APP_ID, TENANT
from tests.peers.slack.waiting import Arrivals

Json = dict[str, Any]

BOT = f"28:{APP_ID}"
CHANNEL, GROUP, SHARED = "19:acme@thread.tacv2", "19:group@thread.v2", "19:shared@thread.tacv2"
TEAM, GROUP_ID = "19:team@thread.tacv2", "00000000-0000-0000-0000-0000000000aa"
OK = 200
OTHER_TENANT = "eeeeffff-0000-4444-8888-000000000001"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the product. `what`: send, typing, update, delete, create, member, members."""

    what: str
    conversation: str
    body: Json
    status: int
    at: float
    query: dict[str, str]
    token: str
    id: str = ""

    @property
    def ok(self) -> bool:
        return self.status < 300


@dataclass(slots=True)
class Fault:
    """What goes wrong with calls of one kind.

    `status` 0: the line breaks, after the call was taken if `taken`. `raw`: the answer, instead. `go`: nothing is done
    before that is set.
    """

    what: str
    status: int
    times: int = 1
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    taken: bool = False
    where: str = ""
    raw: bytes | None = None
    go: asyncio.Event | None = None


@dataclass(slots=True)
class FakeConnector:
    """Its people by name, its conversations, and what was called."""

    url: str = ""
    people: dict[str, Json] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    targets: bool = True
    messages: dict[str, dict[str, Json]] = field(default_factory=dict)
    calls: Arrivals[Call] = field(default_factory=Arrivals)
    faults: deque[Fault] = field(default_factory=deque)
    clock: Callable[[], float] = time.time
    page: int = 500
    _ids: "count[int]" = field(default_factory=lambda: count(1_700_000_000_000))

    def id_of(self, name: str) -> str:
        user_id: str = self.people[name]["id"]
        return user_id

    def chat_of(self, name: str) -> str:
        return f"a:{name}"

    def add(self, name: str, *conversations: str, **more: object) -> None:
        """Somebody new."""
        self.people[name] = {
            "id": f"29:{name}",
            "name": name.capitalize(),
            "aadObjectId": f"object-{name}",
            "userPrincipalName": f"{name}@northwind.example",
            "tenantId": TENANT,
            "userRole": "user",
        } | more
        for conversation in (*conversations, self.chat_of(name)):
            self.members.setdefault(conversation, []).append(name)

    def fail(self, what: str, status: int, times: int = 1, **more: Any) -> None:  # noqa: ANN401 - of Fault
        """Let the next calls of this kind go wrong."""
        self.faults.append(Fault(what, status, times, **more))

    def next_id(self) -> str:
        return str(next(self._ids))

    def messages_in(self, conversation: str) -> list[Json]:
        """The messages of a conversation as they are now, oldest first."""
        return list(self.messages.get(conversation, {}).values())

    def sent(self, what: str = "send", conversation: str = "") -> list[Call]:
        """The calls of this kind that were taken."""
        return [one for one in self.calls if one.what == what and one.ok and conversation in {"", one.conversation}]

    # What the product calls.

    async def create(self, request: web.Request) -> web.Response:
        body = await request.json()
        (member,) = body["members"]
        name = next((name for name, one in self.people.items() if one["id"] == member["id"]), "")

        def answer() -> tuple[int, Json]:
            if name in self.closed:
                return 403, _error("BotNotInConversationRoster")
            return (201, {"id": self.chat_of(name)}) if name else (404, _error("UserNotFound"))

        return await self._answer("create", self.chat_of(name), body, request, answer)

    async def send(self, request: web.Request) -> web.Response:
        conversation, body = _conversation(request), await request.json()
        if body["type"] == "typing":  # which is no message
            return await self._answer("typing", conversation, body, request, lambda: (201, {"id": self.next_id()}))

        def answer() -> tuple[int, Json]:
            if conversation.startswith("a:") and conversation[2:] in self.closed:
                return 403, _error("MessageWritesBlocked")
            if request.query.get("isTargetedActivity") and not self.targets:
                return 400, _error("BadSyntax")
            if conversation.partition(";")[0] not in self.members:
                return 404, _error("ConversationNotFound")
            new = self.next_id()
            only = {"only_to": body["recipient"]["id"]} if request.query.get("isTargetedActivity") else {}
            self.messages.setdefault(conversation, {})[new] = body | {"id": new} | only
            return 201, {"id": new}

        return await self._answer("send", conversation, body, request, answer)

    async def update(self, request: web.Request) -> web.Response:
        conversation, body = _conversation(request), await request.json()
        old = unquote(request.match_info["activity"])

        def answer() -> tuple[int, Json]:
            if old not in self.messages.get(conversation, {}):
                return 404, _error("ActivityNotFoundInConversation")
            self.messages[conversation][old] = body | {"id": old}
            return 200, {"id": old}

        return await self._answer("update", conversation, body, request, answer)

    async def delete(self, request: web.Request) -> web.Response:
        conversation, old = _conversation(request), unquote(request.match_info["activity"])

        def answer() -> tuple[int, Json]:
            if self.messages.get(conversation, {}).pop(old, None) is None:
                return 404, _error("ActivityNotFoundInConversation")
            return 200, {}

        return await self._answer("delete", conversation, {}, request, answer)

    async def member(self, request: web.Request) -> web.Response:
        conversation, user = _conversation(request), unquote(request.match_info["user"])

        def answer() -> tuple[int, Json]:
            there = [self.people[name] for name in self.members.get(conversation.partition(";")[0], ())]
            member_json = next((one for one in there if user in {one["id"], one["aadObjectId"]}), None)
            return (200, member_json) if member_json else (404, _error("MemberNotFoundInConversation"))

        return await self._answer("member", conversation, {"user": user}, request, answer)

    async def roster(self, request: web.Request) -> web.Response:
        conversation = _conversation(request)

        def answer() -> tuple[int, Json]:
            if conversation not in self.members:
                return 404, _error("ConversationNotFound")
            there = [self.people[name] for name in self.members[conversation]]
            start = int(request.query.get("continuationToken", "0"))
            more = {"continuationToken": str(start + self.page)} if start + self.page < len(there) else {}
            return 200, {"members": there[start : start + self.page]} | more

        return await self._answer("members", conversation, {}, request, answer)

    async def _answer(
        self,
        what: str,
        conversation: str,
        body: Json,
        request: web.Request,
        answer: Callable[[], tuple[int, Json]],
    ) -> web.Response:
        fault = self._fault(what, conversation)
        if fault and fault.go:
            await fault.go.wait()
            fault = None if fault.status == OK else fault
        status, reply = (fault.status, _error(fault.code)) if fault and not fault.taken else answer()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        message_id = str(reply.get("id", ""))
        seen = 0 if fault and fault.status == 0 else status
        self.calls.add(
            Call(
                what,
                conversation,
                body,
                599 if fault and not seen else status,
                self.clock(),
                dict(request.query),
                token,
                message_id,
            )
        )
        if fault and fault.status == 0:
            assert request.transport is not None
            request.transport.close()
        if fault and fault.raw is not None:
            return web.Response(body=fault.raw, status=status, headers=fault.headers)
        if fault and fault.taken and fault.status:
            return web.json_response(_error(fault.code), status=fault.status)
        return web.json_response(reply, status=status or 500, headers=fault.headers if fault else {})

    def _fault(self, what: str, conversation: str) -> Fault | None:
        for fault in self.faults:
            if fault.what == what and fault.times > 0 and conversation.startswith(fault.where):
                fault.times -= 1
                return fault
        return None


@asynccontextmanager
async def fake_connector() -> AsyncIterator[FakeConnector]:
    """A company with people, a team's channel, a shared channel and a group chat."""
    at = FakeConnector()
    for name in ("dana", "ben", "eve"):
        at.add(name, CHANNEL, SHARED, GROUP)
    at.add("kim", SHARED, tenantId=OTHER_TENANT, userPrincipalName="kim@acme.example")
    app = web.Application()
    base = "/teams/v3/conversations"
    app.router.add_post(base, at.create)
    app.router.add_post(base + "/{conversation}/activities", at.send)
    app.router.add_put(base + "/{conversation}/activities/{activity}", at.update)
    app.router.add_delete(base + "/{conversation}/activities/{activity}", at.delete)
    app.router.add_get(base + "/{conversation}/members/{user}", at.member)
    app.router.add_get(base + "/{conversation}/pagedmembers", at.roster)
    server = TestServer(app)
    await server.start_server()
    at.url = str(server.make_url("/teams/"))
    try:
        yield at
    finally:
        await server.close()


def _conversation(request: web.Request) -> str:
    return unquote(request.match_info["conversation"])


def _error(code: str) -> Json:
    return {"error": {"code": code, "message": "made up"}}
