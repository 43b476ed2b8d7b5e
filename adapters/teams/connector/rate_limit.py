"""How fast we may write: Teams takes so many messages of an app in one conversation, and refuses the rest."""

from collections import deque
from collections.abc import Callable

from cachetools import TTLCache

from adapters.port import RateLimited
from adapters.teams.activity import without_thread

RATE_WINDOWS = ((1.0, 5), (2.0, 6), (30.0, 45), (3600.0, 1350))
"""Seconds, and how many messages and changes of messages we send in them by ourselves, in a chat or a whole channel.

Teams takes 7, 8, 60 and 1,800. What is left is for answers, which do not wait.
"""
LONGEST_WINDOW_SECONDS, MAX_COUNTED_CALLS = 3600.0, 1800
MAX_CONVERSATIONS = 10_000


class RateLimiter:
    """Counts what this process writes. What others write too, Teams itself tells with a 429."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._calls: TTLCache[str, deque[float]] = TTLCache(MAX_CONVERSATIONS, LONGEST_WINDOW_SECONDS, clock)

    def acquire(self, conversation: str, *, at_once: bool = False) -> None:
        """Count a message to a conversation. `at_once`: somebody waits for it, so it need not wait for room.

        Raises:
            RateLimited: there is no room yet.

        """
        here, now = without_thread(conversation), self._clock()
        calls = self._calls.get(here) or deque(maxlen=MAX_COUNTED_CALLS)
        waits = (calls[-most] + seconds - now for seconds, most in RATE_WINDOWS if len(calls) >= most)
        if (wait := max(waits, default=0.0)) > 0 and not at_once:
            raise RateLimited(wait)
        calls.append(now)
        self._calls[here] = calls
