"""That the app is typing is shown to who waits long for an answer, and to nobody else."""

from collections.abc import Callable

import pytest

from adapters.port import Answer, Incoming
from adapters.teams.bot import typing_indicator
from adapters.teams.connector import rate_limit
from bot.service.application import RecoveryApplication
from tests.adapters.teams.fake_connector import BOT, CHANNEL, Call
from tests.adapters.teams.harness import TeamsHarness

pytestmark = pytest.mark.usefixtures("at_once")

THREAD = f"{CHANNEL};messageid=1500000000000"


def is_typing(call: Call) -> bool:
    return call.what == "typing"


@pytest.fixture
def answer_after(monkeypatch: pytest.MonkeyPatch, on_teams: TeamsHarness) -> Callable[[int], None]:
    """Lets the application answer only after so many calls that show the typing."""
    receive = RecoveryApplication.receive

    def delay(calls: int) -> None:
        async def slow(application: RecoveryApplication, incoming: Incoming) -> Answer:
            await on_teams.connector.calls.until(is_typing, calls)
            return await receive(application, incoming)

        monkeypatch.setattr(RecoveryApplication, "receive", slow)
        monkeypatch.setattr(typing_indicator, "DELAY_SECONDS", 0.0)
        monkeypatch.setattr(typing_indicator, "REPEAT_SECONDS", 0.0)

    return delay


def typing_calls(at: TeamsHarness) -> list[Call]:
    return [call for call in at.connector.calls if is_typing(call)]


@pytest.mark.parametrize("conversation", ["", THREAD], ids=["in the chat", "after a mention in a channel"])
async def test_it_is_shown_in_the_chat_where_the_answer_comes_until_it_is_there(
    on_teams: TeamsHarness, answer_after: Callable[[int], None], conversation: str
) -> None:
    dana = on_teams.user("dana")
    answer_after(3)
    await dana.type("status", conversation)
    shown = typing_calls(on_teams)
    assert {(call.conversation, call.body["type"]) for call in shown} == {(dana.chat, "typing")}
    assert "You lead no recovery here." in on_teams.texts_in(dana.chat)[-1]
    await dana.invoke("task/fetch", {"data": {}})  # which would wait for more of it
    assert typing_calls(on_teams) == shown


async def test_an_answer_that_comes_soon_needs_none(on_teams: TeamsHarness) -> None:
    await on_teams.user("dana").type("status")
    assert typing_calls(on_teams) == []


async def test_whatever_goes_wrong_with_it_the_answer_comes(
    on_teams: TeamsHarness, answer_after: Callable[[int], None]
) -> None:
    dana = on_teams.user("dana")
    for status, code in ((500, ""), (403, "MessageWritesBlocked"), (429, ""), (0, "")):
        answer_after(len(typing_calls(on_teams)) + 1)
        on_teams.connector.fail("typing", status, code=code)
        await dana.type("status")
        assert "You lead no recovery here." in on_teams.texts_in(dana.chat)[-1]


async def test_it_keeps_to_the_rate_limit_and_leaves_the_rest_to_messages(
    on_teams: TeamsHarness, answer_after: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "RATE_WINDOWS", ((3600.0, 2),))
    answer_after(2)
    dana = on_teams.user("dana")
    await dana.type("status")
    await dana.type("status")
    assert len(typing_calls(on_teams)) == 2
    assert len(on_teams.texts_in(dana.chat)) == 2


async def test_nobody_sees_it_for_what_is_not_for_the_app_or_for_one_alone(
    on_teams: TeamsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typing_indicator, "DELAY_SECONDS", 0.0)
    dana = on_teams.user("dana")
    await dana.begin("Acme", THREAD)
    await on_teams.settled()
    seen = len(typing_calls(on_teams))
    await dana.write("We look into it", THREAD)
    await dana.type("status", THREAD, recipient={"id": BOT, "isTargeted": True})
    await dana.send(dana.activity("message", text="x") | {"from": {"id": "28:another-app"}})
    assert len(typing_calls(on_teams)) == seen
