"""The HTTP route to which Slack sends all requests."""

import json
import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response

from adapters.slack.listeners.app import SlackApp, slack_request
from adapters.slack.listeners.verification import SlackVerifier
from adapters.slack.manifest import EVENTS_PATH

log = logging.getLogger(__name__)

MAX_FIELDS = 100
"""Fields of a command: Slack's have about fifteen."""
MAX_CHECK_CHARACTERS = 1000
"""Characters of the request by which Slack checks the server's certificate. Nobody has to sign it."""


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
        if _is_certificate_check(body):
            return web.Response()
        if refusal := self.verifier.refusal(request.headers, body):
            log.warning("a request to %s was refused: %s", EVENTS_PATH, refusal)
            raise web.HTTPUnauthorized(text=f"Refused: {refusal}.")
        try:
            parsed_body = _parse_body(body)
        except (ValueError, RecursionError) as error:
            raise web.HTTPBadRequest(text="neither JSON nor a form of Slack's") from error
        bolt_request = slack_request(parsed_body)
        return await to_aiohttp_response(await self.app.dispatch(bolt_request))


def _is_certificate_check(body: str) -> bool:
    """Whether Slack only checks the certificate: nothing is done, so it does not matter who asks."""
    if not body.startswith(("ssl_check=", "token=")) or len(body) > MAX_CHECK_CHARACTERS:
        return False
    form = dict(parse_qsl(body, keep_blank_values=True))
    return form.get("ssl_check") == "1" and set(form) <= {"ssl_check", "token"}


def _parse_body(body: str) -> dict[str, Any]:
    """An event, which is JSON; an interaction, which is JSON in a form; or a command, which is a form.

    Not left to Bolt, to which a command with the word “payload” in its text is empty.

    Raises:
        ValueError: it is none of these.
        RecursionError: it is nested too deeply.

    """
    form = {} if body.startswith("{") else dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    if form and set(form) != {"payload"}:
        return form
    read = json.loads(form.get("payload", body))
    if not isinstance(read, dict):
        message = "JSON, but no object"
        raise ValueError(message)  # noqa: TRY004 - to the caller, the same as JSON that is none
    return read
