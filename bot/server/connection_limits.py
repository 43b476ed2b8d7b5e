"""How many connections there may be, and which one goes when there are too many."""

import resource
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from typing import Protocol

MAX_CONNECTIONS = 10_000
MAX_CONNECTIONS_PER_ADDRESS = 500
"""Connections from one address, pages that are kept up to date not counted: whole companies share an address."""
RESERVED_FILES = 100
"""Files and connections that the process needs besides: the database, platforms, its own files."""


class Connection(Protocol):
    """A connection of the server."""

    address: str

    def drop(self) -> None:
        """Close it at once."""


@dataclass(slots=True)
class ConnectionLimits:
    """Counts the connections. Where one too many comes, the one that has been idle for longest makes room for it.

    So somebody who keeps connections open without a request shuts nobody out.
    """

    max_connections: int = MAX_CONNECTIONS
    max_per_address: int = MAX_CONNECTIONS_PER_ADDRESS
    _all: set[Connection] = field(default_factory=set)
    _by_address: defaultdict[str, set[Connection]] = field(default_factory=lambda: defaultdict(set))
    _idle: OrderedDict[Connection, None] = field(default_factory=OrderedDict)
    _idle_by_address: defaultdict[str, OrderedDict[Connection, None]] = field(
        default_factory=lambda: defaultdict(OrderedDict)
    )

    def admit(self, connection: Connection) -> bool:
        """Count a new connection, which is idle; whether there is room for it."""
        address = connection.address
        if len(self._by_address.get(address, ())) >= self.max_per_address:
            if not self._drop_oldest(self._idle_by_address.get(address)):
                return False
        elif len(self._all) >= self.max_connections and not self._drop_oldest(self._idle):
            return False
        self._all.add(connection)
        self._by_address[address].add(connection)
        self.set_idle(connection)
        return True

    def release(self, connection: Connection) -> None:
        """Forget a connection that has ended."""
        self.set_busy(connection)
        self.exempt_from_address(connection)
        self._all.discard(connection)

    def set_idle(self, connection: Connection) -> None:
        """No request is being answered on it."""
        if connection in self._all:
            self._idle[connection] = None
            self._idle_by_address[connection.address][connection] = None

    def set_busy(self, connection: Connection) -> None:
        """A request is being answered on it."""
        self._idle.pop(connection, None)
        idle_connections = self._idle_by_address.get(connection.address)
        if idle_connections is not None:
            idle_connections.pop(connection, None)
            if not idle_connections:
                del self._idle_by_address[connection.address]

    def exempt_from_address(self, connection: Connection) -> None:
        """Count it no longer for its address."""
        connections = self._by_address.get(connection.address)
        if connections is not None:
            connections.discard(connection)
            if not connections:
                del self._by_address[connection.address]

    def _drop_oldest(self, idle_connections: OrderedDict[Connection, None] | None) -> bool:
        if not idle_connections:
            return False
        oldest_connection = next(iter(idle_connections))
        self.release(oldest_connection)
        oldest_connection.drop()
        return True


def max_connections_of_process() -> int:
    """As many as are allowed, and as the operating system lets this process have files."""
    max_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if max_files == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(RESERVED_FILES, min(MAX_CONNECTIONS, max_files - RESERVED_FILES))
