"""What arrived, in order, and a way to wait for more of it without looking again and again."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
SECONDS_OF_PATIENCE = 60


@dataclass(slots=True)
class Arrivals(Generic[Thing]):
    """A list that can be waited on."""

    all: list[Thing] = field(default_factory=list)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def __iter__(self) -> Iterator[Thing]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def add(self, thing: Thing) -> None:
        self.all.append(thing)
        self._more.set()

    async def until(
        self, fits: Callable[[Thing], bool], count: int = 1, seconds: float = SECONDS_OF_PATIENCE
    ) -> list[Thing]:
        """The first `count` that fit, old ones too; raises AssertionError when they do not come in time."""
        try:
            async with asyncio.timeout(seconds):
                while len(result := [thing for thing in self.all if fits(thing)]) < count:
                    # Two may wait: each looks at everything again, so that a cleared event loses nothing.
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            count_before = "\n".join(f"  {thing}"[:300] for thing in self.all) or "  nothing"
            message = f"{len(result)} of {count} came in {seconds} s. All that came:\n{count_before}"
            raise AssertionError(message) from None
        return result[:count]
