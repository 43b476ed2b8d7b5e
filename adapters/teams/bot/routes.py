"""The one address that Teams knows."""

import json
import logging

from aiohttp import web

from adapters.teams.activity import InvalidActivity, parse_activity
from adapters.teams.bot.app import TeamsApp
from adapters.teams.bot.invoke_responses import BAD_REQUEST, SERVICE_UNAVAILABLE, UNAUTHORIZED, InvokeResponse
from adapters.teams.bot.verification import KeysUnavailable, TeamsVerifier, UnverifiedRequest
from adapters.teams.cards.markup import Json

log = logging.getLogger(__name__)

MESSAGES_PATH = "/api/messages"
MAX_BODY_BYTES = 256 * 1024
"""Bytes of a request."""
RETRY_AFTER_SECONDS = "2"


class TeamsRoutes:
    """Reads, checks and answers requests."""

    def __init__(self, app: TeamsApp, door: TeamsVerifier) -> None:
        self._app = app
        self._verifier = door

    def table(self) -> list[web.RouteDef]:
        """The routes."""
        return [web.post(MESSAGES_PATH, self._messages)]

    async def _messages(self, request: web.Request) -> web.Response:
        raw = await request.read()
        body = _json_object(raw)
        try:
            await self._verifier.verify(request.headers.get("Authorization"), body or {})
            if len(raw) > MAX_BODY_BYTES or body is None:
                return web.Response(status=BAD_REQUEST)
            activity = parse_activity(body)
            if not self._verifier.serves_tenant(activity.tenant):
                log.info("a tenant that is not served was sent away: %s", activity.tenant)
                return web.Response(status=UNAUTHORIZED)
        except UnverifiedRequest as error:
            log.info("a request was refused: %s", error.reason)
            return web.Response(status=UNAUTHORIZED)
        except KeysUnavailable as error:
            log.warning("no request can be checked now: %s", error)
            return web.Response(status=SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_AFTER_SECONDS})
        except InvalidActivity:
            return web.Response(status=BAD_REQUEST)
        return _response(await self._app.dispatch(activity))


def _json_object(raw: bytes) -> dict[str, object] | None:
    """The JSON object that the body is, if it is one."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _dump_json(body: Json) -> str:
    """JSON whose bytes are those that a card was weighed by."""
    return json.dumps(body, ensure_ascii=False)


def _response(reply: InvokeResponse) -> web.Response:
    if reply.body is None:
        return web.Response(status=reply.status)
    return web.json_response(reply.body, status=reply.status, dumps=_dump_json)
