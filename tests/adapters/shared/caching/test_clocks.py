"""Ages and pauses by a clock that is set: nothing stays fresh for longer than was meant."""

from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from adapters.shared.caching.clocks import MAX_SKEW_SECONDS, MIN_JUMP_SECONDS, SteadyClock, is_fresh
from adapters.shared.caching.table_cache import TableCache
from adapters.shared.storage import Transactions
from adapters.slack.directory.tables import user
from tests.conftest import NOON, SetClock

HOUR = 3600.0
seconds = st.integers(0, 100_000).map(float)
jumps = st.integers(-10_000_000, 10_000_000).map(float)


@given(st.lists(st.tuples(seconds, jumps)))
def test_a_steady_clock_never_goes_back_and_never_stands_still(steps: list[tuple[float, float]]) -> None:
    clock, timer = SetClock(), SetClock(0.0)
    steady = SteadyClock(clock, timer)
    before = steady()
    assert before == NOON
    for passed, jump in steps:
        clock.forward(passed + jump)
        timer.forward(passed)
        now = steady()
        assert now - before >= max(0.0, passed - MIN_JUMP_SECONDS)
        before = now


@given(st.lists(seconds))
def test_a_steady_clock_is_the_clock_while_nobody_sets_it(steps: list[float]) -> None:
    clock, timer = SetClock(), SetClock(0.0)
    steady = SteadyClock(clock, timer)
    for passed in steps:
        clock.forward(passed)
        timer.forward(passed)
        assert steady() == clock()


def test_what_was_looked_up_in_the_future_is_not_fresh() -> None:
    assert is_fresh(NOON, NOON, HOUR)
    assert is_fresh(NOON, NOON + HOUR, HOUR)
    assert not is_fresh(NOON, NOON + HOUR + 1, HOUR)
    assert is_fresh(NOON + MAX_SKEW_SECONDS, NOON, HOUR)
    assert not is_fresh(NOON + HOUR, NOON, HOUR)


async def test_a_row_in_memory_is_read_again_after_its_time_though_the_clock_was_set_back() -> None:
    """Another process may have changed it: whether external users can read a channel, for one."""
    clock = SetClock()
    cache = TableCache(cast("Transactions", WritesNothing()), user, clock, 30.0)
    await cache.save("T1", "U1", name="Ana")
    clock.forward(-HOUR)
    assert cache.find_in_memory("T1", "U1") is not None
    clock.forward(30)
    assert cache.find_in_memory("T1", "U1") is None


class WritesNothing:
    """A database that takes everything."""

    async def run(self, _work: Any) -> None:  # noqa: ANN401 - a transaction's work
        return None
