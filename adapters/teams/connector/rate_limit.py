"""Our own rate limit: Teams accepts only so many messages of an app in one conversation."""

from collections import deque
from collections.abc import Callable

from cachetools import TTLCache

from adapters.port import RateLimited
from adapters.shared.caching.clocks import SteadyClock
from adapters.teams.activity import without_thread

RATE_WINDOWS = ((1.0, 5), (2.0, 6), (30.0, 45), (3600.0, 1350))
"""In so many seconds, so many messages and changes of messages are sent unasked to one chat or channel.

Teams accepts 7, 8, 60 and 1,800. The difference is for replies, which do not wait.
"""
LONGEST_WINDOW_SECONDS, MAX_COUNTED_CALLS = 3600.0, 1800
MAX_CONVERSATIONS = 10_000


class RateLimiter:
    """Counts the messages of this process. If other processes send too, Teams answers 429."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = SteadyClock(clock)
        self._calls: TTLCache[str, deque[float]] = TTLCache(MAX_CONVERSATIONS, LONGEST_WINDOW_SECONDS, self._clock)

    def acquire(self, conversation: str, *, is_reply: bool = False) -> None:
        """Count a message to a conversation. `is_reply`: somebody waits for it, so it is never held back.

        Raises:
            RateLimited: the limit is reached.

        """
        key, now = without_thread(conversation), self._clock()
        calls = self._calls.get(key) or deque(maxlen=MAX_COUNTED_CALLS)
        waits = (calls[-max_calls] + seconds - now for seconds, max_calls in RATE_WINDOWS if len(calls) >= max_calls)
        if (wait := max(waits, default=0.0)) > 0 and not is_reply:
            raise RateLimited(wait)
        calls.append(now)
        self._calls[key] = calls
