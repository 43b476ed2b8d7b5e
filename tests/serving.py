"""The real server in a process of its own, and visitors that speak to it as a browser and as Slack do."""

import asyncio
import json
import os
import re
import signal
import sys
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from itertools import cycle
from pathlib import Path
from typing import Any

import aiohttp

READY = re.compile(r"Open (http://\S+?)/ ")
SECONDS_BETWEEN_TRIES = 0.02
SECONDS_OF_PATIENCE = 20


@dataclass(slots=True)
class Server:
    """`trust-recover serve`, started, killed and started again on the same database and port."""

    folder: Path
    extra: dict[str, str] = field(default_factory=dict)
    port: int = 0
    program: tuple[str, ...] = (sys.executable, "-m", "bot")
    process: asyncio.subprocess.Process | None = None
    url: str = ""

    async def start(self) -> str:
        env = {name: value for name, value in os.environ.items() if not name.startswith("TRUST_RECOVER_")}
        env |= {"TRUST_RECOVER_DATABASE_URL": f"sqlite:///{self.folder}/room.db", "PYTHONUNBUFFERED": "1"} | self.extra
        command = (*self.program, "serve", "--port", str(self.port))
        with (self.folder / "server.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *command, env=env, cwd=self.folder, stdout=asyncio.subprocess.PIPE, stderr=log
            )
        assert self.process.stdout
        line = (await self.process.stdout.readline()).decode()
        found = READY.match(line)
        assert found, (self.folder / "server.log").read_text()
        self.url = found.group(1).replace("127.0.0.1", "localhost")
        self.port = int(self.url.rsplit(":", 1)[1])
        return self.url

    async def kill(self) -> None:
        """SIGKILL: no farewell."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        assert self.process
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()


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
        found = re.search(r'<article[^>]*data-recovery="(\w+)"[^>]*data-visit="(\d+)"', page) or re.search(
            r'id="card-(\w+)"[^>]*data-visit="(\d+)"', page
        )
        assert found, "no card on the page"
        body = page[found.start() :]
        return found.group(1), int(found.group(2)), text_of(body[: body.index("</article>")])


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
