"""Several workspaces at once, a whole organisation, and the app removed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from adapters.shared.crypto import Keys
from adapters.slack.directory import tables
from adapters.slack.directory.installations import Installation, StoredInstallations
from bot.clock import system_clock
from bot.storage import tables as t
from tests.adapters.slack.harness import KEY, NORTHWIND, SlackHarness, SlackUser, labels, slack_harness, words_of
from tests.peers.slack import events
from tests.peers.slack.team import ADMIN, Json, Team

SOUTHWIND = Team("T0SOUTHWIND", "Southwind")
ORGANISATION = ("E0WINDS", "All the Winds")


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    """Two workspaces. Their administrators have the same user id."""
    async with slack_harness(f"sqlite:///{tmp_path}/room.db", NORTHWIND, SOUTHWIND) as at:
        assert north(at).id == south(at).id
        yield at


@pytest.fixture
async def stored(database_url: str) -> AsyncIterator[SlackHarness]:
    """The same, on either database."""
    async with slack_harness(database_url, NORTHWIND, SOUTHWIND) as at:
        yield at


def north(at: SlackHarness) -> SlackUser:
    return at.user(ADMIN, NORTHWIND)


def south(at: SlackHarness) -> SlackUser:
    return at.user(ADMIN, SOUTHWIND)


async def test_each_workspace_has_its_own_recoveries(stored: SlackHarness) -> None:
    await north(stored).begin("Acme")
    assert "You lead no recovery here." in words_of((await south(stored).type("status")).json)
    assert "Acme" not in words_of(await south(stored).home())
    await south(stored).begin("Acme")
    await north(stored).tap("I am ready", "1 of 8")
    await north(stored).guide("2 of 8")
    await south(stored).guide("1 of 8")
    result = sorted((row["workspace"], row["step"]) for row in await stored.rows(t.recovery))
    assert result == [("T0NORTHWIND", "facts"), ("T0SOUTHWIND", "prepare")]


async def test_a_button_with_another_workspaces_recovery_is_refused(two: SlackHarness) -> None:
    card = await north(two).begin("Acme")
    theirs = card | {"channel": await south(two).workspace.direct(ADMIN)}
    await south(two).sender.press(ADMIN, theirs, "I am ready")
    (notice,) = two.slack.workspaces["T0SOUTHWIND"].ephemerals()
    assert "This recovery does not exist here." in words_of(notice.arguments["blocks"])
    await north(two).guide("1 of 8")


async def test_a_form_of_another_workspaces_recovery_is_refused(two: SlackHarness) -> None:
    await north(two).begin("Acme")
    await south(two).begin("Borg")
    theirs = (await north(two).open("Add…", "1 of 8"))["private_metadata"]
    form = await south(two).open("Add…", "1 of 8") | {"private_metadata": theirs}
    reply = await south(two).submit(form, {"Contact": "Kim"})
    assert "This recovery does not exist here." in words_of(reply.json["view"])
    assert await two.rows(t.entry) == []


async def test_what_is_said_and_shared_in_one_workspace_is_nothing_to_the_other(two: SlackHarness) -> None:
    message = await north(two).begin_in_thread()
    before = len(await two.rows(t.event))
    wrote = events.message(message["channel"], south(two).id, "Hello", thread_ts=message["ts"])
    await south(two).sender.event(wrote)
    await south(two).sender.event(events.channel_shared(message["channel"], "T0ACME"))
    assert len(await two.rows(t.event)) == before


# --- removed


async def uninstalled(at: SlackHarness) -> None:
    await south(at).sender.event(events.app_uninstalled())


async def revoked(at: SlackHarness) -> None:
    await south(at).sender.event(events.tokens_revoked(bot=(SOUTHWIND.bot_user,)))


@pytest.mark.parametrize("removed", [uninstalled, revoked])
async def test_what_hangs_on_the_token_goes_with_it(
    stored: SlackHarness, removed: Callable[[SlackHarness], Awaitable[None]]
) -> None:
    await north(stored).begin_in_thread()
    await south(stored).ready_to_post()
    await removed(stored)
    for table in (tables.installation, tables.user, tables.audience, tables.card_position):
        assert {row["workspace"] for row in await stored.rows(table)} <= {"T0NORTHWIND"}, table.name
    assert "xoxb" not in str(await stored.rows(tables.installation))


async def test_who_asks_after_that_is_told_what_to_do(two: SlackHarness) -> None:
    await uninstalled(two)
    reply = await south(two).type("Acme")
    assert "This app is no longer installed here. Ask an administrator to install it again." in reply.text


async def test_the_other_workspace_goes_on(two: SlackHarness) -> None:
    await uninstalled(two)
    await north(two).begin("Acme")
    await north(two).tap("I am ready", "1 of 8")
    await north(two).guide("2 of 8")


async def test_the_recoveries_stay_and_go_on_when_it_is_installed_again(two: SlackHarness) -> None:
    await south(two).begin("Acme")
    await uninstalled(two)
    await StoredInstallations(two.parts.database, Keys([KEY]), system_clock).save(installation(SOUTHWIND))
    assert "1 of 8" in words_of(await south(two).home())
    assert "Breathe." in words_of((await south(two).type("status")).json)


async def test_tokens_of_people_are_not_ours(two: SlackHarness) -> None:
    await south(two).sender.event(events.tokens_revoked(oauth=(south(two).id,)))
    await south(two).begin("Acme")


# --- a whole organisation


def installation(team: Team, organisation: tuple[str, str] | None = None) -> Installation:
    workspace, enterprise, of = (
        (organisation[0], organisation[0], "") if organisation else (team.team_id, "", team.team_id)
    )
    return Installation(
        workspace, enterprise, of, team.name, team.bot_user, team.bot_token, team.bot_scopes, "U0ADMIN", 0.0
    )


@pytest.fixture
async def organisation(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    """The app is installed in all of an organisation, which Northwind belongs to."""
    async with slack_harness(f"sqlite:///{tmp_path}/room.db", installed=False) as at:
        await StoredInstallations(at.parts.database, Keys([KEY]), system_clock).save(
            installation(NORTHWIND, ORGANISATION)
        )
        at.sender().enterprise, at.sender().org_install = ORGANISATION, True
        for name in (*NORTHWIND.people, ADMIN):
            at.amend_user(name, enterprise_user={"enterprise_id": ORGANISATION[0]})
        yield at


async def test_an_organisations_recovery_goes_from_the_command_to_the_thread(organisation: SlackHarness) -> None:
    dana = organisation.user("dana")
    message: Json = await dana.ready_to_post()
    await dana.tap("Post internal version", "Acme (internal)")
    assert len(await dana.thread("acct-acme", message["ts"])) == 1


async def test_an_organisations_forms_and_events_are_taken(organisation: SlackHarness) -> None:
    dana = organisation.user("dana")
    message = await dana.begin_in_thread()
    reply = await dana.fill("Add…", {"Contact": "Kim"}, "1 of 8")
    assert reply.json == {"response_action": "clear"}
    before = len(await organisation.rows(t.event))
    await dana.write("We look into it", thread=message["ts"])
    assert len(await organisation.rows(t.event)) == before + 1
    assert "Acme: 1 of 8" in words_of(await dana.home())


async def test_a_colleague_of_another_team_of_the_organisation_can_lead(organisation: SlackHarness) -> None:
    organisation.amend_user("kim", team_id="T0SISTER")
    dana = organisation.user("dana")
    await dana.begin()
    await dana.fill("Too close to this", {"Who?": "kim"}, "1 of 8")
    assert "I am ready" in labels(await organisation.user("kim").guide("1 of 8"))


async def test_an_organisation_that_removes_the_app_is_forgotten(organisation: SlackHarness) -> None:
    dana = organisation.user("dana")
    await dana.sender.event(events.app_uninstalled())
    assert await organisation.rows(tables.installation) == []
    assert "This app is no longer installed here." in (await dana.type("Acme")).text
