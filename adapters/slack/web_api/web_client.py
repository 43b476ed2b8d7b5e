"""The client of Slack's library, by our rule for outgoing connections."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.outgoing import proxy_for, tls_context
from adapters.slack.web_api.library_logging import SILENT_LOGGER

DEFAULT_TIMEOUT_SECONDS = 30


def open_web_client(
    base_url: str,
    token: str | None = None,
    timeout: int = DEFAULT_TIMEOUT_SECONDS,
    session: aiohttp.ClientSession | None = None,
) -> AsyncWebClient:
    """A client for the API at this base URL. With a session of the caller's, nothing is tried again."""
    client = AsyncWebClient(
        token,
        base_url=base_url,
        timeout=timeout,
        ssl=tls_context(),
        session=session,
        retry_handlers=[] if session is not None else None,
        logger=SILENT_LOGGER,
    )
    client.proxy = proxy_for(base_url)  # the library's own choice does not look at NO_PROXY
    return client
