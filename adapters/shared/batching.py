"""Doing at once what would be done one by one: the busier it is, the more goes into one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from adapters.shared.storage import CONSTRAINT_ERRORS

T = TypeVar("T")
R = TypeVar("R")


class Batcher(Generic[T, R]):
    """Hands items to `work` in batches: what comes while one is under way goes into the next. Nobody waits for more.

    `work` returns a result for each item, in their order.
    """

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._work = work
        self._working: asyncio.Task[None] | None = None
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []

    async def submit(self, item: T) -> R:
        """The result for this item.

        Raises:
            Exception: whatever `work` raised for its batch; if that was against the database's rules, for it alone.

        """
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        if self._working is None:  # a task of its own: who gives up waiting takes nobody else with them
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
        except Exception as error:  # noqa: BLE001 - raised by each of them
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
    """Those that somebody still waits for."""
    return [(item, result) for item, result in batch if not result.done()]
