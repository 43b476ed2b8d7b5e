"""How fast we may write: Teams takes so many messages of an app in one conversation, and refuses the rest."""

from collections import deque
from collections.abc import Callable

from cachetools import TTLCache

from adapters.port import RateLimited
from adapters.teams.activity import unthreaded

WINDOWS = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
"""Seconds, and how many messages and changes of messages Teams takes in them, in a chat or in a whole channel."""
LONGEST, MOST = 3600.0, 1800
MOST_CONVERSATIONS = 10_000


class Pace:
    """Counts what this process writes. What others write too, Teams itself tells with a 429."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._calls: TTLCache[str, deque[float]] = TTLCache(MOST_CONVERSATIONS, LONGEST, clock)

    def take(self, conversation: str, *, at_once: bool = False) -> None:
        """Count a message to a conversation. `at_once`: somebody waits for it, so it need not wait for room.

        Raises:
            RateLimited: there is no room yet.

        """
        here, now = unthreaded(conversation), self._clock()
        calls = self._calls.get(here) or deque(maxlen=MOST)
        waits = (calls[-most] + seconds - now for seconds, most in WINDOWS if len(calls) >= most)
        if (wait := max(waits, default=0.0)) > 0 and not at_once:
            raise RateLimited(wait)
        calls.append(now)
        self._calls[here] = calls
