"""The one address that Teams knows."""

import json
import logging

from aiohttp import web

from adapters.teams.activity import UnreadableActivity, read
from adapters.teams.app import TeamsApp
from adapters.teams.door import Door, KeysAway, Unproven
from adapters.teams.replies import LATER, UNPROVEN, UNREADABLE, Reply
from adapters.teams.text import Json

log = logging.getLogger(__name__)

MESSAGES_PATH = "/api/messages"
MOST_BODY = 256 * 1024
"""Bytes of a request."""
SECONDS_UNTIL_AGAIN = "2"


class Routes:
    """Reads, checks and answers requests."""

    def __init__(self, app: TeamsApp, door: Door) -> None:
        self._app = app
        self._door = door

    def table(self) -> list[web.RouteDef]:
        """The routes."""
        return [web.post(MESSAGES_PATH, self._messages)]

    async def _messages(self, request: web.Request) -> web.Response:
        raw = await request.read()
        body = _object(raw)
        try:
            await self._door.see(request.headers.get("Authorization"), body or {})
            if len(raw) > MOST_BODY or body is None:
                return web.Response(status=UNREADABLE)
            activity = read(body)
            if not self._door.serves(activity.tenant):
                log.info("a tenant that is not served was sent away: %s", activity.tenant)
                return web.Response(status=UNPROVEN)
        except Unproven as error:
            log.info("a request was refused: %s", error.why)
            return web.Response(status=UNPROVEN)
        except KeysAway as error:
            log.warning("no request can be checked now: %s", error)
            return web.Response(status=LATER, headers={"Retry-After": SECONDS_UNTIL_AGAIN})
        except UnreadableActivity:
            return web.Response(status=UNREADABLE)
        return _response(await self._app.dispatch(activity))


def _object(raw: bytes) -> dict[str, object] | None:
    """The JSON object that the body is, if it is one."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _as_weighed(body: Json) -> str:
    """JSON whose bytes are those that a card was weighed by."""
    return json.dumps(body, ensure_ascii=False)


def _response(reply: Reply) -> web.Response:
    if reply.body is None:
        return web.Response(status=reply.status)
    return web.json_response(reply.body, status=reply.status, dumps=_as_weighed)
