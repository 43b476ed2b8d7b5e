"""The one address to which Teams sends everything."""

import json
import logging

from aiohttp import web

from adapters.teams.activity import InvalidActivity, parse_activity
from adapters.teams.bot.bot import TeamsBot
from adapters.teams.bot.bot_adapter import TeamsBotAdapter
from adapters.teams.bot.invoke_responses import (
    BAD_REQUEST,
    FORBIDDEN,
    SERVICE_UNAVAILABLE,
    UNAUTHORIZED,
    InvokeResponse,
)
from adapters.teams.bot.verification import KeysUnavailable, TeamsVerifier, UnverifiedRequest
from adapters.teams.cards.markup import Json
from adapters.teams.payload_fields import is_too_deep
from adapters.teams.service_urls import ForbiddenServiceHost

log = logging.getLogger(__name__)

MESSAGES_PATH = "/api/messages"
MAX_BODY_BYTES = 256 * 1024
"""Bytes of a request."""
RETRY_AFTER_SECONDS = "2"


class TeamsRoutes:
    """Reads requests, verifies them, and answers them with what the bot says."""

    def __init__(self, bot_adapter: TeamsBotAdapter, bot: TeamsBot, verifier: TeamsVerifier) -> None:
        self._bot_adapter = bot_adapter
        self._bot = bot
        self._verifier = verifier

    def table(self) -> list[web.RouteDef]:
        """The routes."""
        return [web.post(MESSAGES_PATH, self._messages)]

    async def _messages(self, request: web.Request) -> web.Response:
        raw = await request.read()
        if len(raw) > MAX_BODY_BYTES:  # before anything is read in it
            log.info("a request was refused: it has %s bytes", len(raw))
            return web.Response(status=BAD_REQUEST)
        body = _json_object(raw)
        try:
            await self._verifier.verify(request.headers.get("Authorization"), body or {})
            if body is None or is_too_deep(body):
                return web.Response(status=BAD_REQUEST)
            activity = parse_activity(body)
            if not self._verifier.serves_tenant(activity.tenant):
                log.info("a tenant that is not served was refused: %s", activity.tenant)
                return web.Response(status=UNAUTHORIZED)
        except UnverifiedRequest as error:
            log.info("a request was refused: %s", error.reason)
            return web.Response(status=UNAUTHORIZED)
        except KeysUnavailable as error:
            log.warning("no request can be verified now: %s", error)
            return web.Response(status=SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_AFTER_SECONDS})
        except ForbiddenServiceHost as error:
            log.warning("a request that Microsoft signed was refused: %s", error)
            return web.Response(status=FORBIDDEN)
        except InvalidActivity:
            log.info("a request that Microsoft signed was refused: it is no activity of Teams")
            return web.Response(status=BAD_REQUEST)
        return _http_response(await self._bot_adapter.process_activity(activity, self._bot.on_turn))


def _json_object(raw: bytes) -> dict[str, object] | None:
    """The JSON object that the body is, if it is one."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _dump_json(body: Json) -> str:
    """JSON of exactly as many bytes as were counted when the card was made."""
    return json.dumps(body, ensure_ascii=False)


def _http_response(response: InvokeResponse) -> web.Response:
    if response.body is None:
        return web.Response(status=response.status)
    return web.json_response(response.body, status=response.status, dumps=_dump_json)
