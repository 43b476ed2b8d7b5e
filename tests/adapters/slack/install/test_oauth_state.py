"""OAuth states, on both databases: once, not for long, in any process."""

import asyncio

import pytest
from sqlalchemy import select

from adapters.slack.directory.tables import oauth_state
from adapters.slack.install.oauth_stores import STATE_SECONDS, OAuthStates
from bot.storage.database import Database
from tests.conftest import SetClock


@pytest.fixture
def states(database: Database, clock: SetClock) -> OAuthStates:
    return OAuthStates(database, clock)


async def test_a_state_works_once(states: OAuthStates) -> None:
    new = await states.async_issue()
    assert await states.async_consume(new)
    assert not await states.async_consume(new)


async def test_a_state_that_nobody_issued_does_not_work(states: OAuthStates) -> None:
    new = await states.async_issue()
    for other in ("", new[:-1], new + "x", "unknown"):
        assert not await states.async_consume(other)
    assert await states.async_consume(new)


async def test_a_state_expires_and_is_used_up_by_that(states: OAuthStates, clock: SetClock) -> None:
    in_time, late = await states.async_issue(), await states.async_issue()
    clock.forward(STATE_SECONDS - 1)
    assert await states.async_consume(in_time)
    clock.forward(1)
    assert not await states.async_consume(late)


async def test_the_expired_are_cleared_away(states: OAuthStates, database: Database, clock: SetClock) -> None:
    for _ in range(3):
        await states.async_issue()
    clock.forward(STATE_SECONDS)
    await states.async_issue()
    assert len(await database.run(lambda tx: tx.execute(select(oauth_state)).all())) == 1


async def test_of_a_state_only_a_hash_is_kept(states: OAuthStates, database: Database) -> None:
    new = await states.async_issue()
    assert len(new) >= 43
    assert new not in str(await database.run(lambda tx: tx.execute(select(oauth_state)).all()))


async def test_one_process_issues_and_another_consumes(
    states: OAuthStates, other_process: Database, clock: SetClock
) -> None:
    other = OAuthStates(other_process, clock)
    new = await states.async_issue()
    assert await other.async_consume(new)
    assert not await states.async_consume(new)


async def test_of_many_that_consume_at_once_one_succeeds(
    states: OAuthStates, other_process: Database, clock: SetClock
) -> None:
    new = await states.async_issue()
    both = (states, OAuthStates(other_process, clock))
    used = await asyncio.gather(*(both[n % 2].async_consume(new) for n in range(10)))
    assert sorted(used) == [False] * 9 + [True]
