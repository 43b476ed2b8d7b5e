"""What goes wrong between us and Teams' connector: nothing is lost, nothing overtakes, nothing is said to the wrong."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text, update

from adapters.port import FormSubmission, PostOut, RequestContext, Unavailable
from adapters.shared.storage import with_commit
from adapters.teams import delivery as teams_delivery
from adapters.teams.connector import client, rate_limit
from adapters.teams.directory import tables as teams_tables
from adapters.teams.directory.user import PLATFORM
from bot.storage import tables
from bot.workers import delivery
from flows.state.identity import Person, Place
from flows.wording.document import parse_document
from tests.adapters.teams import fake_microsoft
from tests.adapters.teams.card_client import Json
from tests.adapters.teams.fake_connector import CHANNEL, OTHER_TENANT, SHARED
from tests.adapters.teams.fake_microsoft import TENANT, trust_login_server
from tests.adapters.teams.harness import TeamsHarness, TeamsUser, teams_harness
from tests.peers.slack.waiting import SECONDS_OF_PATIENCE

THREAD = CHANNEL + ";messageid=1500000000000"
TEAMS = "Teams does not answer at the moment"
TWICE = "may be shown twice"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What goes wrong once. `lost`: Teams did it, and we cannot know."""

    status: int
    more: Json = field(default_factory=dict)
    lost: bool = False


WRONG = {
    "busy": Wrong(412),
    "too often": Wrong(429, {"headers": {"Retry-After": "0"}}),
    "an error": Wrong(500),
    "a bad gateway": Wrong(502),
    "a redirect": Wrong(307, {"headers": {"Location": "/teams/v3/elsewhere"}}),
    "our token is refused": Wrong(401, {"times": 2}),
    "the line drops": Wrong(0),
    "the answer is lost": Wrong(0, {"taken": True}, lost=True),
    "the gateway gives up": Wrong(504, {"taken": True}, lost=True),
    "the answer cannot be read": Wrong(200, {"taken": True, "raw": b"<html>"}),
}
of_each = pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)


@dataclass(slots=True)
class PeopleHarness:
    """A harness where every test has people of its own."""

    at: TeamsHarness
    _numbers: "count[int]" = field(default_factory=count)

    def somebody(self, tenant: str = TENANT) -> TeamsUser:
        name = f"p{next(self._numbers):03}"
        self.at.connector.add(name, CHANNEL, SHARED, tenantId=tenant)
        return self.at.user(name, tenant)

    def goes(self, wrong: Wrong, what: str, where: str) -> None:
        self.at.connector.fail(what, wrong.status, where=where, **wrong.more)

    async def recovery(self, account: str) -> str:
        (recovery_id,) = [row["id"] for row in await self.at.rows(tables.recovery) if row["account"] == account]
        return str(recovery_id)

    async def fill(self, recovery: str, by: TeamsUser, form: str, **answers: str | Person) -> None:
        """Somebody sends a form; it does not matter here how."""
        event_id, scene = f"{recovery}:{by.id}:{form}:{answers}", RequestContext(Place(PLATFORM, TENANT, ""))
        await self.at.parts.application.receive(
            FormSubmission(event_id, person(by), scene, recovery, form, dict(answers), wants_card=False)
        )


def person(user: TeamsUser) -> Person:
    return Person(PLATFORM, TENANT, user.id, user.name)


def into(user: TeamsUser, what: str = "send") -> Any:  # noqa: ANN401 - a test of a call
    return lambda call: call.what == what and call.conversation == user.chat


def quick(patch: pytest.MonkeyPatch) -> None:
    """Nobody waits long: not for Teams, not before another try, not between two messages."""
    patch.setattr(client, "CALL_TIMEOUT_SECONDS", 1.0)
    patch.setattr(delivery, "FIRST_BACKOFF_SECONDS", 0.01)
    patch.setattr(teams_delivery, "REST_SECONDS", 0.0)
    patch.setattr(teams_delivery, "POST_REST_SECONDS", 0.0)
    patch.setattr(rate_limit, "RATE_WINDOWS", ())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PeopleHarness]:
    folder: Path = tmp_path_factory.mktemp("again")
    with pytest.MonkeyPatch.context() as patch:
        trust_login_server(patch, folder)
        quick(patch)
        async with teams_harness(f"sqlite:///{folder}/room.db", folder, teams_allowed_tenants=OTHER_TENANT) as at:
            await at.user("dana").type("status")  # Teams is known from what comes in
            yield PeopleHarness(at)


@pytest.fixture(autouse=True)
def happened(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What was to go wrong did go wrong, and no token of ours was logged."""
    caplog.set_level(logging.DEBUG)
    yield
    assert "token-" not in caplog.text
    if "people" in request.fixturenames:
        faults = request.getfixturevalue("people").at.connector.faults
        left = [fault for fault in faults if fault.times]
        faults.clear()
        assert not left


async_ = pytest.mark.asyncio(loop_scope="module")


# -- Tried again ---------------------------------------------------------------------------------------------------


@async_
@of_each
async def test_a_guide_comes_though_teams_fails_at_first(
    people: PeopleHarness, wrong: Wrong, caplog: pytest.LogCaptureFixture
) -> None:
    user = people.somebody()
    for what in ("create", "send"):
        people.goes(wrong, what, user.chat)
    await people.fill("", user, "start", account=user.name)
    await people.at.settled()
    guides = [one for one in people.at.texts_in(user.chat) if "1 of 8" in one]
    assert len(guides) == (2 if wrong.lost else 1)
    assert (TWICE in caplog.text) == (wrong.status in {0, 500, 502, 504})


@async_
@of_each
async def test_a_guide_changes_in_its_place_though_teams_fails_at_first(
    people: PeopleHarness, wrong: Wrong, caplog: pytest.LogCaptureFixture
) -> None:
    user = people.somebody()
    await user.begin(user.name)
    await people.at.settled()
    people.goes(wrong, "update", user.chat)
    await user.tap("I am ready", "1 of 8")
    await people.at.settled()
    (guide,) = [one for one in people.at.texts_in(user.chat) if "of 8" in one]
    assert "2 of 8" in guide
    assert TWICE not in caplog.text


@async_
@of_each
async def test_nudges_come_in_order_though_teams_fails_at_first(
    people: PeopleHarness, wrong: Wrong, caplog: pytest.LogCaptureFixture
) -> None:
    user, observer = people.somebody(), people.somebody()
    await user.begin(user.name)
    recovery = await people.recovery(user.name)
    await people.fill(recovery, user, "observe", person=person(observer))
    await people.at.settled()
    people.goes(wrong, "send", user.chat)
    for number in ("one", "two", "three"):
        await people.fill(recovery, observer, "tip", text=f"Tip {number}")
    await people.at.settled()
    tips = [one.rpartition("Tip ")[2] for one in people.at.texts_in(user.chat) if "Tip " in one]
    assert tips == [*(["one"] if wrong.lost else []), "one", "two", "three"]
    assert (TWICE in caplog.text) == (wrong.status in {0, 500, 502, 504})


async def ready(people: PeopleHarness, user: TeamsUser, thread: str) -> None:
    """They see the internal summary, and may post it."""
    await user.begin(user.name, thread)
    await people.at.settled()
    await user.type("stop", thread)
    await user.guide("Check the summary. Then post it.", f"{user.name} (internal)")
    await people.at.settled()


@async_
@of_each
async def test_a_summary_reaches_its_thread_though_teams_fails_at_first(
    people: PeopleHarness, wrong: Wrong, caplog: pytest.LogCaptureFixture
) -> None:
    user = people.somebody()
    thread = f"{CHANNEL};messageid={user.name}"
    await ready(people, user, thread)
    caplog.clear()
    people.goes(wrong, "members", CHANNEL)
    people.goes(wrong, "send", thread)
    await user.tap("Yes: Post internal version", "Check the summary. Then post it.")
    await people.at.settled()
    posts = people.at.texts_in(thread)
    assert len(posts) == (2 if wrong.lost else 1)
    assert {user.name in one for one in posts} == {True}
    assert (TWICE in caplog.text) == (wrong.status in {0, 500, 502, 504})


@async_
@pytest.mark.parametrize(
    "wrong", [one for one in WRONG.values() if one.status], ids=[one for one in WRONG if WRONG[one].status]
)
async def test_somebody_whom_teams_does_not_tell_of_yet_is_asked_to_try_again(
    people: PeopleHarness, wrong: Wrong
) -> None:
    user = people.somebody()
    people.goes(wrong, "member", CHANNEL)
    await user.type(f"start {user.name}", THREAD)
    (notice,) = people.at.texts_in(user.chat)
    assert "Teams cannot tell the app at the moment whether you belong to the company." in notice
    await user.begin(user.name)


@async_
async def test_who_never_answers_is_asked_again(people: PeopleHarness) -> None:
    user, go = people.somebody(), asyncio.Event()
    await user.begin(user.name)
    people.at.connector.fail("update", 500, where=user.chat, go=go)
    await user.tap("I am ready", "1 of 8")
    await people.at.connector.calls.until(into(user, "update"))
    await people.at.settled()
    assert "2 of 8" in people.at.texts_in(user.chat)[-1]
    go.set()


@async_
async def test_a_guide_that_was_deleted_is_sent_anew(people: PeopleHarness) -> None:
    user = people.somebody()
    card = await user.begin(user.name)
    await people.at.settled()
    people.at.connector.messages[user.chat].clear()
    await user.press(card, "I am ready")
    await people.at.settled()
    (guide,) = people.at.texts_in(user.chat)
    assert "2 of 8" in guide


@async_
async def test_a_guide_whose_place_teams_did_not_tell_is_sent_anew(people: PeopleHarness) -> None:
    user = people.somebody()
    people.at.connector.fail("send", 200, times=2, where=user.chat, taken=True, raw=b"")
    await user.begin(user.name)
    await people.at.settled()
    assert "" not in {row["activity"] for row in await people.at.rows(teams_tables.card_position)}
    await user.tap("I am ready", "1 of 8")
    await people.at.settled()
    assert "2 of 8" in people.at.texts_in(user.chat)[-1]


@async_
async def test_a_guide_is_changed_where_another_process_has_put_it(people: PeopleHarness) -> None:
    user = people.somebody()
    await user.begin(user.name)
    await people.at.settled()
    people.at.connector.messages[user.chat]["elsewhere"] = {"type": "message", "text": "further down"}
    guide = teams_tables.card_position
    moved = update(guide).where(guide.c.chat == user.chat).values(activity="elsewhere")
    await people.at.parts.database.run(with_commit(lambda tx: tx.execute(moved).rowcount))
    await user.tap("I am ready", "1 of 8")
    await people.at.settled()
    assert "2 of 8" in people.at.texts_in(user.chat)[-1]


@async_
async def test_a_nudge_is_brought_once_though_what_is_below_the_guide_cannot_be_counted(people: PeopleHarness) -> None:
    user, observer = people.somebody(), people.somebody()
    await user.begin(user.name)
    recovery = await people.recovery(user.name)
    await people.fill(recovery, user, "observe", person=person(observer))
    await people.at.settled()
    database = people.at.parts.database
    broken = "CREATE TRIGGER broken BEFORE UPDATE ON teams_card_position BEGIN SELECT RAISE(ABORT, 'broken'); END"
    await database.run(with_commit(lambda tx: tx.execute(text(broken)).closed))
    try:
        await people.fill(recovery, observer, "tip", text="Tip one")
        await people.at.settled()
    finally:
        await database.run(with_commit(lambda tx: tx.execute(text("DROP TRIGGER broken")).closed))
    assert len([one for one in people.at.texts_in(user.chat) if "Tip one" in one]) == 1
    assert {row["state"] for row in await people.at.rows(tables.outbox)} == {"sent"}


@async_
async def test_a_guide_is_brought_once_though_nobody_could_write_down_where_it_stands(people: PeopleHarness) -> None:
    user, database = people.somebody(), people.at.parts.database
    broken = "CREATE TRIGGER broken BEFORE INSERT ON teams_card_position BEGIN SELECT RAISE(ABORT, 'broken'); END"
    await database.run(with_commit(lambda tx: tx.execute(text(broken)).closed))
    try:
        await user.begin(user.name)
        async with asyncio.timeout(SECONDS_OF_PATIENCE):
            while not any(  # noqa: ASYNC110 - the outbox tells nobody
                "broken" in (row["last_error"] or "") for row in await people.at.rows(tables.outbox)
            ):
                await asyncio.sleep(0.01)
    finally:
        await database.run(with_commit(lambda tx: tx.execute(text("DROP TRIGGER broken")).closed))
    await people.at.settled()
    assert len([one for one in people.at.texts_in(user.chat) if "1 of 8" in one]) == 1
    assert len([row for row in await people.at.rows(teams_tables.card_position) if row["chat"] == user.chat]) == 1


@async_
async def test_of_a_long_post_only_what_is_missing_is_sent_again(people: PeopleHarness) -> None:
    thread = f"{CHANNEL};messageid=long"
    teams = people.at.parts.delivery.platforms[PLATFORM]
    lines = "\n".join(f"{number} is what was said" for number in range(1500))
    out = PostOut("r:1:0", Place(PLATFORM, TENANT, CHANNEL, "long"), parse_document(lines))
    first = asyncio.Event()
    first.set()
    people.at.connector.fail("send", 200, where=thread, go=first)
    people.at.connector.fail("send", 502, where=thread)
    with pytest.raises(Unavailable):
        await teams.deliver(out)
    assert len(people.at.texts_in(thread)) == 1
    await teams.deliver(out)
    await teams.deliver(out)  # it was not written down that all of it is there
    posts = people.at.texts_in(thread)
    assert len(posts) > 1
    assert sum(one.count("is what was said") for one in posts) == 1500
    other = replace(out, key="r:2:0")
    await teams.deliver(other)
    assert people.at.texts_in(thread) == posts * 2


# -- Refused -------------------------------------------------------------------------------------------------------

REFUSED = {
    (403, "BotNotInConversationRoster"): "The app is not in the channel. Invite it",
    (404, "ConversationNotFound"): "There is no thread to post to.",
    (403, "BotDisabledByAdmin"): "The app is not allowed to write there.",
    (403, "MessageWritesBlocked"): "Their chat with the app cannot be opened.",
    (413, "MessageSizeTooBig"): "",
    (400, "BadSyntax"): "",
}


@async_
@pytest.mark.parametrize(("refusal", "reason"), REFUSED.items(), ids=str)
async def test_a_summary_that_teams_refuses_is_told_of_and_can_be_posted_again(
    people: PeopleHarness, refusal: tuple[int, str], reason: str
) -> None:
    user = people.somebody()
    thread = f"{CHANNEL};messageid={user.name}"
    await ready(people, user, thread)
    people.at.connector.fail("send", refusal[0], code=refusal[1], where=thread)
    await user.tap("Yes: Post internal version", "Check the summary. Then post it.")
    await people.at.settled()
    (word,) = [one for one in people.at.texts_in(user.chat) if "not posted to the thread" in one]
    assert reason in word
    dead = [row["last_error"] for row in await people.at.rows(tables.outbox) if row["state"] == "failed"]
    assert f"send: {refusal[0]} {refusal[1]}" in dead[-1]
    user.answered = {}
    await user.tap("Yes: Post internal version", "Check the summary. Then post it.", "Post internal version\n")
    await people.at.settled()
    assert len(people.at.texts_in(thread)) == 1


@async_
@pytest.mark.parametrize("what", ["create", "send"])
async def test_an_observer_who_cannot_be_reached_is_told_of_and_others_go_on(people: PeopleHarness, what: str) -> None:
    user, observer = people.somebody(), people.somebody()
    await user.begin(user.name)
    people.at.connector.fail(what, 403, times=1, code="MessageWritesBlocked", where=observer.chat)
    await people.fill(await people.recovery(user.name), user, "observe", person=person(observer))
    await people.at.settled()
    assert any(
        "could not be reached. Their chat with the app cannot be opened" in one for one in people.at.texts_in(user.chat)
    )
    await user.tap("I am ready", "1 of 8")
    await people.at.settled()
    assert any("2 of 8" in one for one in people.at.texts_in(user.chat))
    assert any("2 of 8" in one for one in people.at.texts_in(observer.chat)), "they have added the app since"


@async_
async def test_who_removed_the_app_midway_is_told_where_the_team_talks(people: PeopleHarness) -> None:
    user = people.somebody()
    thread = f"{CHANNEL};messageid={user.name}"
    await user.begin(user.name, thread)
    await people.at.settled()
    people.at.connector.fail("update", 403, code="BotNotInConversationRoster", where=user.chat)
    await user.tap("I am ready", "1 of 8")
    await people.at.settled()
    (word,) = people.at.connector.messages_in(thread)
    assert word["only_to"] == user.id
    assert user.name.capitalize() in str(word), "they know whom it is for"
    assert "2 of 8" not in str(word), "whoever else reads it learns nothing of a talk"


# -- Tokens and strangers ------------------------------------------------------------------------------------------


@async_
@pytest.mark.parametrize("refusal", [{}, {"error": "invalid_client", "error_codes": [7000215]}], ids=["away", "no"])
async def test_messages_wait_for_a_token(people: PeopleHarness, refusal: Json) -> None:
    user, login = people.somebody(), people.at.login
    await user.begin(user.name)
    await people.at.settled()
    login.status, login.refusal = 503 if not refusal else 401, refusal
    people.at.connector.fail("update", 401, where=user.chat)
    asked = len(login.asked_for)
    await user.tap("I am ready", "1 of 8")
    login.asked.clear()
    async with asyncio.timeout(SECONDS_OF_PATIENCE):
        while len(login.asked_for) == asked:  # noqa: ASYNC110 - it is set at once where it was asked already
            await asyncio.sleep(0.01)
    assert "2 of 8" not in str(people.at.texts_in(user.chat))
    login.status, login.refusal = 200, {}
    await people.at.settled()
    assert any("2 of 8" in one for one in people.at.texts_in(user.chat))


@async_
async def test_our_token_goes_to_no_address_that_teams_did_not_sign_for(people: PeopleHarness) -> None:
    user = people.somebody()
    forged = user.activity("message", text="status", serviceUrl="https://evil.example/teams/")
    signed_for = user.activity("message")["serviceUrl"]
    reply = await people.at.send(forged, Authorization=fake_microsoft.header(serviceurl=signed_for))
    assert reply.status == 401
    assert "evil" not in str(await people.at.traces())
    assert people.at.texts_in(user.chat) == []


@async_
async def test_a_client_who_writes_while_teams_is_away_is_told_nothing(people: PeopleHarness) -> None:
    client = people.somebody(OTHER_TENANT)
    client.tenant = TENANT
    before = len(people.at.connector.messages_in(SHARED))
    people.at.connector.fail("member", 502, where=SHARED)
    reply = await client.write("nobody called us back", SHARED)
    assert reply.status == 503
    assert len(people.at.connector.messages_in(SHARED)) == before
    assert people.at.texts_in(client.chat) == []


# -- Who is slow does not hold up others ---------------------------------------------------------------------------


async def test_slow_chats_hold_up_nobody_else(trusted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    monkeypatch.setattr(client, "CALL_TIMEOUT_SECONDS", 60.0)  # longer than this test waits for anything
    go = asyncio.Event()
    async with teams_harness(f"sqlite:///{trusted}/room.db", trusted, teams_allowed_tenants=OTHER_TENANT) as at:
        at.connector.add("olga", tenantId=OTHER_TENANT)
        slow, user = (at.user("ben"), at.user("olga", OTHER_TENANT)), at.user("dana")
        started = []
        for one in slow:
            at.connector.fail("send", 500, times=2, where=one.chat, go=go)  # the word that it began, and the guide
            started.append(asyncio.create_task(one.send(one.activity("message", text=f"start {one.name}"))))
        await user.begin("Acme", THREAD)
        await user.tap("I am ready", "1 of 8")
        await at.connector.calls.until(into(user, "update"))
        go.set()
        await asyncio.gather(*started)
        for one in slow:
            await one.guide("1 of 8")
