"""What every peer's server does: listen on a free port, say so as one line of JSON, and serve until stdin closes."""

import asyncio
import json
import sys
from importlib.metadata import version

from aiohttp import web

PATH = "/slack/events"
SECRET = sys.argv[1]
"""The signing secret comes from whoever signs the requests."""


def serve(package: str, app: web.Application) -> None:
    """Serve this application; `package` is what is measured."""
    asyncio.run(_serve(package, app))


async def _serve(package: str, app: web.Application) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"peer": f"{package} {version(package)}", "port": runner.addresses[0][1]}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()
