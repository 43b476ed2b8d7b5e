"""Whatever became of a documented activity on the way, and whatever a body is, it is answered: no 5xx, no traceback."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import AsyncExitStack
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.server import watchdog
from tests.adapters.teams import fake_microsoft
from tests.adapters.teams.documented_payloads import CONVERSATION_UPDATES, DOCUMENTED, MESSAGES, OUR_INVOKES, Json, post
from tests.adapters.teams.fake_connector import TEAM
from tests.adapters.teams.harness import TeamsHarness, teams_harness
from tests.examples import examples

DEEP: Any = None
for _ in range(200):
    DEEP = [DEEP]
ODD_VALUES = st.sampled_from([
    None, True, 0, -1, 10**400, 1e300, "", " ", "\ud83d", "a\x00b", "\n", "x" * 3000, "29:dana", "19:acme@thread.tacv2",
    [], {}, [None, 1, {}], [[]], {"id": None}, {"id": 1}, {"id": "a\x00b"}, {"id": "\udc00"}, [{"id": ["x"]}], DEEP,
    "channelShared", "teamDeleted", "channelMemberAdded", "remove", "invoke", "message", "conversationUpdate",
    "<at>" * 500, "start Acme", "open:settings", "task/fetch", "adaptiveCard/action",
])  # fmt: skip
SIGNED = frozenset({"serviceUrl", "channelId"})
"""What the token proves: without it the request is not verified, and nothing else is read."""


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands in JSON."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


@st.composite
def changed_payloads(draw: st.DrawFn) -> Json:
    kind = draw(st.sampled_from([OUR_INVOKES, MESSAGES, CONVERSATION_UPDATES, DOCUMENTED]))
    payload = deepcopy(kind[draw(st.sampled_from(sorted(kind)))])
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([path for path in places(payload) if path[0] not in SIGNED]))
        parent: Any = payload
        for key in path[:-1]:
            parent = parent[key]
        match draw(st.sampled_from(["drop", "replace", "wrap", "add"])):
            case "drop":
                del parent[path[-1]]
            case "replace":
                parent[path[-1]] = deepcopy(draw(ODD_VALUES))
            case "wrap":
                parent[path[-1]] = draw(st.sampled_from([lambda one: [one], lambda one: {"id": one}]))(parent[path[-1]])
            case _:
                name = draw(
                    st.sampled_from(["membersAdded", "membersRemoved", "text", "value", "entities", "action", "name"])
                )
                payload[name] = deepcopy(draw(ODD_VALUES))
        if not [path for path in places(payload) if path[0] not in SIGNED]:
            break
    return payload


@pytest.mark.hypothesis
@pytest.mark.usefixtures("at_once")
def test_whatever_became_of_a_payload_it_is_answered(trusted: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, watchdog.__name__)  # between two examples the loop stands still
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        harness = runner.run(stack.enter_async_context(teams_harness(f"sqlite:///{trusted}/room.db", trusted)))

        @examples(300)
        @given(changed_payloads())
        def check(payload: Json) -> None:
            caplog.clear()
            reply = runner.run(post(harness, payload))
            assert reply.status < 500 or reply.status == 501, (reply, caplog.text)
            assert "Traceback" not in caplog.text
            assert " ← " not in caplog.text, "an error that nobody foresaw"

        try:
            check()
        finally:
            runner.run(stack.aclose())


BODIES = [
    b"", b" ", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe", b"[" * 200_000, b"{" * 200_000, b'{"a":' * 60_000,
    b'{"channelId": ' + b"9" * 10_000 + b"}", b"\x00", b"x" * 300_000, '{"channelId": "msteams"}'.encode("utf-16"),
]  # fmt: skip
CONTENT_TYPES = ["application/json", "text/plain", "application/json; charset=utf-7", "multipart/form-data", "/"]


async def test_a_body_that_is_no_activity_is_refused(on_teams: TeamsHarness, caplog: pytest.LogCaptureFixture) -> None:
    bearer = fake_microsoft.header(serviceurl=on_teams.connector.url)
    for body in BODIES:
        for content_type in CONTENT_TYPES:
            headers = {"Authorization": bearer, "Content-Type": content_type}
            async with on_teams.client.post("/api/messages", data=body, headers=headers) as response:
                assert 400 <= response.status < 500, (body[:20], content_type)
    assert "Traceback" not in caplog.text


async def test_members_that_cannot_be_read_are_not_asked_for_again_and_the_readers_are_looked_up(
    on_teams: TeamsHarness,
) -> None:
    reply = await post(on_teams, CONVERSATION_UPDATES["member added to a team"] | {"membersAdded": [None, 1, {}]})
    assert reply.status == 200
    await on_teams.connector.calls.until(lambda call: call.what == "members" and call.conversation == TEAM)
    assert on_teams.connector.sent("member") == []


@pytest.mark.parametrize("odd_id", ["29:\ud83d", "29:a\x00b", "29:a\nb", "x" * 300, ["29:dana"], {"id": 1}, 7])
async def test_an_id_that_no_database_stores_is_refused(on_teams: TeamsHarness, odd_id: object) -> None:
    before = await on_teams.traces()
    message = DOCUMENTED["message"]
    for changed in (
        message | {"from": {"id": odd_id}},
        message | {"conversation": {"id": odd_id}},
        message | {"channelData": {"tenant": {"id": odd_id}}},
        message | {"recipient": {"id": odd_id}},
        message | {"id": odd_id},
    ):
        assert (await post(on_teams, changed)).status == 400
    assert await on_teams.traces() == before
