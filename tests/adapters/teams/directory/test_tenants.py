"""Several companies at once; addresses that change; the app added and removed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.teams.directory import tables
from bot.storage import tables as t
from tests.adapters.teams.card_client import Json
from tests.adapters.teams.documented_payloads import channel_event, post, team_event
from tests.adapters.teams.fake_connector import BOT, CHANNEL, GROUP, OTHER_TENANT, TEAM, fake_connector
from tests.adapters.teams.fake_microsoft import TENANT
from tests.adapters.teams.harness import SECONDS_BETWEEN_LOOKS, TeamsHarness, TeamsUser, teams_harness
from tests.adapters.teams.payloads import shown_text
from tests.peers.slack.waiting import SECONDS_OF_PATIENCE

pytestmark = pytest.mark.usefixtures("at_once")

THREAD = f"{CHANNEL};messageid=1500000000000"
OTHER_CHANNEL = "19:borg@thread.tacv2"


@asynccontextmanager
async def two_companies(folder: Path, database_url: str = "") -> AsyncIterator[tuple[TeamsUser, TeamsUser]]:
    """Dana of each company: with the same ids of person, chat and channel, as it could be, and a Teams of its own."""
    url = database_url or f"sqlite:///{folder}/room.db"
    async with teams_harness(url, folder, teams_tenant_id="") as north, fake_connector() as other:
        for person in other.people.values():
            person["tenantId"] = OTHER_TENANT
        south = replace(north, connector=other)
        yield north.user("dana"), TeamsUser("dana", south, OTHER_TENANT)


async def steps(at: TeamsHarness) -> list[tuple[str, str]]:
    return sorted((row["workspace"], row["step"]) for row in await at.rows(t.recovery))


async def test_each_company_has_its_own_recoveries(database_url: str, trusted: Path) -> None:
    async with two_companies(trusted, database_url) as (north, south):
        assert (north.id, north.chat) == (south.id, south.chat)
        await north.begin("Acme", THREAD)
        await south.type("status", THREAD)
        assert south.harness.texts_in(south.chat) == [
            "You lead no recovery here. To start one, type /trust-recover and the client's name."
        ]
        await south.type("home")
        await south.type("", THREAD)
        assert "Acme" not in "".join(south.harness.texts_in(south.chat))
        await south.begin("Acme", THREAD)
        await north.tap("I am ready", "1 of 8")
        await south.guide("1 of 8")
        await south.harness.settled()
        assert await steps(north.harness) == [(TENANT, "facts"), (OTHER_TENANT, "prepare")]
        assert {
            call.body["recipient"]["id"] for call in south.harness.connector.calls if "recipient" in call.body
        } == set()
        assert not any("2 of 8" in message for message in south.harness.texts_in(south.chat))


async def test_another_companys_recovery_is_refused_however_it_is_named_and_nothing_is_stored(trusted: Path) -> None:
    async with two_companies(trusted) as (north, south):
        guide = await north.begin("Quietwater Mills", THREAD)
        await south.begin("Borg", THREAD)
        form = (await north.more("Invite an observer", "1 of 8")).card
        panel = await north.open("More", "1 of 8")
        await north.harness.settled()
        before = await north.harness.traces()
        for reply in (
            await south.press(guide, "I am ready"),
            await south.press(guide, "Add", {"Contact": "Kim"}),
            await south.press(guide, "More"),
            await south.submit(panel, "End the recovery"),
            await south.submit(panel, "Hand over"),
        ):
            assert reply.status == 401
            assert reply.word.startswith("This recovery does not exist here.")
            assert "Quietwater" not in str(reply)
        reply = await south.submit(form, "Invite", {"Who?": "Ben"})
        assert (reply.status, reply.word) == (
            401,
            "The form was made for another person. Open your own form from your guide.",
        )
        after = await north.harness.traces()
        assert {name: rows for name, rows in after.items() if rows != before[name] and name != "teams_user"} == {}


async def test_what_is_said_and_shared_in_one_company_is_nothing_to_the_other(trusted: Path) -> None:
    async with two_companies(trusted) as (north, south):
        await north.begin("Acme", THREAD)
        await north.harness.settled()
        before = await north.harness.rows(t.event)
        await south.write("We look into it", THREAD)
        shared = south.activity("conversationUpdate", CHANNEL)
        shared["channelData"] |= {"eventType": "channelShared"}
        await south.send(shared)
        assert await north.harness.rows(t.event) == before


@pytest.mark.parametrize(
    ("settings", "served"),
    [
        ({"teams_tenant_id": ""}, True),
        ({"teams_allowed_tenants": OTHER_TENANT}, True),
        ({"teams_allowed_tenants": OTHER_TENANT.upper()}, True),
        ({"teams_allowed_tenants": "11111111-0000-4444-8888-000000000009"}, False),
        ({}, False),
    ],
    ids=["multi-tenant", "named", "named in capitals", "others are named", "single-tenant"],
)
async def test_which_companies_are_served(trusted: Path, settings: Json, *, served: bool) -> None:
    async with teams_harness(f"sqlite:///{trusted}/room.db", trusted, **settings) as at:
        kim = TeamsUser("kim", at, OTHER_TENANT)
        before = await at.traces()
        status = (await kim.send(kim.activity("message", text="start Acme"))).status
        assert (status, await at.traces() != before) == ((200, True) if served else (401, False))


# --- addresses


async def test_messages_go_to_the_address_that_teams_named_last(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.begin("Acme", THREAD)
    await dana.type("stop", THREAD)
    card = await dana.guide("Post internal version")
    await on_teams.settled()
    async with fake_connector() as moved:
        there = TeamsUser("dana", replace(on_teams, connector=moved))
        await there.type("status")
        await there.type("status", THREAD)
        calls = len(on_teams.connector.calls)
        await there.press(card, "Yes: Post internal version")
        await moved.calls.until(lambda call: call.what == "send" and call.conversation == THREAD)
        await on_teams.settled()
        assert len(on_teams.connector.calls) == calls, "nothing went to the old address"


async def test_only_the_conversation_of_an_activity_moves_with_it(on_teams: TeamsHarness) -> None:
    dana, eve = on_teams.user("dana"), on_teams.user("eve")
    await dana.begin("Acme", THREAD)
    await eve.type("hello")
    async with fake_connector() as moved:
        await TeamsUser("eve", replace(on_teams, connector=moved)).type("hello")
        await dana.tap("I am ready", "1 of 8")
        await on_teams.settled()
        assert "2 of 8" in shown_text(await dana.guide("2 of 8"))
        assert {call.conversation for call in moved.calls} == {eve.chat}


# --- added and removed


def installed(user: TeamsUser, action: str, conversation: str = "") -> Json:
    return user.activity("installationUpdate", conversation, action=action)


async def kept(at: TeamsHarness) -> dict[str, set[str]]:
    """What Teams told us, by table: whose or of which conversation it is."""
    names = {
        tables.conversation: "conversation",
        tables.audience: "conversation",
        tables.user: "user_id",
        tables.card_position: "chat",
    }
    return {table.name: {row[name] for row in await at.rows(table)} for table, name in names.items()}


async def test_who_adds_the_app_is_shown_their_home(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    for action in ("add", "add-upgrade"):
        assert (await dana.send(installed(dana, action))).status == 200
    assert ["You have no open recovery." in message for message in on_teams.texts_in(dana.chat)] == [True, True]
    on_teams.connector.add("gus", CHANNEL, userRole="guest")
    gus = on_teams.user("gus")
    await gus.send(installed(gus, "add"))
    assert on_teams.texts_in(gus.chat) == ["Only members of the company that installed this app can use it."]


async def test_a_guest_who_cannot_even_be_told_is_not_asked_for_again(on_teams: TeamsHarness) -> None:
    on_teams.connector.add("gus", CHANNEL, userRole="guest")
    on_teams.connector.closed.add("gus")
    gus = on_teams.user("gus")
    assert (await gus.send(installed(gus, "add"))).status == 200


async def test_when_the_app_is_added_to_a_channel_or_chat_it_looks_who_reads_there(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    on_teams.connector.add("gus", GROUP, userRole="guest")
    await dana.send(installed(dana, "add", CHANNEL))
    await dana.send(installed(dana, "add", GROUP))
    await on_teams.connector.calls.until(lambda call: call.what == "members", 2)
    async with asyncio.timeout(SECONDS_OF_PATIENCE):
        while len(rows := await on_teams.rows(tables.audience)) < 2:  # noqa: ASYNC110 - what is learnt tells nobody
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    assert {row["conversation"]: row["has_external_users"] for row in rows} == {CHANNEL: False, GROUP: True}
    assert on_teams.connector.sent() == [], "and says nothing"


async def test_who_removes_the_app_is_forgotten_and_their_recoveries_stay(on_teams: TeamsHarness) -> None:
    dana, ben = on_teams.user("dana"), on_teams.user("ben")
    await dana.begin("Acme", THREAD)
    await ben.begin("Acme", THREAD)
    await on_teams.settled()
    await dana.send(installed(dana, "remove"))
    after = await kept(on_teams)
    assert after["teams_user"] == {ben.id}
    assert after["teams_card_position"] == {ben.chat}
    assert after["teams_conversation"] == {CHANNEL}
    assert len(await on_teams.rows(t.recovery)) == 2
    await dana.send(installed(dana, "add"))
    assert "Acme: 1 of 8" in on_teams.texts_in(dana.chat)[-1]
    await dana.type("summary")
    await on_teams.settled()
    (row,) = [row for row in await on_teams.rows(tables.card_position) if row["chat"] == dana.chat]
    assert row["activity"] == [*on_teams.connector.messages[dana.chat]][-1], "the guide is brought anew"


async def test_a_team_that_removes_the_app_is_forgotten_with_all_its_channels(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    on_teams.connector.members[OTHER_CHANNEL] = ["dana"]
    await dana.begin("Acme", THREAD)
    await dana.begin("Borg", OTHER_CHANNEL)
    await dana.begin("Cello", GROUP)
    await on_teams.settled()
    removed = installed(dana, "remove", TEAM)
    assert removed["channelData"]["team"]["id"] == TEAM
    await dana.send(removed)
    after = await kept(on_teams)
    assert after["teams_conversation"] == {GROUP}
    assert after["teams_audience"] == {GROUP}
    assert len(await on_teams.rows(t.recovery)) == 3


@pytest.mark.parametrize("how", ["removed", "deleted"])
async def test_one_chat_or_channel_that_goes_is_forgotten_alone(on_teams: TeamsHarness, how: str) -> None:
    dana = on_teams.user("dana")
    on_teams.connector.members[OTHER_CHANNEL] = ["dana"]
    await dana.begin("Acme", THREAD)
    await dana.begin("Borg", OTHER_CHANNEL)
    await dana.begin("Cello", GROUP)
    await on_teams.settled()
    if how == "removed":
        await dana.send(installed(dana, "remove", GROUP))
    else:
        await post(on_teams, channel_event("channelDeleted", OTHER_CHANNEL, CHANNEL))  # whose General it is
    after = await kept(on_teams)
    assert after["teams_conversation"] == {CHANNEL, OTHER_CHANNEL if how == "removed" else GROUP}
    assert after["teams_audience"] == after["teams_conversation"]


async def two_channels(on_teams: TeamsHarness) -> None:
    """Recoveries in the General channel of a team, which has the team's id, and in another one of its channels."""
    dana = on_teams.user("dana")
    on_teams.connector.members[TEAM] = on_teams.connector.members[OTHER_CHANNEL] = ["dana"]
    await dana.begin("Acme", TEAM)
    await dana.begin("Borg", OTHER_CHANNEL)
    await dana.begin("Cello", GROUP)
    await on_teams.settled()


async def test_a_channel_that_is_created_or_renamed_is_not_stored_and_the_general_channel_stays_as_it_is(
    on_teams: TeamsHarness,
) -> None:
    await two_channels(on_teams)
    before = {row["conversation"]: row for row in await on_teams.rows(tables.conversation)}
    for event_type in ("channelCreated", "channelRenamed", "channelRestored"):
        event = channel_event(event_type, "19:new@thread.tacv2", kind="shared")
        assert (await post(on_teams, event)).status == 200
    after = {row["conversation"]: row for row in await on_teams.rows(tables.conversation)}
    assert after[TEAM] == before[TEAM]
    assert after[TEAM]["channel_kind"] == ""
    assert set(after) - set(before) <= {"19:new@thread.tacv2"}


@pytest.mark.parametrize("event_type", ["channelDeleted", "channelShared"])
async def test_an_event_of_a_channel_that_does_not_say_which_changes_nothing(
    on_teams: TeamsHarness, event_type: str
) -> None:
    await two_channels(on_teams)
    before = await on_teams.rows(tables.conversation), await on_teams.rows(tables.audience)
    assert (await post(on_teams, team_event(event_type))).status == 200
    assert (await on_teams.rows(tables.conversation), await on_teams.rows(tables.audience)) == before


async def test_a_shared_channel_says_nothing_of_the_general_one(on_teams: TeamsHarness) -> None:
    await two_channels(on_teams)
    event = channel_event("channelShared", OTHER_CHANNEL, kind="shared")
    await post(on_teams, event)
    readers = {row["conversation"]: row["has_external_users"] for row in await on_teams.rows(tables.audience)}
    assert readers == {TEAM: False, OTHER_CHANNEL: True, GROUP: False}


@pytest.mark.parametrize("event_type", ["teamDeleted", "teamHardDeleted", "TEAMDELETED"])
async def test_a_team_that_is_deleted_is_forgotten_with_all_its_channels(
    on_teams: TeamsHarness, event_type: str
) -> None:
    await two_channels(on_teams)
    await post(on_teams, team_event(event_type))
    after = await kept(on_teams)
    assert after["teams_conversation"] == after["teams_audience"] == {GROUP}
    assert len(await on_teams.rows(t.recovery)) == 3, "recoveries stay"


@pytest.mark.parametrize("event_type", ["teamArchived", "teamUnarchived", "teamRenamed", "teamrestored"])
async def test_a_team_that_changes_otherwise_is_not_forgotten(on_teams: TeamsHarness, event_type: str) -> None:
    await two_channels(on_teams)
    await post(on_teams, team_event(event_type))
    assert (await kept(on_teams))["teams_conversation"] == {TEAM, OTHER_CHANNEL, GROUP}


async def test_an_app_that_leaves_a_team_or_one_channel_forgets_just_that(on_teams: TeamsHarness) -> None:
    await two_channels(on_teams)
    members = [{"id": BOT}]
    await post(on_teams, channel_event("channelMemberRemoved", OTHER_CHANNEL, membersRemoved=members))
    assert (await kept(on_teams))["teams_conversation"] == {TEAM, GROUP}
    await post(on_teams, team_event("teamMemberRemoved", membersRemoved=members))
    assert (await kept(on_teams))["teams_conversation"] == {GROUP}


async def test_a_guest_who_joins_a_shared_channel_can_read_there_alone(on_teams: TeamsHarness) -> None:
    await two_channels(on_teams)
    on_teams.connector.add("gus", OTHER_CHANNEL, userRole="guest")
    await post(on_teams, channel_event("channelMemberAdded", OTHER_CHANNEL, membersAdded=[{"id": "29:gus"}]))
    readers = {row["conversation"]: row["has_external_users"] for row in await on_teams.rows(tables.audience)}
    assert readers == {TEAM: False, OTHER_CHANNEL: True, GROUP: False}


async def test_an_address_in_another_spelling_is_not_stored_again(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.begin("Acme", THREAD)
    await on_teams.settled()
    before = await on_teams.rows(tables.conversation)
    url = on_teams.connector.url
    for spelling in (url.rstrip("/"), url.rstrip("/") + "//", url.replace("http", "HTTP")):
        assert (await dana.send(dana.activity("message", THREAD, text="hi", serviceUrl=spelling))).status == 200
    assert await on_teams.rows(tables.conversation) == before
