"""The account thread: what is heard there, and who may read it."""

import threading
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any

import pytest

from adapters.slack.directory.channels import SlackAudience
from adapters.slack.directory.installations import Installation
from bot.service import start
from bot.service.start import start_recovery
from bot.service.transaction import TransactionResult
from bot.storage import tables as t
from tests.adapters.slack.harness import SlackHarness, SlackUser, labels, slack_harness, words_of
from tests.peers.slack import events
from tests.peers.slack.faults import AmendedAnswer, ErrorReply
from tests.peers.slack.team import Json

CLIENT_SAFE = "People outside your company can read this thread, so only the client version can be posted."


async def happened(at: SlackHarness) -> int:
    """How many events the recoveries know of."""
    return len(await at.rows(t.event))


# --- what is heard


async def test_a_clients_words_can_be_taken_as_a_fact(on_slack: SlackHarness) -> None:
    on_slack.amend_user("kim", is_stranger=True, team_id="T0ACME")
    dana = on_slack.user("dana")
    message = await dana.begin_in_thread()
    await on_slack.user("kim").write("Nobody <called> us", thread=message["ts"])
    more = await dana.press(await dana.open("More", "1 of 8"), "Note it")
    assert "“Nobody <called> us”" not in words_of(more)
    assert [row["text"] for row in await on_slack.rows(t.entry)] == ["Nobody <called> us"]


async def test_a_colleague_who_counts_as_the_client_is_heard_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('clients')}/room.db"
    async with slack_harness(url, clients=("kim",)) as at:
        dana = at.user("dana")
        message = await dana.begin_in_thread()
        await at.user("kim").write("Nobody called us", thread=message["ts"])
        assert "“Nobody called us”" in words_of(await dana.open("More", "1 of 8"))


async def test_the_responders_own_words_count_as_activity(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await dana.begin_in_thread()
    (before,) = [row["due_at"] for row in await on_slack.rows(t.timer)]
    await dana.write("We look into it", thread=message["ts"])
    (after,) = [row["due_at"] for row in await on_slack.rows(t.timer)]
    assert after > before


async def test_a_colleagues_words_are_nobodys_fact(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await dana.begin_in_thread()
    await on_slack.user("omar").write("Good luck", thread=message["ts"])
    assert "Good luck" not in words_of(await dana.open("More", "1 of 8"))


UNHEARD: dict[str, dict[str, Any]] = {
    "a bot": {"bot_id": "B0OTHER", "subtype": "bot_message"},
    "an app with a user": {"bot_id": "B0OTHER"},
    "an edit": {"subtype": "message_changed"},
    "a deletion": {"subtype": "message_deleted"},
    "a join": {"subtype": "channel_join"},
}


@pytest.mark.parametrize("what", UNHEARD)
async def test_nothing_is_heard_of(on_slack: SlackHarness, what: str) -> None:
    dana = on_slack.user("dana")
    message = await dana.begin_in_thread()
    before = await happened(on_slack)
    await dana.write("Hello", "acct-acme", message["ts"], **UNHEARD[what])
    assert await happened(on_slack) == before


async def test_nothing_is_heard_of_another_thread(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin_in_thread()
    before = await happened(on_slack)
    other = await on_slack.slack.workspace.say("omar", "acct-acme", "Lunch?")
    await dana.write("Yes", "acct-acme", other["ts"])
    await dana.write("At one", "acct-acme")
    assert await happened(on_slack) == before


# --- who may read it

Happening = Callable[[SlackHarness, str], Awaitable[object]]


async def closed_with_our_part(dana: SlackUser) -> Json:
    """A recovery that is bound to a thread and over, with something in it that a client may read."""
    message = await dana.begin_in_thread()
    await dana.more("7 Handle the feelings", "1 of 8")
    await dana.fill("Add…", {"Our part": "I did not check."}, "7 of 8")
    await dana.guide("7 of 8", "I did not check.")
    await dana.type("stop")
    await dana.guide("I did not check.", "Acme")
    return message


async def posts(at: SlackHarness) -> list[str]:
    """What the product said where others read it."""
    direct = {await at.user(name).workspace.direct(name) for name in ("dana", "omar", "kim")}
    return [
        words_of(call.arguments["blocks"])
        for call in at.shim.of("chat.postMessage")
        if call.arguments["channel"] not in direct
    ]


async def without_kim(at: SlackHarness) -> None:
    """Kim, who is a guest, is not in the channel yet."""
    kim = at.user("kim").id
    at.amend_user("kim", is_restricted=True)

    def leave_out(answer: Json) -> None:
        answer["members"] = [member for member in answer["members"] if member != kim]

    at.shim.fail("conversations.members", AmendedAnswer(leave_out), inf)


READ_BY_OUTSIDERS: dict[str, Callable[[SlackHarness], object]] = {
    "a channel shared with a company": lambda at: at.amend_channel("acct-acme", is_ext_shared=True),
    "a channel about to be shared": lambda at: at.amend_channel("acct-acme", is_pending_ext_shared=True),
    "a channel with a guest": lambda at: at.amend_user("kim", is_restricted=True),
    "a channel of which Slack says nothing": lambda at: at.shim.fail(
        "conversations.info", ErrorReply("missing_scope"), inf
    ),
    "a channel whose members Slack does not tell": lambda at: at.shim.fail(
        "conversations.members", ErrorReply("missing_scope"), inf
    ),
}


@pytest.mark.parametrize("channel", READ_BY_OUTSIDERS)
async def test_only_the_client_safe_summary_goes_to(on_slack: SlackHarness, channel: str) -> None:
    READ_BY_OUTSIDERS[channel](on_slack)
    dana = on_slack.user("dana")
    message = await closed_with_our_part(dana)
    card = await dana.guide(CLIENT_SAFE, "Hello,")
    assert "Post internal version…" not in labels(card)
    assert "Internal version" not in labels(await dana.open("More", CLIENT_SAFE))
    assert await posts(on_slack) == []
    await dana.tap("Post client version", CLIENT_SAFE)
    (post,) = await dana.thread("acct-acme", message["ts"])
    assert post.startswith("Hello,")


async def test_the_client_safe_summary_asks_back_before_outsiders_read_it(on_slack: SlackHarness) -> None:
    on_slack.amend_channel("acct-acme", is_ext_shared=True)
    dana = on_slack.user("dana")
    await closed_with_our_part(dana)
    card = await dana.guide(CLIENT_SAFE)
    buttons = [element for block in card["blocks"] for element in block.get("elements", ()) if "action_id" in element]
    (query,) = [words_of(button["confirm"]["text"]) for button in buttons if "confirm" in button]
    assert query == "People outside your company can read this thread. Post the client version there?"


async def test_a_channel_of_colleagues_gets_the_internal_summary(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await closed_with_our_part(dana)
    await dana.tap("Post internal version", "Acme (internal)")
    (post,) = await dana.thread("acct-acme", message["ts"])
    assert post.startswith("Trust recovery: Acme (internal)")


async def a_guest_comes(at: SlackHarness, channel: str) -> None:
    await at.sender().event(events.member_joined(channel, at.user("kim").id, "T0NORTHWIND"))


async def somebody_unknown_comes(at: SlackHarness, channel: str) -> None:
    await at.sender().event(events.member_joined(channel, "U0NOBODY", "T0ACME"))


async def a_company_comes(at: SlackHarness, channel: str) -> None:
    await at.sender().event(events.channel_shared(channel, "T0ACME"))


@pytest.mark.parametrize("comes", [a_guest_comes, somebody_unknown_comes, a_company_comes])
async def test_the_internal_summary_in_view_gives_way_when(on_slack: SlackHarness, comes: Happening) -> None:
    await without_kim(on_slack)
    dana = on_slack.user("dana")
    message = await closed_with_our_part(dana)
    await dana.guide("Acme (internal)")
    await comes(on_slack, message["channel"])
    await dana.guide(CLIENT_SAFE, "Hello,")


async def test_a_colleague_who_comes_changes_nothing(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await closed_with_our_part(dana)
    await dana.guide("Acme (internal)")
    before = await happened(on_slack)
    await on_slack.sender().event(events.member_joined(message["channel"], on_slack.user("omar").id, "T0NORTHWIND"))
    assert await happened(on_slack) == before


async def test_a_channel_that_is_shared_no_longer_can_have_the_internal_summary(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await closed_with_our_part(dana)
    await dana.guide("Acme (internal)")
    await a_company_comes(on_slack, message["channel"])
    await dana.guide(CLIENT_SAFE)
    await on_slack.sender().event(events.channel_unshared(message["channel"], "T0ACME"))
    await dana.guide("Hello,", "Post internal version…")
    await dana.tap("Post internal version…", "Hello,")
    await dana.guide("Acme (internal)")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite does one thing after the other
async def test_a_recovery_that_begins_while_its_readers_are_found_out_hears_of_them(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, know, begin = threading.Event(), SlackAudience.save, start_recovery

    async def found_out(self: SlackAudience, at: Installation, channel: str, *, has_external_users: bool) -> None:
        await know(self, at, channel, has_external_users=has_external_users)
        known.set()

    def late(*values: Any) -> TransactionResult:  # noqa: ANN401 - handed on
        assert known.wait(10)
        return begin(*values)

    monkeypatch.setattr(SlackAudience, "save", found_out)
    monkeypatch.setattr(start, "start_recovery", late)
    async with slack_harness(database_url) as at:
        dana = at.user("dana")
        await dana.begin()
        await dana.tap("I am ready", "1 of 8")
        await dana.guide("2 of 8")
        await dana.type("stop")
        await dana.guide("Acme (internal)")


async def test_nothing_internal_is_posted_if_outsiders_come_between_tap_and_delivery(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await closed_with_our_part(dana)
    await dana.guide("Acme (internal)")
    on_slack.amend_channel("acct-acme", is_ext_shared=True)
    await dana.tap("Post internal version", "Acme (internal)")
    (notice,) = await dana.nudges()
    assert "Internal version: not posted to the thread. People outside your company can read the thread now" in notice
    await dana.guide(CLIENT_SAFE, "Hello,")
    assert await posts(on_slack) == []


async def test_nothing_internal_is_posted_if_slack_no_longer_says_who_reads_it(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await closed_with_our_part(dana)
    await dana.guide("Acme (internal)")
    on_slack.shim.fail("conversations.info", ErrorReply("missing_scope"), inf)
    await dana.tap("Post internal version", "Acme (internal)")
    (notice,) = await dana.nudges()
    assert "The app is not allowed to write there. Ask an administrator to allow it" in notice
    assert await posts(on_slack) == []
