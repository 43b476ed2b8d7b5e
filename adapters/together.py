"""Doing at once what would be done one by one: the busier it is, the more goes into one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """Hands items to `work` in batches: what comes while one is under way goes into the next. Nobody waits for more.

    `work` returns a result for each item, in their order.
    """

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._work = work
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []

    async def do(self, item: T) -> R:
        """The result for this item.

        Raises:
            Exception: whatever `work` raised, for everything in the batch.

        """
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        async with self._turn:
            if not result.done():
                await self._batch()
        return await result

    async def _batch(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            results = await self._work([item for item, _ in batch])
        except asyncio.CancelledError:
            for _, result in batch:
                result.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - raised by each of them
            for _, result in batch:
                result.set_exception(error)
        else:
            for (_, result), value in zip(batch, results, strict=True):
                if not result.done():
                    result.set_result(value)
