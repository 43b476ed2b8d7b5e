"""Strangers who hold connections and guess at the token, in a process of their own: `python -m tests.load.attack PORT`.

They come from several addresses of this machine, as they would from several machines. Whatever the server closes, they
open again. Says “ready” once everything is open, and goes on until its input ends; then it says what it did.
"""

import asyncio
import json
import sys
from collections import Counter
from contextlib import suppress

SLOW_HEADS, SLOW_BODIES, IDLE, GUESSERS = 100, 100, 2_000, 50
ADDRESSES = 8
SECONDS_BETWEEN_BYTES = 1.0
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
HEAD = b"POST /login HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: http://localhost:%d\r\n" + FORM
BODY = b"token=a+guess+of+somebody"

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Attack:
    """All of them together. `count`: what they did."""

    def __init__(self, port: int) -> None:
        self.count: Counter[str] = Counter()
        self._port = port
        self._head = HEAD % (port, port)
        self._open: Counter[str] = Counter()

    async def run(self) -> None:
        """Attack until this is cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(SLOW_HEADS):
                group.create_task(self._hold("slow heads", number, b"GET / HTTP/1.1\r\nX: ", drips=True))
            for number in range(SLOW_BODIES):
                begin = self._head + b"Content-Length: 4000\r\n\r\n"
                group.create_task(self._hold("slow bodies", number, begin, drips=True))
            for number in range(IDLE):
                group.create_task(self._hold("idle", number, b"", drips=False))
            for _ in range(GUESSERS):
                group.create_task(self._guess())

    async def wait_until_open(self) -> None:
        """Wait until everything is open at the same time, or as much of it as the server lets them have."""
        for _ in range(100):
            if sum(self._open.values()) >= (SLOW_HEADS + SLOW_BODIES + IDLE) * 0.9:
                return
            await asyncio.sleep(0.1)

    async def _connect(self, number: int) -> Line:
        address = f"127.0.0.{2 + number % ADDRESSES}"
        return await asyncio.open_connection("127.0.0.1", self._port, local_addr=(address, 0))

    async def _hold(self, kind: str, number: int, begin: bytes, *, drips: bool) -> None:
        while True:
            with suppress(OSError):
                reader, writer = await self._connect(number)
                self.count[f"{kind} opened"] += 1
                self._open[kind] += 1
                writer.write(begin)
                dripping = asyncio.create_task(_drip(writer)) if drips else None
                try:
                    await reader.read()
                finally:
                    self._open[kind] -= 1
                    if dripping is not None:
                        dripping.cancel()
                    writer.close()
            await asyncio.sleep(0.1)

    async def _guess(self) -> None:
        request = self._head + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await self._connect(ADDRESSES)
                try:
                    while True:
                        writer.write(request)
                        head = await reader.readuntil(b"\r\n\r\n")
                        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
                        await reader.readexactly(int(length))
                        self.count[f"guesses answered with {head[9:12].decode()}"] += 1
                finally:
                    writer.close()


async def _drip(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_BYTES)
            writer.write(b"x")


async def main(port: int) -> None:
    """Attack until the input ends."""
    attack = Attack(port)
    running = asyncio.create_task(attack.run())
    await attack.wait_until_open()
    attack.count.clear()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps(attack.count), flush=True)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
