"""The HTTP route to which Slack sends all requests."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.listeners.app import SlackApp
from adapters.slack.listeners.verification import SlackVerifier
from adapters.slack.manifest import EVENTS_PATH

log = logging.getLogger(__name__)

PARSED_BODY_MODE = "socket_mode"
"""Bolt's mode for a request whose body is parsed already."""


@dataclass(frozen=True, slots=True)
class SlackRoutes:
    """Takes requests that Slack signed."""

    app: SlackApp
    verifier: SlackVerifier

    def table(self) -> list[web.AbstractRouteDef]:
        """The routes."""
        return [web.post(EVENTS_PATH, self.receive)]

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """A command, a tap, a form or an event."""
        try:
            body = await request.text()
        except (UnicodeDecodeError, LookupError) as error:
            raise web.HTTPBadRequest(text="not UTF-8") from error
        if refusal := self.verifier.refusal(request.headers, body):
            log.warning("a request to %s was refused: %s", EVENTS_PATH, refusal)
            raise web.HTTPUnauthorized(text=f"Refused: {refusal}.")
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        try:
            bolt_request = AsyncBoltRequest(body=_parse_body(body), headers=headers, mode=PARSED_BODY_MODE)
        except ValueError as error:
            raise web.HTTPBadRequest(text="neither JSON nor a form of Slack's") from error
        return await to_aiohttp_response(await self.app.dispatch(bolt_request))


def _parse_body(body: str) -> dict[str, Any]:
    """An event, which is JSON; an interaction, which is JSON in a form; or a command, which is a form.

    Not left to Bolt, to which a command with the word “payload” in its text is empty.

    Raises:
        ValueError: it is none of these.

    """
    form = {} if body.startswith("{") else dict(parse_qsl(body, keep_blank_values=True))
    if form and set(form) != {"payload"}:
        return form
    read = json.loads(form.get("payload", body))
    if not isinstance(read, dict):
        message = "JSON, but no object"
        raise ValueError(message)  # noqa: TRY004 - to the caller, the same as JSON that is none
    return read
