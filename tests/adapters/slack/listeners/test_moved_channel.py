"""A channel that gets another id: what is bound to it goes on there, and nothing that waits is lost."""

from math import inf

from bot.storage import tables as t
from tests.adapters.slack.harness import SlackHarness
from tests.peers.slack.faults import RateLimited
from tests.peers.slack.shim import Call
from tests.peers.slack.team import Json


def moved(old: str, new: str) -> Json:
    return {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}


async def test_a_recovery_and_its_account_go_on_in_the_channel_with_the_new_id(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await dana.begin_in_thread()
    new = dana.workspace.channel("acct-borg")
    assert (await dana.sender.event(moved(message["channel"], new))).status == 200
    (recovery,) = await on_slack.rows(t.recovery)
    assert (recovery["conversation"], recovery["thread"]) == (new, message["ts"])
    assert recovery["data"]["place"]["conversation"] == new
    assert [row["conversation"] for row in await on_slack.rows(t.account)] == [new]


async def test_it_is_told_once_what_comes_twice(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await dana.begin_in_thread()
    event = moved(message["channel"], dana.workspace.channel("acct-borg"))
    await dana.sender.event(event, event_id="Ev0MOVED")
    before = len(await on_slack.rows(t.event))
    assert (await dana.sender.event(event, event_id="Ev0MOVED", retry=1)).status == 200
    assert len(await on_slack.rows(t.event)) == before


async def test_a_post_that_waits_goes_to_the_channel_with_the_new_id(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await dana.ready_to_post()
    old, new = message["channel"], dana.workspace.channel("acct-borg")

    def is_post(call: Call) -> bool:
        return bool(call.arguments["channel"] == old)

    on_slack.shim.fail("chat.postMessage", RateLimited(600), inf, is_post)
    await dana.tap("Post internal version", "Acme (internal)")
    await on_slack.shim.calls.until(lambda call: call.method == "chat.postMessage" and is_post(call), 1)
    while any(row["lease_token"] for row in await on_slack.rows(t.queue)):
        pass  # the result of the attempt is stored
    await dana.sender.event(moved(old, new))
    (call,) = await on_slack.shim.calls.until(
        lambda call: call.method == "chat.postMessage" and call.arguments["channel"] == new, 1
    )
    assert call.arguments["thread_ts"] == message["ts"]


async def test_a_channel_that_nobody_talks_about_changes_nothing(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin_in_thread()
    before = await on_slack.rows(t.recovery)
    assert (await dana.sender.event(moved("G0ELSEWHERE", "C0ELSEWHERE"))).status == 200
    assert await on_slack.rows(t.recovery) == before
