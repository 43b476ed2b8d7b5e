"""The account thread in Teams: what is heard there, who may read it, what is posted."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.storage import tables as t
from tests.adapters.teams.card_client import Json, labels
from tests.adapters.teams.documented_payloads import channel_event, post
from tests.adapters.teams.fake_connector import BOT, CHANNEL, GROUP, OTHER_TENANT, SHARED
from tests.adapters.teams.harness import TeamsHarness, TeamsUser, teams_harness
from tests.adapters.teams.payloads import actions, shown_text

pytestmark = pytest.mark.usefixtures("at_once")

ROOT = "1500000000000"
THREAD = f"{CHANNEL};messageid={ROOT}"
CLIENT_SAFE = "People outside your company can read this thread, so only the client version can be posted."
NEXT_CENTURY = "2099-11-24"


async def closed_with_our_part(dana: TeamsUser, thread: str = THREAD) -> None:
    """A recovery that is bound to a thread and over, with something in it that a client may read."""
    await dana.begin("Acme", thread)
    await dana.more("7 Handle the feelings", "1 of 8")
    await dana.fill("Add", {"Our part": "I did not check."}, "7 of 8")
    await dana.type("stop", thread)
    dana.answered = {}


async def posts(at: TeamsHarness, thread: str = THREAD) -> list[str]:
    """What was posted there, once all mail is sent."""
    await at.settled()
    return at.texts_in(thread)


# --- what is heard, where a team or a chat has consented to it


async def test_a_clients_words_can_be_taken_as_a_fact_and_a_colleagues_cannot(on_teams: TeamsHarness) -> None:
    dana, thread = on_teams.user("dana"), f"{SHARED};messageid={ROOT}"
    await dana.begin("Acme", thread)
    await on_teams.user("eve").write("Good luck", thread)
    await on_teams.user("kim").write("Nobody &lt;called&gt; us", thread)
    more = await dana.open("More", "1 of 8")
    assert "“Nobody <called> us”" in shown_text(more)
    assert "Good luck" not in shown_text(more)
    after = await dana.submit(more, "Note it")
    assert "“Nobody <called> us”" not in shown_text(after.card)
    assert [row["text"] for row in await on_teams.rows(t.entry)] == ["Nobody <called> us"]


async def test_a_colleague_who_counts_as_the_client_is_heard_too(trusted: Path) -> None:
    eve = "aaaaaaaa-0000-4000-8000-000000000001"
    async with teams_harness(f"sqlite:///{trusted}/room.db", trusted, teams_client_object_ids=eve) as at:
        at.connector.people["eve"]["aadObjectId"] = eve
        dana = at.user("dana")
        await dana.begin("Acme", THREAD)
        await at.user("eve").write("Nobody called us", THREAD)
        assert "“Nobody called us”" in shown_text(await dana.open("More", "1 of 8"))


async def test_the_responders_own_words_count_as_activity_and_those_elsewhere_as_nothing(
    on_teams: TeamsHarness,
) -> None:
    dana = on_teams.user("dana")
    await dana.begin("Acme", THREAD)
    (before,) = [row["due_at"] for row in await on_teams.rows(t.timer)]
    known = len(await on_teams.rows(t.event))
    await dana.write("Lunch?", f"{CHANNEL};messageid=1500000000009")
    await on_teams.user("eve").write("Lunch?", THREAD)
    await dana.write("We look into it", THREAD, **{"from": {"id": "28:another-app", "name": "An app"}})
    assert len(await on_teams.rows(t.event)) == known
    await dana.write("We look into it", THREAD)
    (after,) = [row["due_at"] for row in await on_teams.rows(t.timer)]
    assert after > before
    assert on_teams.texts_in(THREAD) == []


# --- who may read it


async def a_guest_in_the_channel(at: TeamsHarness) -> str:
    at.connector.add("gus", CHANNEL, userRole="guest")
    return THREAD


async def a_guest_known_by_name_alone(at: TeamsHarness) -> str:
    at.connector.add("gus", CHANNEL, userPrincipalName="gus_else.example#EXT#@northwind.example")
    return THREAD


async def somebody_of_another_company(at: TeamsHarness) -> str:
    at.connector.add("gus", GROUP, tenantId=OTHER_TENANT)
    return GROUP


async def a_shared_channel_with_colleagues_alone(at: TeamsHarness) -> str:
    at.connector.members[SHARED] = ["dana", "ben"]
    return f"{SHARED};messageid={ROOT}"


async def a_guest_on_the_second_page(at: TeamsHarness) -> str:
    at.connector.page = 2
    at.connector.add("gus", CHANNEL, userRole="guest")
    return THREAD


async def more_members_than_are_looked_at(at: TeamsHarness) -> str:
    at.connector.page = 1
    at.connector.add("fay", CHANNEL)
    at.connector.add("ivy", CHANNEL)
    return THREAD


async def members_that_teams_does_not_tell(at: TeamsHarness) -> str:
    at.connector.fail("members", 403, 1000, code="NotEnoughPermissions")
    return THREAD


@pytest.mark.parametrize(
    "conversation",
    [
        a_guest_in_the_channel,
        a_guest_known_by_name_alone,
        somebody_of_another_company,
        a_shared_channel_with_colleagues_alone,
        a_guest_on_the_second_page,
        more_members_than_are_looked_at,
        members_that_teams_does_not_tell,
    ],
)
async def test_only_the_client_safe_summary_goes_to(
    on_teams: TeamsHarness, conversation: Callable[[TeamsHarness], Awaitable[str]]
) -> None:
    thread = await conversation(on_teams)
    dana = on_teams.user("dana")
    shared = {"channel": {"id": SHARED, "type": "shared"}} if thread.startswith(SHARED) else {}
    activity = dana.activity("message", thread, text="<at>Trust Recover</at> Acme")
    activity["channelData"] |= shared
    activity["entities"] = [{"type": "mention", "text": "<at>Trust Recover</at>", "mentioned": {"id": BOT}}]
    await dana.send(activity)
    await closed_with_our_part(dana, thread)
    card = await dana.guide(CLIENT_SAFE, "Hello,")
    assert "Internal version" not in labels(card)
    assert await posts(on_teams, thread) == []
    (post,) = [one for one in actions(card) if one.get("title") == "Post client version"]
    assert "Post the client version there?" in shown_text(post["card"])
    await dana.press(card, "Yes: Post client version")
    (summary,) = await posts(on_teams, thread)
    assert "I did not check. I am sorry." in summary
    assert "(internal)" not in summary


async def test_a_channel_of_colleagues_gets_the_internal_summary_on_many_pages_too(on_teams: TeamsHarness) -> None:
    on_teams.connector.page = 1
    dana = on_teams.user("dana")
    await closed_with_our_part(dana)
    card = await dana.guide("Post internal version")
    (link,) = [one["url"] for one in actions(card) if one["type"] == "Action.OpenUrl"]
    assert link.startswith("https://teams.microsoft.com/l/message/19%3Aacme%40thread.tacv2/1500000000000?")
    assert "tenantId=aaaabbbb" in link
    assert "groupId=00000000-0000-0000-0000-0000000000aa" in link
    await dana.tap("Yes: Post internal version", "Post internal version")
    (post,) = await posts(on_teams)
    assert post.startswith("<b>Trust recovery: Acme (internal)</b>")


def changed(dana: TeamsUser, **more: object) -> Json:
    """What Teams tells when members come or go, or a channel changes."""
    return dana.activity("conversationUpdate", CHANNEL, **more)


async def a_guest_comes(dana: TeamsUser) -> None:
    dana.harness.connector.add("gus", CHANNEL, userRole="guest")
    await dana.send(changed(dana, membersAdded=[{"id": "29:gus"}]))


async def somebody_unknown_comes(dana: TeamsUser) -> None:
    await dana.send(changed(dana, membersAdded=[{"id": "29:nobody"}]))


async def the_channel_is_shared(dana: TeamsUser) -> None:
    await post(dana.harness, channel_event("channelShared", CHANNEL, kind="shared"))


async def a_guest_comes_with_many_others(dana: TeamsUser) -> None:
    names = [f"new{number}" for number in range(30)]
    for name in names:
        dana.harness.connector.add(name, CHANNEL, userRole="guest" if name == "new29" else "user")
    await dana.send(changed(dana, membersAdded=[{"id": f"29:{name}"} for name in names]))
    assert not [one for one in dana.harness.connector.sent("member") if "29:new" in str(one.body)], (
        "none is looked up alone"
    )


async def somebody_comes_of_whom_teams_tells_no_company(dana: TeamsUser) -> None:
    dana.harness.connector.add("nob", CHANNEL, tenantId=None)
    await dana.send(changed(dana, membersAdded=[{"id": "29:nob"}]))


@pytest.mark.parametrize(
    "comes",
    [
        a_guest_comes,
        a_guest_comes_with_many_others,
        somebody_unknown_comes,
        somebody_comes_of_whom_teams_tells_no_company,
        the_channel_is_shared,
    ],
)
async def test_the_internal_summary_in_view_gives_way_when(
    on_teams: TeamsHarness, comes: Callable[[TeamsUser], Awaitable[None]]
) -> None:
    dana = on_teams.user("dana")
    await closed_with_our_part(dana)
    await dana.guide("Post internal version")
    await comes(dana)
    await dana.guide(CLIENT_SAFE, "Hello,")


@pytest.mark.parametrize("status", [503, 429])
async def test_a_member_of_whom_teams_does_not_say_who_it_is_counts_as_external_until_the_readers_are_known(
    on_teams: TeamsHarness, status: int
) -> None:
    dana, go = on_teams.user("dana"), asyncio.Event()
    await closed_with_our_part(dana)
    await dana.guide("Post internal version")
    on_teams.connector.add("ina", CHANNEL)
    on_teams.connector.fail("member", status, 2)
    on_teams.connector.fail("members", 200, go=go)
    reply = await dana.send(changed(dana, membersAdded=[{"id": "29:ina"}]))
    assert reply.status == 200, "Teams might not send it again"
    await dana.guide(CLIENT_SAFE, "Hello,")
    go.set()
    await dana.guide("Post internal version", "Hello,")


async def test_when_the_guest_has_gone_the_internal_summary_can_be_posted_again(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await closed_with_our_part(dana)
    await dana.guide("Post internal version")
    await a_guest_comes(dana)
    await dana.guide(CLIENT_SAFE)
    on_teams.connector.members[CHANNEL].remove("gus")
    await dana.send(changed(dana, membersRemoved=[{"id": "29:gus"}]))
    await dana.guide("Post internal version", "Hello,")


async def test_a_colleague_who_comes_changes_nothing(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await closed_with_our_part(dana)
    await dana.guide("Post internal version")
    await on_teams.settled()
    before = len(await on_teams.rows(t.event))
    await dana.send(changed(dana, membersAdded=[{"id": "29:ben"}]))
    assert len(await on_teams.rows(t.event)) == before


async def test_a_guest_of_the_team_is_one_of_all_its_channels(on_teams: TeamsHarness) -> None:
    dana, other = on_teams.user("dana"), "19:other@thread.tacv2"
    await closed_with_our_part(dana)
    await dana.guide("Post internal version")
    on_teams.connector.add("gus", CHANNEL, other, userRole="guest")
    activity = dana.activity("conversationUpdate", other, membersAdded=[{"id": "29:gus"}])
    await dana.send(activity)
    await dana.guide(CLIENT_SAFE, "Hello,")


@pytest.mark.parametrize("is_told", [True, False], ids=["a guest who came", "members that Teams does not tell"])
async def test_nothing_internal_is_posted_before_it_was_checked_once_more_for(
    on_teams: TeamsHarness, *, is_told: bool
) -> None:
    dana = on_teams.user("dana")
    await closed_with_our_part(dana)
    await dana.guide("Post internal version")
    await on_teams.settled()
    if is_told:
        on_teams.connector.add("gus", CHANNEL, userRole="guest")
    else:
        on_teams.connector.fail("members", 403, 1000, code="NotEnoughPermissions")
    await dana.tap("Yes: Post internal version", "Post internal version")
    assert await posts(on_teams) == []
    text = "\n".join(on_teams.texts_in(dana.chat))
    assert "Internal version: not posted to the thread." in text
    assert ("People outside your company can read the thread now" in text) == is_told


# --- what is posted later


async def test_the_thread_is_told_of_a_kept_promise_that_was_posted_there(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.begin("Acme", THREAD)
    await dana.more("8 Handle the problem", "1 of 8")
    promise = {"Who": "Ana", "Does what": "send a fixed <export>", "or type it": f"{NEXT_CENTURY}T10:00"}
    await dana.fill("Add", promise, "8 of 8")
    await dana.type("stop", THREAD)
    await dana.tap("Yes: Post internal version", "Post internal version")
    await on_teams.connector.calls.until(lambda call: call.conversation == THREAD and call.ok)
    dana.answered = {}
    await dana.more("Kept", "Posted.", beside="send a fixed <export>")
    _, reply = await posts(on_teams)
    assert reply == "Done: send a fixed &lt;export&gt;"


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("BotNotInConversationRoster", 403, "The app is not in the channel. Invite it"),
        ("ConversationNotFound", 404, "There is no thread to post to."),
        ("TeamArchived", 403, "The channel is archived. Unarchive it, then post again."),
        ("BotDisabledByAdmin", 403, "The app is not allowed to write there. Ask an administrator to allow it"),
    ],
)
async def test_a_summary_that_cannot_arrive_is_explained_and_can_be_posted_again(
    on_teams: TeamsHarness, code: str, status: int, words: str
) -> None:
    dana = on_teams.user("dana")
    await closed_with_our_part(dana)
    await dana.guide("Post internal version")
    on_teams.connector.fail("send", status, code=code, where=CHANNEL)
    await dana.tap("Yes: Post internal version", "Post internal version")
    assert await posts(on_teams) == []
    text = "\n".join(on_teams.texts_in(dana.chat))
    assert "Internal version: not posted to the thread." in text
    assert words in text
    dana.answered = {}
    await dana.tap("Yes: Post internal version", "Check the summary. Then post it.")
    assert len(await posts(on_teams)) == 1
