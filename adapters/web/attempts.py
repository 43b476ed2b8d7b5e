"""How often something may be tried: tokens that are wrong, by address and by everybody together."""

import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cachetools import TTLCache

MAX_FAILURES, FAILURE_SECONDS = 10, 6.0
"""Wrong tokens in a row from one address; after so many seconds it may try once more."""
MAX_FAILURES_OF_ALL, FAILURE_SECONDS_OF_ALL = 100, 1.0
"""The same for all addresses together. Beyond it, an address has only one try."""
MAX_ADDRESSES, ADDRESS_SECONDS = 20_000, 3600.0
"""Addresses whose failures are remembered, and for how long."""


@dataclass(slots=True)
class TokenBucket:
    """Allows `capacity` uses at once, and then one more every `seconds`."""

    capacity: int
    seconds: float
    clock: Callable[[], float]
    _level: float = field(init=False)
    _changed_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._level, self._changed_at = float(self.capacity), self.clock()

    @property
    def wait_seconds(self) -> float:
        """Seconds until it may be used; 0: now."""
        return max(0.0, (1 - self._refilled_level()) * self.seconds)

    @property
    def is_full(self) -> bool:
        """Whether it was not used of late."""
        return self._refilled_level() >= self.capacity

    def use(self) -> None:
        """Use it once, if it may be used."""
        self._level, self._changed_at = max(0.0, self._refilled_level() - 1), self.clock()

    def _refilled_level(self) -> float:
        return min(self.capacity, self._level + (self.clock() - self._changed_at) / self.seconds)


class FailedAttempts:
    """Who may still try. An address that has not failed has a try even while others fail at full speed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_address: TTLCache[str, TokenBucket] = TTLCache(MAX_ADDRESSES, ADDRESS_SECONDS, clock)
        self._of_all = TokenBucket(MAX_FAILURES_OF_ALL, FAILURE_SECONDS_OF_ALL, clock)

    def wait_seconds(self, address: str | None) -> int:
        """Whole seconds for which this address must wait before it may try; 0: it may now."""
        bucket = self._by_address.get(address_group(address))
        if bucket is None or bucket.is_full:
            return 0
        return math.ceil(max(bucket.wait_seconds, self._of_all.wait_seconds))

    def record(self, address: str | None) -> int:
        """Count a failure. Whole seconds for which the address must wait from now on."""
        group = address_group(address)
        bucket = self._by_address.setdefault(group, TokenBucket(MAX_FAILURES, FAILURE_SECONDS, self._clock))
        bucket.use()
        self._of_all.use()
        return self.wait_seconds(address)


def address_group(address: str | None) -> str:
    """The addresses that count as one: an IPv4 address, or the 64 bits of IPv6 that a customer has as a whole."""
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.IPv6Network((ip, 64), strict=False).network_address)
    return str(ip)
