"""Batches: items that come while a transaction is under way go together into the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from adapters.shared.storage import CONSTRAINT_ERRORS

T = TypeVar("T")
R = TypeVar("R")


class Batcher(Generic[T, R]):
    """Hands items to `work` in batches: what comes while one is under way goes into the next one.

    `work` returns one result for each item, in their order.
    """

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._work = work
        self._working: asyncio.Task[None] | None = None
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []

    async def submit(self, item: T) -> R:
        """The result for this item.

        Raises:
            Exception: what `work` raised for the batch. After an error of the data, each item is tried alone.

        """
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        if self._working is None:  # a task of its own: a caller that is cancelled cancels nobody else
            self._working = asyncio.create_task(self._work_off())
        return await result

    async def _work_off(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._batch(batch)
        finally:
            self._working = None

    async def _batch(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except asyncio.CancelledError:
            for _, result in batch:
                result.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - every caller raises it
            if isinstance(error, CONSTRAINT_ERRORS) and len(batch) > 1:
                for one in batch:
                    await self._batch([one])
                return
            for _, result in _with_waiting_callers(batch):
                result.set_exception(error)
        else:
            for (_, result), value in zip(batch, results, strict=True):
                if not result.done():
                    result.set_result(value)


def _with_waiting_callers(batch: Sequence[tuple[T, asyncio.Future[R]]]) -> list[tuple[T, asyncio.Future[R]]]:
    """The items whose callers were not cancelled."""
    return [(item, result) for item, result in batch if not result.done()]
