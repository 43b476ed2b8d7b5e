"""What is forged, repeated or not this person's to do is turned away: the engine does not run, nothing is stored."""

import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.errors import BadSettings
from bot.settings import load_settings
from bot.storage import tables as t
from tests.adapters.teams import fake_microsoft
from tests.adapters.teams.card_client import Json, action, sent
from tests.adapters.teams.fake_connector import CHANNEL
from tests.adapters.teams.fake_microsoft import APP_ID, SECRET, TENANT, trust_login_server
from tests.adapters.teams.harness import KEY, Reply, TeamsHarness, TeamsUser, teams_harness
from tests.adapters.teams.payloads import shown_text
from tests.conftest import SetClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

THREAD = f"{CHANNEL};messageid=1500000000000"
ACCOUNT, FACT, TYPED = "Quietwater Mills", "the ledger was empty on Monday", "they threatened to leave"
LABEL = "What happened"
ANOTHER_APP = "99998888-7777-4666-8555-444433332222"


@dataclass(frozen=True, slots=True)
class WatchedRecovery:
    """Dana leads it and Ben watches; Eve has no part in it. `form` and `more` are Dana's dialogs."""

    harness: TeamsHarness
    guide: Json
    form: Json
    more: Json

    @property
    def dana(self) -> TeamsUser:
        return self.harness.user("dana")

    @property
    def eve(self) -> TeamsUser:
        return self.harness.user("eve")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def recovery(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WatchedRecovery]:
    folder: Path = tmp_path_factory.mktemp("rejected")
    with pytest.MonkeyPatch.context() as patch:
        trust_login_server(patch, folder)
        async with teams_harness(f"sqlite:///{folder}/room.db", folder) as at:
            dana, eve = at.user("dana"), at.user("eve")
            await eve.type("help")  # so that the app knows her: looking somebody up is not the engine's
            await dana.begin(ACCOUNT, THREAD)
            await dana.tap("I am ready", "1 of 8")
            await dana.fill("Add", {LABEL: FACT}, "2 of 8")
            dana.answered = {}
            guide = await dana.guide("2 of 8", FACT)
            more = await dana.open("More", "2 of 8", FACT)
            form = (await dana.submit(more, "Edit", beside=FACT)).card
            await at.settled()
            yield WatchedRecovery(at, guide, form, more)


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """No test may leave a secret, a client's word or a traceback in a log that an operator keeps."""
    caplog.set_level(logging.INFO)
    yield caplog
    for record in caplog.get_records("call"):
        line = logging.Formatter("%(name)s %(message)s").format(record)
        for secret in (SECRET, KEY, ACCOUNT, FACT, TYPED, "Traceback", "eyJ"):
            assert secret not in line, line


def tap(recovery: WatchedRecovery, user: TeamsUser | None = None) -> Json:
    """What Teams sends when somebody taps on Dana's guide."""
    one = action(recovery.guide, "All said")
    done = {"type": "Action.Execute", "verb": one["verb"], "data": sent(recovery.guide, one, {})}
    who = user or recovery.dana
    return who.activity("invoke", name="adaptiveCard/action", value={"action": done})


async def post(recovery: WatchedRecovery, body: Json | str, headers: dict[str, str]) -> Reply:
    """Exactly this, through the real routes. Nothing changed by it, and its answer tells nothing of the recovery."""
    before, calls = await recovery.harness.traces(), len(recovery.harness.connector.calls)
    how: dict[str, Any] = {"data": body} if isinstance(body, str) else {"json": body}
    async with recovery.harness.client.post("/api/messages", headers=headers, **how) as response:
        text = await response.text()
        reply = Reply(response.status, await response.json() if text else {})
    assert await recovery.harness.traces() == before
    assert len(recovery.harness.connector.calls) == calls
    for word in (ACCOUNT, FACT, TYPED, "Traceback"):
        assert word not in text
    return reply


# --- what does not come from Teams

Change = Callable[[Json], tuple[Json, dict[str, str]]]


def signed(**claims: Any) -> Change:  # noqa: ANN401 - of a token
    def change(body: Json) -> tuple[Json, dict[str, str]]:
        token_claims: dict[str, Any] = {"serviceurl": body.get("serviceUrl")} | claims
        return body, {"Authorization": fake_microsoft.header(**token_claims)}

    return change


def without_service_url(body: Json) -> tuple[Json, dict[str, str]]:
    _, headers = signed()(body)
    return {name: value for name, value in body.items() if name != "serviceUrl"}, headers


def forged(body: Json) -> tuple[Json, dict[str, str]]:
    _, headers = signed()(body)
    head, claims, signature = headers["Authorization"].split(".")
    return body, {"Authorization": f"{head}.{claims}.{signature[::-1]}"}


UNPROVEN: dict[str, Change] = {
    "no header": lambda body: (body, {}),
    "a word that is no token": lambda body: (body, {"Authorization": "Bearer hello"}),
    "a forged signature": forged,
    "another key under a known name": signed(key="another"),
    "a key that nobody published": signed(key="another", kid="k9"),
    "expired": signed(exp=int(time.time()) - 3600),
    "not yet valid": signed(nbf=int(time.time()) + 10**6),
    "no end": signed(exp=None),
    "for another app": signed(aud=ANOTHER_APP),
    "for no app": signed(aud=None),
    "from another issuer": signed(iss="https://sts.windows.net/x/"),
    "of another address": signed(serviceurl="https://smba.example/"),
    "of no address": signed(serviceurl=None),
    "a body without an address": without_service_url,
    "a body of another channel": lambda body: signed()(body | {"channelId": "webchat"}),
    "a company that is not served": lambda body: signed()(
        body | {"channelData": {"tenant": {"id": "11111111-0000-4444-8888-000000000009"}}}
    ),
}


@pytest.mark.parametrize("change", UNPROVEN.values(), ids=UNPROVEN)
async def test_a_request_is_refused_and_nothing_is_done_with(recovery: WatchedRecovery, change: Change) -> None:
    reply = await post(recovery, *change(tap(recovery)))
    assert (reply.status, reply.body) == (401, {})


async def test_the_same_request_honestly_signed_is_let_in(recovery: WatchedRecovery) -> None:
    before = await recovery.harness.traces()
    body, headers = signed()(tap(recovery, recovery.eve))
    reply = await recovery.harness.send(body, **headers)
    assert reply.word.startswith("Only the people in this recovery can do that.")
    assert await recovery.harness.traces() == before


async def test_what_is_no_activity_is_refused_as_unreadable(recovery: WatchedRecovery) -> None:
    whole = tap(recovery)
    for broken in (whole | {"conversation": None}, whole | {"type": 3}):
        assert (await post(recovery, *signed()(broken))).status == 400
    huge = whole | {"text": "x" * 300_000}
    assert (await post(recovery, *signed()(huge))).status == 400
    _, headers = signed()(whole)
    for raw in ("[]", "{", "null", "[" * 90_000):
        assert (await post(recovery, raw, headers)).status == 401, "nothing in it proves where it comes from"


async def test_an_invoke_that_nobody_knows_is_not_done(recovery: WatchedRecovery) -> None:
    unknown = recovery.dana.activity("invoke", name="fileConsent/invoke", value={})
    assert (await post(recovery, *signed()(unknown))).status == 501


async def test_an_activity_that_nobody_knows_is_taken_and_forgotten(recovery: WatchedRecovery) -> None:
    for kind in ("typing", "messageReaction", "messageDelete", "event"):
        assert (await post(recovery, *signed()(recovery.dana.activity(kind)))).status == 200


# --- people who have no part in it


async def test_whoever_has_no_part_in_a_recovery_can_do_nothing_with_it(recovery: WatchedRecovery) -> None:
    before = await recovery.harness.traces()
    eve = recovery.eve
    for reply in (
        await eve.send(tap(recovery, eve)),
        await eve.press(recovery.guide, "Add", {LABEL: TYPED}),
        await eve.press(recovery.guide, "More"),
        await eve.submit(recovery.more, "Hand over"),
        await eve.submit(recovery.more, "End the recovery"),
    ):
        assert reply.status == 401
        assert reply.body["type"] == "application/vnd.microsoft.error"
        assert reply.word.startswith("Only the people in this recovery can do that.")
        assert FACT not in str(reply)
        assert ACCOUNT not in str(reply)
    reply = await eve.submit(recovery.form, "Update", {LABEL: TYPED})
    assert (reply.status, reply.word) == (401, NOT_THEIRS)
    assert await recovery.harness.traces() == before


async def test_a_recovery_that_is_none_is_refused_alike(recovery: WatchedRecovery) -> None:
    before = await recovery.harness.traces()
    one = action(recovery.guide, "All said")
    for recovery_id in ("0" * 32, "nothing", ""):
        data = one["data"] | {"recovery": recovery_id}
        done = {"type": "Action.Execute", "verb": one["verb"], "data": data}
        reply = await recovery.dana.invoke("adaptiveCard/action", {"action": done})
        assert reply.status == 401
        assert reply.word.startswith("This recovery does not exist here")
    assert await recovery.harness.traces() == before


NOT_THEIRS = "The form was made for another person. Open your own form from your guide."
START = {"recovery": "", "form": "start", "nth": 0, "in.account~0": "Acme"}


async def test_a_guest_cannot_begin_a_recovery_by_a_form_of_their_own_making(recovery: WatchedRecovery) -> None:
    recovery.harness.connector.add("gus", CHANNEL, userRole="guest")
    gus = recovery.harness.user("gus")
    await gus.type("help")
    await recovery.harness.settled()
    before = await recovery.harness.traces()
    done = {"type": "Action.Execute", "verb": "fill", "data": START}
    assert "Only members of the company" in (await gus.invoke("adaptiveCard/action", {"action": done})).word
    assert "Only members of the company" in shown_text((await gus.invoke("task/submit", {"data": START})).card)
    assert await recovery.harness.traces() == before


async def test_a_form_of_no_recovery_needs_the_place_that_was_sealed_into_it(recovery: WatchedRecovery) -> None:
    before = await recovery.harness.traces()
    await recovery.dana.invoke("task/submit", {"data": START})
    await recovery.dana.invoke("task/submit", {"data": START | {"place": "made-up"}})
    assert await recovery.harness.traces() == before


# --- the same thing twice


async def test_a_request_that_is_replayed_changes_nothing(recovery: WatchedRecovery) -> None:
    dana = recovery.dana
    one = action(recovery.guide, "Add")
    done = {"type": "Action.Execute", "verb": one["verb"], "data": sent(recovery.guide, one, {LABEL: "said only once"})}
    body = dana.activity("invoke", name="adaptiveCard/action", value={"action": done})
    headers = {"Authorization": fake_microsoft.header(serviceurl=body["serviceUrl"])}
    first = await recovery.harness.send(body, **headers)
    assert shown_text(first.card).count("said only once") == 1
    await recovery.harness.settled()
    before = await recovery.harness.traces()
    again = await recovery.harness.send(body, **headers)
    assert again.card == first.card
    assert await recovery.harness.traces() == before


async def test_a_message_that_comes_twice_is_done_once(recovery: WatchedRecovery) -> None:
    dana = recovery.dana
    body = dana.activity("message", text="start Bywater")
    await recovery.harness.send(body)
    await dana.guide("1 of 8", "Bywater")
    await recovery.harness.settled()
    before = await recovery.harness.traces()
    assert (await recovery.harness.send(body)).status == 200
    await recovery.harness.settled()
    after = await recovery.harness.traces()
    del (
        before["teams_card_position"],
        after["teams_card_position"],
    )  # the answer is given once more, and stands below the guide
    assert after == before


# --- Microsoft is away


async def test_while_no_keys_can_be_had_known_ones_go_on_and_unknown_ones_wait(tmp_path: Path) -> None:
    clock = SetClock(time.time())
    with pytest.MonkeyPatch.context() as patch:
        trust_login_server(patch, tmp_path)
        async with teams_harness(f"sqlite:///{tmp_path}/room.db", tmp_path, clock=clock) as at:
            dana = at.user("dana")

            async def asked(key: str) -> tuple[int, str]:
                body = dana.activity("message", text="start Acme")
                headers = {"Authorization": fake_microsoft.header(key, kid=key, serviceurl=body["serviceUrl"])}
                async with at.client.post("/api/messages", json=body, headers=headers) as response:
                    return response.status, response.headers.get("Retry-After", "")

            at.keys.down = True
            before = await at.traces()
            assert await asked("k1") == (503, "2")
            assert await at.traces() == before
            at.keys.down = False
            clock.forward(60)
            assert (await asked("k1"))[0] == 200
            at.keys.down = True
            at.keys.keys.append(fake_microsoft.jwk("k2"))
            clock.forward(120)
            assert await asked("k2") == (503, "2")
            assert (await asked("k1"))[0] == 200
            at.keys.down = False
            clock.forward(60)
            assert (await asked("k2"))[0] == 200


async def test_while_no_token_can_be_had_nothing_is_lost(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        trust_login_server(patch, tmp_path)
        async with teams_harness(f"sqlite:///{tmp_path}/room.db", tmp_path) as at:
            dana = at.user("dana")
            await dana.type("help")
            at.connector.fail("send", 401)  # the token that it has is good no longer
            at.login.status = 503
            body = dana.activity("message", text="start Acme")
            assert (await at.send(body)).status == 503, "nobody could be told, so Teams may send it again"
            at.login.status = 200
            assert (await at.send(body)).status == 200
            assert "Your guide for Acme is open. Only you can see it." in at.texts_in(dana.chat)
            await dana.guide("1 of 8", "Acme")
            assert len(await at.rows(t.recovery)) == 1


# --- settings


@pytest.mark.parametrize(
    "settings",
    [
        {"teams_app_id": "", "teams_app_secret": SECRET},
        {"teams_app_id": " ", "teams_app_secret": SECRET},
        {"teams_tenant_id": TENANT},
        {"teams_app_id": APP_ID},
        {"teams_app_id": APP_ID, "teams_app_secret": SECRET, "teams_managed_identity": True},
        {"teams_app_id": APP_ID, "teams_managed_identity": True},
        {"teams_managed_identity": True, "teams_tenant_id": TENANT, "encryption_keys": KEY},
        {"teams_app_id": APP_ID, "teams_app_secret": "the secret's id"},
    ],
)
async def test_half_of_the_settings_do_not_start(settings: dict[str, Any]) -> None:
    with pytest.raises(BadSettings, match="TRUST_RECOVER_"):
        load_settings(**settings, _env_file=None)


@pytest.mark.parametrize(
    "settings",
    [
        {"teams_app_id": APP_ID, "teams_app_secret": SECRET},
        {"teams_app_id": APP_ID, "teams_managed_identity": True, "teams_tenant_id": TENANT, "encryption_keys": KEY},
    ],
)
async def test_the_whole_of_the_settings_start(settings: dict[str, Any]) -> None:
    assert load_settings(**settings, _env_file=None).uses_teams
