"""Serves until the program is told to stop."""

import asyncio
import errno
import signal
import socket
from collections.abc import Callable

from aiohttp import web

from bot.errors import BackgroundLoopFailure, PortInUse
from bot.server.bootstrap import running_application
from bot.server.connection_limits import ConnectionLimits, max_connections_of_process
from bot.server.connections import ConnectionRules, LimitedRunner
from bot.server.log_lines import log_loop_error
from bot.settings import Settings

ALL_IPV6 = "::"
ANSWER_SECONDS = 10
"""Seconds for requests that are under way when the program is told to stop. The loops have their own time after it."""


async def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called with the address as soon as the first page can be opened.

    Raises:
        BackgroundLoopFailed: a part of the program failed; its supervisor should start it again.
        PortInUse: another program listens there.

    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_loop_error)
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    loop_failure = asyncio.Event()

    def on_loop_failure() -> None:
        loop_failure.set()
        stop.set()

    async with running_application(settings, on_loop_failure=on_loop_failure) as runtime:
        rules = ConnectionRules(ConnectionLimits(max_connections_of_process()))
        runner = LimitedRunner(runtime.web, rules, ANSWER_SECONDS)
        await runner.setup()
        try:
            site = _site(runner, settings)
            await _listen(site, settings)
            ready(_address(runner, settings))
            await stop.wait()
        finally:
            runtime.health.is_stopping = True
            await runner.cleanup()
    if loop_failure.is_set():
        raise BackgroundLoopFailure


def _site(runner: web.AppRunner, settings: Settings) -> web.BaseSite:
    """Where the server listens. `::` means all addresses, those of IPv4 too, which asyncio leaves away."""
    if settings.host != ALL_IPV6 or not socket.has_dualstack_ipv6():
        return web.TCPSite(runner, settings.host, settings.port)
    try:
        both = socket.create_server((ALL_IPV6, settings.port), family=socket.AF_INET6, dualstack_ipv6=True)
    except OSError:  # the usual way says why
        return web.TCPSite(runner, settings.host, settings.port)
    return web.SockSite(runner, both)


async def _listen(site: web.BaseSite, settings: Settings) -> None:
    try:
        await site.start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            message = f"Cannot listen on {settings.host}:{settings.port}: {error.strerror or error}."
            raise PortInUse(message) from error
        message = (
            f"Port {settings.port} on {settings.host} is taken by another program. "
            f"Choose another: make run PORT={settings.port + 1}, or trust-recover serve --port {settings.port + 1}."
        )
        raise PortInUse(message) from error


def _address(runner: web.AppRunner, settings: Settings) -> str:
    port = runner.addresses[0][1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{port}/"
