"""The real server in a process of its own, and visitors that speak to it as a browser and as Slack do.

That process is forked from one that has imported everything already: importing is nine tenths of starting, and tests
start servers by the hundred. A program that is named is executed from the beginning, as an operator does.
"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import IO, Any

import aiohttp

from bot.cli import main

READY = re.compile(r"Open (http://\S+?)/ ")
SECONDS_BETWEEN_TRIES = 0.02
SECONDS_OF_PATIENCE = 60
FORKS = get_context("forkserver")
"""Where processes are forked. There is one for all kinds of them, so it imports what any of them needs."""
FORKS.set_forkserver_preload(["bot.server.serve", "tests.concurrency.worker", "tests.server_process", "pytest"])
PROGRAM = (sys.executable, "-m", "bot")
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to run: `trust-recover` with these arguments and settings. `log`: the file that gets its stderr."""

    arguments: tuple[str, ...]
    settings: Mapping[str, str]
    folder: Path
    log: Path
    environment: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Take this process's environment: the one that it is forked from may have another."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("TRUST_RECOVER_")}
        object.__setattr__(self, "environment", ours | dict(self.settings))


@dataclass(frozen=True, slots=True)
class Executed:
    """The program in a new process. `said`: its stdout."""

    process: "subprocess.Popen[str]"
    said: IO[str]

    @classmethod
    def begin(cls, order: Order, program: tuple[str, ...]) -> "Executed":
        env = dict(order.environment) | {"PYTHONUNBUFFERED": "1"}
        with order.log.open("ab") as log:
            process = subprocess.Popen(
                (*program, *order.arguments),
                env=env,
                cwd=order.folder,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert process.stdout
        return cls(process, process.stdout)

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ended(self) -> int:
        """Its status once it has ended, negative if that was by a signal. Blocks."""
        with self.process:
            return self.process.wait()


@dataclass(frozen=True, slots=True)
class Forked:
    """The program in a process that was forked. `said`: its stdout."""

    process: ForkServerProcess
    said: IO[str]

    @classmethod
    def begin(cls, order: Order) -> "Forked":
        ours, theirs = FORKS.Pipe(duplex=False)
        process = FORKS.Process(target=_program, args=(order, theirs), daemon=True)
        process.start()
        theirs.close()
        said = os.fdopen(os.dup(ours.fileno()), encoding="utf-8")
        ours.close()
        return cls(process, said)

    def send(self, number: signal.Signals) -> None:
        if self.process.is_alive() and self.process.pid:
            os.kill(self.process.pid, number)

    def ended(self) -> int:
        """Its status once it has ended, negative if that was by a signal. Blocks."""
        self.process.join()
        self.said.close()
        status = self.process.exitcode
        assert status is not None
        self.process.close()
        return status


def _program(order: Order, stdout: Connection) -> None:
    """In the new process, as if the program had been executed there."""
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    os.dup2(stdout.fileno(), 1)
    with order.log.open("ab") as log:
        os.dup2(log.fileno(), 2)
    main(order.arguments, prog_name="trust-recover")


def begun(order: Order, program: tuple[str, ...] = ()) -> Executed | Forked:
    """`program`: what is executed; otherwise it is forked. Blocks until it is there."""
    return Executed.begin(order, program) if program else Forked.begin(order)


Done = subprocess.CompletedProcess[str]


def run(folder: Path, *arguments: str, **settings: str) -> Done:
    """`trust-recover` with these arguments, on the database of this folder, until it ends. Blocks."""
    return _run(folder, arguments, settings, ())


def executed(folder: Path, *arguments: str, **settings: str) -> Done:
    """The same from the beginning, imports and all: once for each command is enough."""
    return _run(folder, arguments, settings, PROGRAM)


def _run(folder: Path, arguments: tuple[str, ...], settings: dict[str, str], program: tuple[str, ...]) -> Done:
    settings = {"TRUST_RECOVER_DATABASE_URL": f"sqlite:///{folder}/room.db"} | settings
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as log:
        running = begun(Order(arguments, settings, _ROOT, Path(log.name)), program)
        said = running.said.read()
        return Done(arguments, running.ended(), said, log.read())


@dataclass(slots=True)
class Server:
    """`trust-recover serve`, started, killed and started again on the same database and port.

    `program`: what is executed, instead of being forked.
    """

    folder: Path
    extra: dict[str, str] = field(default_factory=dict)
    port: int = 0
    program: tuple[str, ...] = ()
    url: str = ""
    _running: Executed | Forked | None = None
    _status: int = 0

    async def start(self) -> str:
        settings = {"TRUST_RECOVER_DATABASE_URL": f"sqlite:///{self.folder}/room.db"} | self.extra
        log = self.folder / "server.log"
        order = Order(("serve", "--port", str(self.port)), settings, self.folder, log)
        self._running = await asyncio.to_thread(begun, order, self.program)
        result = READY.match(await asyncio.to_thread(self._running.said.readline))
        assert result, log.read_text()
        self.url = result.group(1).replace("127.0.0.1", "localhost")
        self.port = int(self.url.rsplit(":", 1)[1])
        return self.url

    async def kill(self) -> None:
        """SIGKILL: no farewell."""
        assert self._running
        self._running.send(signal.SIGKILL)
        await self._gone()

    async def stop(self) -> int:
        if self._running:
            self._running.send(signal.SIGTERM)
        return await self._gone()

    async def _gone(self) -> int:
        running, self._running = self._running, None
        if running:
            self._status = await asyncio.to_thread(running.ended)
        return self._status


@asynccontextmanager
async def serving(folder: Path, **extra: str) -> AsyncIterator[Server]:
    server = Server(folder, extra)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()


Reply = dict[str, Any]


@dataclass(slots=True)
class Visitor:
    """One browser's cookie and requests, without the browser."""

    session: aiohttp.ClientSession
    url: str
    room: str = "practice"

    async def enter(self) -> str:
        async with self.session.get(f"{self.url}/room/{self.room}") as response:
            assert response.status == 200, await response.text()
            return await response.text()

    async def post(self, what: str, /, *, event_id: str = "", **fields: str) -> tuple[int, Reply]:
        data = {"event_id": event_id or uuid.uuid4().hex, **fields}
        async with self.session.post(
            f"{self.url}/room/{self.room}/{what}", data=data, headers={"Origin": self.url}
        ) as response:
            text = await response.text()
            return response.status, json.loads(text) if text.startswith("{") else {"notice": text}

    async def say(self, text: str, as_: str = "responder", **more: str) -> tuple[int, Reply]:
        return await self.post("say", text=text, **{"as": as_}, **more)

    async def card(self) -> tuple[str, int, str]:
        """The guide on the page: recovery, visit and its text, once everything sent has arrived."""
        page = await self.enter()
        result = re.search(r'<article[^>]*data-recovery="(\w+)"[^>]*data-card-revision="(\d+)"', page) or re.search(
            r'id="card-(\w+)"[^>]*data-card-revision="(\d+)"', page
        )
        assert result, "no card on the page"
        body = page[result.start() :]
        return result.group(1), int(result.group(2)), text_of(body[: body.index("</article>")])


@dataclass(slots=True)
class Caller:
    """Sends each event until it is answered with 200, to one server after the other, as Slack and a balancer do.

    `taken`: the events that were. `others`: all other answers, with their Retry-After. `by`: who took how many.
    """

    session: aiohttp.ClientSession
    urls: Sequence[str]
    room: str = "practice"
    taken: list[str] = field(default_factory=list)
    others: list[tuple[int, str]] = field(default_factory=list)
    by: Counter[str] = field(default_factory=Counter)
    _answered: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._turn = cycle(self.urls)

    async def send(self, what: str, event_id: str, **fields: str) -> None:
        data = {"event_id": event_id, **fields}
        async with asyncio.timeout(SECONDS_OF_PATIENCE):
            for url in self._turn:
                with suppress(aiohttp.ClientConnectionError):
                    async with self.session.post(
                        f"{url}/room/{self.room}/{what}", data=data, headers={"Origin": url}
                    ) as response:
                        self._answered.set()
                        if response.status == 200:
                            self.taken.append(event_id)
                            self.by[url] += 1
                            return
                        self.others.append((response.status, response.headers.get("Retry-After", "")))
                await asyncio.sleep(SECONDS_BETWEEN_TRIES)

    async def answer(self) -> None:
        """Wait for the next answer, whatever it is."""
        self._answered.clear()
        await self._answered.wait()


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@asynccontextmanager
async def visiting(url: str, room: str = "practice") -> AsyncIterator[Visitor]:
    async with aiohttp.ClientSession() as session:
        visitor = Visitor(session, url, room)
        await visitor.enter()
        yield visitor
