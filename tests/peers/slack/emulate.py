"""Slack without Slack: `emulate` for each workspace, behind one shim.

Of the methods the product uses, `emulate` 0.12.2 has auth.test, chat.postMessage, chat.update, chat.postEphemeral,
chat.getPermalink, conversations.open / info / members / list / history / replies, users.info, users.list,
views.open / push / update / publish, oauth.v2.access, and views.generateTriggerId, which mints what an interaction
carries. It lacks apps.connections.open; the shim answers that one, and `sockets` listens at the address it tells.

What it does not do as Slack does: it knows no limits of blocks, text in a view or calls a second; it lets a bot post
in a public channel that it is not in, and into threads that do not exist; nothing is shared with another company or
an organisation (`faults.Amended` can say so); no view answers a `response_url`; a trigger lives two to three seconds.
"""

import asyncio
import atexit
import json
import subprocess
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import aiohttp
from aiohttp import web

from tests.peers.node import NODE
from tests.peers.slack.shim import Shim, Upstream
from tests.peers.slack.sockets import Sockets
from tests.peers.slack.team import App, Json, Team
from tests.peers.slack.workspace import Workspace

_HERE = Path(__file__).parent
_SECONDS_TO_START = 30


@dataclass(frozen=True, slots=True)
class Slack:
    """The shim that the product calls, and the workspaces behind it by team id."""

    shim: Shim
    workspaces: dict[str, Workspace]

    @property
    def base_url(self) -> str:
        return self.shim.base_url

    @property
    def workspace(self) -> Workspace:
        """The first, for tests that need only one."""
        return next(iter(self.workspaces.values()))


@asynccontextmanager
async def emulator(*teams: Team, app: App | None = None) -> AsyncIterator[Slack]:
    """Workspaces, the bot installed in each, with one base URL in front of them; Northwind alone by default."""
    app = app or App()
    teams = teams or (Team(),)
    async with _started(teams, app) as ports, aiohttp.ClientSession() as client:
        upstreams = {team.team_id: Upstream(team, port) for team, port in zip(teams, ports, strict=True)}
        shim = Shim(app, upstreams, client, Sockets(app.app_id))
        async with _listening(shim):
            workspaces = {id_: Workspace(upstream, client, shim) for id_, upstream in upstreams.items()}
            for workspace in workspaces.values():
                await workspace.learn()
            yield Slack(shim, workspaces)


@dataclass(slots=True)
class _Node:
    """One process for all workspaces of a test run: node takes longer to start than most tests do.

    It ends when its stdin does, even if this one is killed. A workspace is new for each test, and closed after it.
    """

    _process: "subprocess.Popen[bytes] | None" = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, seeds: list[Json]) -> list[int]:
        """Start a workspace for each seed; their ports. Blocks; each of several threads gets its own answer."""
        with self._lock:
            stdin, stdout = self._pipes()
            _write(stdin, {"seeds": seeds})
            line = stdout.readline()
            if not line:
                self._end()
            assert line, "emulate did not start; its error is above. `make test` installs what it needs."
            ports: list[int] = json.loads(line)
            return ports

    def close(self, ports: list[int]) -> None:
        """End these. If node is no more, so are they, and the next test starts it anew."""
        with self._lock, suppress(BrokenPipeError):
            _write(self._pipes()[0], {"ports": ports})

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None or self._process.poll() is not None:
            command = (NODE, str(_HERE / "start.mjs"))
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            atexit.register(self._end)
        assert self._process.stdin
        assert self._process.stdout
        return self._process.stdin, self._process.stdout

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _write(stdin: IO[bytes], order: Json) -> None:
    stdin.write(json.dumps(order).encode() + b"\n")
    stdin.flush()


_node = _Node()


@asynccontextmanager
async def _started(teams: tuple[Team, ...], app: App) -> AsyncIterator[list[int]]:
    async with asyncio.timeout(_SECONDS_TO_START):
        ports = await asyncio.to_thread(_node.open, [team.seed(app) for team in teams])
    try:
        yield ports
    finally:
        _node.close(ports)


@asynccontextmanager
async def _listening(shim: Shim) -> AsyncIterator[None]:
    site = web.Application(client_max_size=2**24)
    site.router.add_route("*", "/api/{method}", shim.answer)
    site.router.add_get("/link/", shim.sockets.serve)
    # A call that hangs ends with its client, or with the test.
    runner = web.AppRunner(site, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        shim.base_url = f"http://127.0.0.1:{port}/api/"
        shim.sockets.base = f"ws://127.0.0.1:{port}/link/"
        yield
    finally:
        await runner.cleanup()
