"""Answers to a load balancer: whether the process is alive, and whether it should get requests."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from aiohttp import web
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from adapters.shared.safe_logging import safe_description
from bot.storage.database import Database
from bot.storage.problems import storage_problem
from bot.storage.readiness import require_ready
from flows.errors import TrustRecoverError

LIVENESS_PATH, READINESS_PATH = "/healthz", "/readyz"
DATABASE_TIMEOUT_SECONDS = 2.0
"""Seconds that the database may take to answer."""
PROBE_SECONDS = 1.0
"""Seconds until a row is written again: anybody may ask, and must not keep the disk busy."""


class Health:
    """Says whether the process is alive, and, after asking the database, whether it is ready."""

    def __init__(self, database: Database) -> None:
        self.is_stopping = False
        self._database = database
        self._next_probe_at = 0.0
        self._question: asyncio.Task[str] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="health")

    async def alive(self, _request: web.Request) -> web.Response:
        """200 as long as the event loop runs. The database does not count: a restart would not repair it."""
        return web.Response(text="ok\n")

    async def ready(self, _request: web.Request) -> web.Response:
        """200, or 503 with the reason why no request should come here now."""
        problem = "stopping" if self.is_stopping else await self._shared_problem()
        return web.Response(text=f"{problem or 'ready'}\n", status=503 if problem else 200)

    async def _shared_problem(self) -> str:
        """Ask the database once for all who want to know at the same time: anybody may ask, as often as they like."""
        if self._question is None or self._question.done():
            self._question = asyncio.create_task(self._problem())
        return await asyncio.shield(self._question)

    async def _problem(self) -> str:
        try:
            async with asyncio.timeout(DATABASE_TIMEOUT_SECONDS):
                await asyncio.get_running_loop().run_in_executor(self._thread, self._database.transact, self._check)
        except TimeoutError:
            return f"the database did not answer within {DATABASE_TIMEOUT_SECONDS:g} s"
        except DBAPIError as error:
            return storage_problem(error) or f"the database cannot be reached ({type(error).__name__})"
        except TrustRecoverError as error:
            return safe_description(error)
        return ""

    def _check(self, tx: Connection) -> None:
        is_in_doubt = bool(self._database.problems.current)
        must_write = is_in_doubt or (self._database.is_embedded and monotonic() >= self._next_probe_at)
        require_ready(tx, must_write=must_write)
        if must_write:
            self._next_probe_at = monotonic() + PROBE_SECONDS
