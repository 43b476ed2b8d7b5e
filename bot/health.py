"""What a load balancer asks: whether the process is alive, and whether it should get requests."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web
from sqlalchemy.exc import DBAPIError

from adapters.faults import described
from bot import migrate
from bot.database import Database
from flows.errors import TrustRecoverError

ALIVE, READY = "/healthz", "/readyz"
PATIENCE = 2.0
"""Seconds that the database may take to answer."""


class Health:
    """Answers by itself whether it is alive, and by asking the database whether it is ready."""

    def __init__(self, database: Database) -> None:
        self.stopping = False
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="health")

    async def alive(self, _request: web.Request) -> web.Response:
        """200 as long as the event loop runs, whatever the database does: a restart would not mend that."""
        return web.Response(text="ok\n")

    async def ready(self, _request: web.Request) -> web.Response:
        """200, or 503 and why no request should come here now."""
        problem = await self._problem()
        return web.Response(text=f"{problem or 'ready'}\n", status=503 if problem else 200)

    async def _problem(self) -> str:
        if self.stopping:
            return "stopping"
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.get_running_loop().run_in_executor(self._thread, self._database.transact, migrate.current)
        except TimeoutError:
            return f"the database did not answer within {PATIENCE:g} s"
        except DBAPIError as error:
            return f"the database cannot be reached ({type(error).__name__})"
        except TrustRecoverError as error:
            return described(error)
        return ""
