"""Redirects are refused: Slack's Web API has none, and what is sent to Slack goes nowhere else."""

import aiohttp


class RedirectRefused(aiohttp.ClientError):
    """The answer leads to another address. It is not followed, as a token or a text would go there too."""


async def refuse_redirects(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """A middleware for aiohttp's sessions.

    Raises:
        RedirectRefused: the server answered with another address.

    """
    response = await handler(request)
    if "Location" in response.headers and response.status in range(300, 400):
        response.close()
        raise RedirectRefused
    return response
