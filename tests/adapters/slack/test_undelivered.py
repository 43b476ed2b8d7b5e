"""What cannot arrive on Slack: whoever waits for it is told what to do, where they can still be reached."""

import asyncio
from collections.abc import Callable
from math import inf

import pytest

from bot.storage import tables as t
from tests.adapters.slack.harness import SlackHarness, words_of
from tests.peers.slack.faults import AmendedAnswer, ErrorReply
from tests.peers.slack.shim import Call
from tests.peers.slack.team import Json
from tests.peers.slack.waiting import SECONDS_OF_PATIENCE

REFUSALS = {
    "not_in_channel": "The app is not in the channel. Invite it",
    "channel_not_found": "The app is not in the channel. Invite it",
    "is_archived": "The channel is archived. Unarchive it, then post again.",
    "thread_not_found": "There is no thread to post to. Type /trust-recover with a link to a message",
    "missing_scope": "The app is not allowed to write there. Ask an administrator to allow it, then try again.",
    "token_revoked": "The app is no longer installed here. Ask an administrator to install it again.",
}


def into(at: SlackHarness, channel: str) -> Callable[[Call], bool]:
    id_ = at.slack.workspace.channel(channel)
    return lambda call: call.arguments.get("channel") == id_


@pytest.mark.parametrize("error", REFUSALS)
async def test_the_responder_is_told_what_to_do_about(on_slack: SlackHarness, error: str) -> None:
    dana = on_slack.user("dana")
    await dana.ready_to_post()
    on_slack.shim.fail("chat.postMessage", ErrorReply(error), inf, into(on_slack, "acct-acme"))
    await dana.tap("Post internal version", "Acme (internal)")
    (notice,) = await dana.nudges()
    assert "Internal version: not posted to the thread." in notice
    assert REFUSALS[error] in notice


async def test_a_summary_that_did_not_arrive_can_be_posted_again(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await dana.ready_to_post()
    on_slack.shim.fail("chat.postMessage", ErrorReply("not_in_channel"), 1, into(on_slack, "acct-acme"))
    await dana.tap("Post internal version", "Acme (internal)")
    await dana.nudges()
    await dana.tap("Post internal version", "Check the summary. Then post it.")
    assert len(await dana.thread("acct-acme", message["ts"])) == 1


async def test_what_slack_puts_outside_of_a_deleted_thread_is_taken_back(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await dana.ready_to_post()

    def outside(answer: Json) -> None:
        del answer["message"]["thread_ts"]

    on_slack.shim.fail("chat.postMessage", AmendedAnswer(outside), 1, into(on_slack, "acct-acme"))
    await dana.tap("Post internal version", "Acme (internal)")
    (notice,) = await dana.nudges()
    assert REFUSALS["thread_not_found"] in notice
    assert len(await on_slack.slack.workspace.replies("acct-acme", message["ts"])) == 1


async def closed(at: SlackHarness, name: str, method: str) -> None:
    """Their chat with the app takes no messages."""
    theirs = {at.user(name).id, await at.slack.workspace.direct(name)}

    def into_it(call: Call) -> bool:
        return bool({call.arguments.get("users"), call.arguments.get("channel")} & theirs)

    at.shim.fail(method, ErrorReply("messages_tab_disabled"), inf, into_it)


@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
async def test_the_responder_is_told_of_an_observer_who_cannot_be_reached(on_slack: SlackHarness, method: str) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    await closed(on_slack, "omar", method)
    await dana.submit(await dana.press(await dana.open("More", "1 of 8"), "Invite an observer"), {"Who?": "omar"})
    (notice,) = await dana.nudges()
    assert "omar could not be reached. Their chat with the app cannot be opened. Tell them another way." in notice


@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
async def test_a_responder_with_a_closed_chat_is_told_in_the_account_channel(
    on_slack: SlackHarness, method: str
) -> None:
    dana = on_slack.user("dana")
    await closed(on_slack, "dana", method)
    await dana.type("Acme")
    (notice,) = await dana.lines()
    assert "Your guide could not be sent: your chat with this app is closed." in notice
    (call,) = on_slack.shim.of("chat.postEphemeral")
    assert call.arguments["channel"] == dana.workspace.channel("acct-acme")
    assert "Breathe." in words_of((await dana.type("status")).json)


GUIDE_REFUSALS = ["messages_tab_disabled", "user_not_found", "account_inactive", "cannot_dm_bot"]
NO_GUIDE = "Your guide could not be sent to your chat with this app."


@pytest.mark.parametrize("error", GUIDE_REFUSALS)
async def test_whoever_gets_no_guide_is_told_so_at_their_next_command(on_slack: SlackHarness, error: str) -> None:
    dana = on_slack.user("dana")
    theirs = {dana.id, await dana.workspace.direct("dana")}

    def to_dana(call: Call) -> bool:
        return bool({call.arguments.get("users"), call.arguments.get("channel")} & theirs)

    on_slack.shim.fail("chat.postMessage", ErrorReply(error), inf, to_dana)
    await dana.type("Acme", channel=await dana.workspace.direct("dana"))
    async with asyncio.timeout(SECONDS_OF_PATIENCE):
        while not [row for row in await on_slack.rows(t.outbox) if row["state"] == "failed"]:
            on_slack.parts.delivery.wake.messages.set()
            await asyncio.sleep(0.05)
    status = words_of((await dana.type("status")).json)
    assert NO_GUIDE in status
    assert "Breathe." in status
    (row,) = [row for row in await on_slack.rows(t.outbox) if row["state"] == "failed"]
    assert error in row["last_error"]
    on_slack.shim.heal()
    await dana.type("summary")
    await dana.guide("Acme")
    assert NO_GUIDE not in words_of((await dana.type("status")).json)


async def test_all_that_slack_says_about_an_error_is_kept_for_the_operator(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.ready_to_post()

    def refuse(answer: Json) -> None:
        answer.clear()
        answer |= {"ok": False, "error": "some\nnew_error", "needed": "chat:write.public", "provided": "chat:write"}
        answer["response_metadata"] = {"messages": ["[ERROR] no more than 50 items", {"x": 1}, "y" * 9000]}

    on_slack.shim.fail("chat.postMessage", AmendedAnswer(refuse), inf, into(on_slack, "acct-acme"))
    await dana.tap("Post internal version", "Acme (internal)")
    await on_slack.shim.wait_for("chat.postMessage", 2, into(on_slack, "acct-acme"))
    errors = [row["last_error"] for row in await on_slack.rows(t.outbox) if row["last_error"]]
    beginning = "chat.postMessage: some\\nnew_error; needed: chat:write.public; provided: chat:write; [ERROR]"
    assert errors[0].startswith(beginning)
    assert len(errors[0]) < 1000
