"""Each kind of activity that Microsoft documents is answered as it should be: no 5xx, no traceback, no hang."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.adapters.teams.documented_payloads import (
    CONVERSATION_UPDATES,
    INSTALLATIONS,
    MESSAGES,
    OTHER_INVOKES,
    OTHERS,
    OUR_INVOKES,
    post,
)
from tests.adapters.teams.fake_microsoft import trust_login_server
from tests.adapters.teams.harness import TeamsHarness, teams_harness

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVENTS = MESSAGES | CONVERSATION_UPDATES | INSTALLATIONS | OTHERS


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def harness(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TeamsHarness]:
    folder: Path = tmp_path_factory.mktemp("documented")
    with pytest.MonkeyPatch.context() as patch:
        trust_login_server(patch, folder)
        async with teams_harness(f"sqlite:///{folder}/room.db", folder) as harness:
            yield harness


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record.getMessage() for record in caplog.get_records("call") if record.exc_info] == []


@pytest.mark.parametrize("name", EVENTS)
async def test_an_event_is_taken(harness: TeamsHarness, name: str, caplog: pytest.LogCaptureFixture) -> None:
    reply = await post(harness, EVENTS[name])
    assert (reply.status, reply.body) == (200, {})
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("name", OUR_INVOKES)
async def test_an_invoke_of_ours_is_answered_with_something_to_see(harness: TeamsHarness, name: str) -> None:
    reply = await post(harness, OUR_INVOKES[name])
    assert reply.status in {200, 401}
    assert reply.body


@pytest.mark.parametrize("name", OTHER_INVOKES)
async def test_an_invoke_of_another_kind_of_app_is_not_implemented(harness: TeamsHarness, name: str) -> None:
    reply = await post(harness, OTHER_INVOKES[name])
    assert (reply.status, reply.body) == (501, {})
