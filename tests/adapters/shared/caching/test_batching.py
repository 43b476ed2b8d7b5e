"""What is done at once with others does not suffer from them."""

import asyncio
from collections.abc import Sequence

import pytest

from adapters.shared.caching.batching import Batcher


class Work:
    """Doubles numbers, a batch at a time, each batch when it may go on."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.item_batches: asyncio.Queue[list[int]] = asyncio.Queue()
        self.go_on: asyncio.Queue[None] = asyncio.Queue()

    async def __call__(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        self.item_batches.put_nowait(list(items))
        await self.go_on.get()
        if -1 in items:
            raise ValueError
        return [2 * item for item in items]


async def start_work(*items: int) -> tuple[Work, list[asyncio.Task[int]]]:
    """The first of these is under way, and the others wait for it."""
    work = Work()
    together = Batcher(work)
    first, *others = items
    tasks = [asyncio.create_task(together.submit(first))]
    await work.item_batches.get()
    tasks += [asyncio.create_task(together.submit(item)) for item in others]
    await asyncio.sleep(0)  # they ask, and wait
    return work, tasks


def let_go_on(work: Work, batches: int) -> None:
    for _ in range(batches):
        work.go_on.put_nowait(None)


async def test_what_comes_meanwhile_is_done_at_once_and_each_gets_its_own_result() -> None:
    work, tasks = await start_work(1, 2, 3, 4)
    let_go_on(work, 2)
    assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
    assert work.batches == [[1], [2, 3, 4]]


async def test_an_error_is_raised_for_everything_in_the_batch_and_for_nothing_else() -> None:
    work, tasks = await start_work(1, -1, 3)
    let_go_on(work, 2)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert results[0] == 2
    assert [type(result) for result in results[1:]] == [ValueError, ValueError]


@pytest.mark.parametrize("who", [1, 2], ids=["who does the work", "who waits for it"])
async def test_who_gives_up_takes_nobody_with_them(who: int) -> None:
    work, tasks = await start_work(1, 2, 3, 4)
    let_go_on(work, 1)
    assert await work.item_batches.get() == [2, 3, 4]
    tasks[who].cancel()
    others = [other for other in (1, 2, 3) if other != who]
    let_go_on(work, 2)
    results = await asyncio.gather(*(tasks[other] for other in others), return_exceptions=True)
    assert results == [2 * (other + 1) for other in others]
