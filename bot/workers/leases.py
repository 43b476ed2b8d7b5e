"""How long leases have lasted, measured by this process: no clock on the wall tells, because it can be set."""

from collections.abc import Iterable

from bot.clock import POLL_SECONDS, Timer


class LeaseWatch:
    """Notices leases that have ended.

    A lease has ended when this process has seen it for as long as a lease lasts. So processes whose clocks differ, or
    jump, never hold one queue at once, and a lease whose holder died ends however the clocks are set.
    """

    def __init__(self, lease_seconds: float, timer: Timer) -> None:
        self._lease_seconds = lease_seconds
        self._timer = timer
        self._looked_at: float | None = None
        self._first_seen: dict[str, float] = {}

    def is_due(self) -> bool:
        """Whether it is time to look again. Under load there are many rounds within a second."""
        return self._looked_at is None or self._timer() - self._looked_at >= POLL_SECONDS

    def look(self, tokens: Iterable[str]) -> None:
        """Take in the leases that there are now."""
        self._looked_at = now = self._timer()
        self._first_seen = {token: self._first_seen.get(token, now) for token in tokens}

    def ended_leases(self) -> list[str]:
        """The tokens of leases that have ended."""
        now = self._timer()
        return [token for token, first_seen in self._first_seen.items() if now - first_seen >= self._lease_seconds]
