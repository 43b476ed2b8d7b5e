"""Slack over HTTP: one address for everything that it sends."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.app import SlackApp
from adapters.slack.door import Door
from adapters.slack.manifest import EVENTS_PATH

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Routes:
    """What Slack sends, if Slack signed it."""

    app: SlackApp
    door: Door

    def table(self) -> list[web.AbstractRouteDef]:
        """The routes."""
        return [web.post(EVENTS_PATH, self.receive)]

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """A command, a tap, a form or an event."""
        try:
            body = await request.text()
        except (UnicodeDecodeError, LookupError) as error:
            raise web.HTTPBadRequest(text="not UTF-8") from error
        if refusal := self.door.refusal(request.headers, body):
            log.warning("a request to %s was refused: %s", EVENTS_PATH, refusal)
            raise web.HTTPUnauthorized(text=f"Refused: {refusal}.")
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        asked = AsyncBoltRequest(body=body, query=request.query_string, headers=headers)
        return await to_aiohttp_response(await self.app.dispatch(asked))
