"""Teams' connector: one call, and what its answers mean to us."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from itertools import count
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.teams.cards.markup import Json
from adapters.teams.connector.credentials import Credentials, InvalidCredentials
from adapters.teams.connector.rate_limit import RateLimiter
from flows.state.delivery_failure import DeliveryFailure

log = logging.getLogger(__name__)

CALL_TIMEOUT_SECONDS = 10
DEFAULT_RETRY_SECONDS = 5.0
"""Seconds to wait where Teams says no number with its 429."""
MAX_RETRY_SECONDS = 3600.0

REDIRECTS = range(300, 400)
"""Never followed: our token would go with the call."""
UNAUTHORIZED, FORBIDDEN, NOT_FOUND, PRECONDITION_FAILED, TOO_MANY_REQUESTS, SERVER_ERROR = 401, 403, 404, 412, 429, 500

_CODES_BY_FAILURE = {
    DeliveryFailure.NOT_INVITED: ("BotNotInConversationRoster", "BotNotInRoster", "InvalidBotMemberRoster"),
    DeliveryFailure.CHAT_CLOSED: (
        "MessageWritesBlocked",
        "ConversationBlockedByUser",
        "MessageWritesBlockedUserBlocked",
        "UserBlocked",
        "UserNotInstalled",
        "AppNotInstalled",
    ),
    DeliveryFailure.DELETED: ("MemberNotFoundInConversation", "UserNotFound", "InvalidUserId"),
    DeliveryFailure.NO_THREAD: ("ConversationNotFound", "ThreadNotFound", "MessageNotFound", "InvalidConversationId"),
    DeliveryFailure.NOT_ALLOWED: (
        "BotDisabledByAdmin",
        "AppDisabledByAdmin",
        "TenantNotAllowed",
        "NotEnoughPermissions",
    ),
    DeliveryFailure.ARCHIVED: ("TeamArchived", "ChannelArchived", "ConversationReadOnly"),
}
_FAILURE_BY_CODE = {code.lower(): why for why, codes in _CODES_BY_FAILURE.items() for code in codes}


class TeamsRefusal(Undeliverable):
    """Teams said no. `status`: of HTTP; `code`: its own word for it."""

    def __init__(self, why: DeliveryFailure, what: str, status: int, code: str) -> None:
        """Say which call was refused."""
        super().__init__(why, f"{what}: {status} {code}".rstrip())
        self.status = status
        self.code = code

    @property
    def is_gone(self) -> bool:
        """Whether what was named is not there any more."""
        return self.status == NOT_FOUND


class AnswerLost(Unavailable):
    """Teams may have done it, or not: the answer was lost."""


@dataclass(frozen=True, slots=True)
class TeamsConnector:
    """Calls the connector of whatever address a conversation has, as our app."""

    session: aiohttp.ClientSession
    credentials: Credentials
    clock: Callable[[], float]
    rate_limiter: RateLimiter
    _lost_answers: "count[int]" = field(default_factory=lambda: count(1))

    async def send(
        self, service_url: str, conversation: str, activity: Json, *, only_to: str = "", at_once: bool = False
    ) -> str:
        """Post a message, and return its id; empty if Teams took it and did not say.

        `only_to`: the one person in a shared place who sees it. `at_once`: somebody waits for it, and nobody sends it
        again.

        Raises:
            Refused: it will say the same the next time.
            RateLimited, Unavailable: it may say something else later.

        """
        self.rate_limiter.acquire(conversation, at_once=at_once)
        query = {"isTargetedActivity": "true"} if only_to else None
        body = activity | ({"recipient": {"id": only_to}} if only_to else {})
        path = f"v3/conversations/{_path_segment(conversation)}/activities"
        try:
            reply = await self.call("POST", service_url, path, "send", body, query)
        except (AnswerLost, asyncio.CancelledError) as error:
            if not at_once:
                so_far = next(self._lost_answers)
                log.warning(
                    "a message may be shown twice: its answer was lost (%s); %s so far", _lost_reason(error), so_far
                )
            raise
        new = reply.get("id")
        return new if isinstance(new, str) else ""

    async def update(
        self, service_url: str, conversation: str, activity_id: str, activity: Json, *, at_once: bool = False
    ) -> None:
        """Change a message in its place. Raises as `send` does."""
        self.rate_limiter.acquire(conversation, at_once=at_once)
        path = f"v3/conversations/{_path_segment(conversation)}/activities/{_path_segment(activity_id)}"
        await self.call("PUT", service_url, path, "update", activity | {"id": activity_id})

    async def delete(self, service_url: str, conversation: str, activity_id: str) -> None:
        """Delete a message. Raises as `send` does."""
        self.rate_limiter.acquire(conversation, at_once=True)
        path = f"v3/conversations/{_path_segment(conversation)}/activities/{_path_segment(activity_id)}"
        await self.call("DELETE", service_url, path, "delete")

    async def chat(self, service_url: str, bot: str, tenant: str, user: str) -> str:
        """Open the chat between a person and the app, or find the one there is, and return its id."""
        body = {
            "isGroup": False,
            "bot": {"id": bot},
            "members": [{"id": user}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        reply = await self.call("POST", service_url, "v3/conversations", "create", body)
        return str(_required(reply, "id", str, "create"))

    async def member(self, service_url: str, conversation: str, user: str) -> Json:
        """What Teams says of one person in a conversation."""
        path = f"v3/conversations/{_path_segment(conversation)}/members/{_path_segment(user)}"
        reply = await self.call("GET", service_url, path, "member")
        _required(reply, "id", str, "member")
        return reply

    async def members(self, service_url: str, conversation: str, count: int, cursor: str = "") -> Json:
        """A page of a conversation's members: `members`, and `continuationToken` if there are more."""
        query = {"pageSize": str(count)} | ({"continuationToken": cursor} if cursor else {})
        path = f"v3/conversations/{_path_segment(conversation)}/pagedmembers"
        reply = await self.call("GET", service_url, path, "members", query=query)
        _required(reply, "members", list, "members")
        return reply

    async def call(
        self,
        method: str,
        service_url: str,
        path: str,
        what: str,
        body: Json | None = None,
        query: dict[str, str] | None = None,
    ) -> Json:
        """Teams' answer to one call. A token that it does not take is fetched anew, once.

        Raises:
            Refused, RateLimited, Unavailable: as they say.

        """
        url = URL(f"{service_url.rstrip('/')}/{path}", encoded=True).with_query(query)
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace") if body is not None else None
        for last in (False, True):
            token = await self._token()
            headers = {"Authorization": f"Bearer {token}"} | ({"Content-Type": "application/json"} if data else {})
            status, answer, wait = await self._request(method, url, what, data, headers)
            if status != UNAUTHORIZED or last:
                break
            self.credentials.forget(token)
        if status < 300:  # noqa: PLR2004 - HTTP's successes
            return answer
        raise self._exception_for(what, status, answer, wait)

    async def _token(self) -> str:
        """Our proof. Without a good one nothing can be sent, but an operator can mend that within the day."""
        try:
            return await self.credentials.token()
        except InvalidCredentials as error:
            log.error("%s", error)  # noqa: TRY400 - it says all
            raise Unavailable(str(error)) from error

    async def _request(
        self,
        method: str,
        url: URL,
        what: str,
        data: bytes | None,
        headers: dict[str, str],
    ) -> tuple[int, Json, str]:
        try:
            async with self.session.request(method, url, data=data, headers=headers, allow_redirects=False) as response:
                return response.status, _json_object(await response.read()), response.headers.get("Retry-After", "")
        except aiohttp.ClientConnectorError as error:
            message = f"{what}: {type(error).__name__}"
            raise Unavailable(message) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            message = f"{what}: {type(error).__name__}"
            raise AnswerLost(message) from error

    def _exception_for(self, what: str, status: int, answer: Json, wait: str) -> Exception:
        """What a refusal means: never, not now, or not so fast."""
        error = answer.get("error")
        code = str(error.get("code") or "") if isinstance(error, dict) else ""
        if status == TOO_MANY_REQUESTS:
            return RateLimited(self._retry_after_seconds(wait))
        said = f"{what}: {status} {code}".rstrip()
        if status >= SERVER_ERROR:
            return AnswerLost(said)
        if status in {PRECONDITION_FAILED, UNAUTHORIZED, 408} or status in REDIRECTS:
            return Unavailable(said)
        why = _FAILURE_BY_CODE.get(code.lower())
        if why is None:
            why = {FORBIDDEN: DeliveryFailure.NOT_ALLOWED, NOT_FOUND: DeliveryFailure.NO_THREAD}.get(
                status, DeliveryFailure.REFUSED
            )
        return TeamsRefusal(why, what, status, code)

    def _retry_after_seconds(self, wait: str) -> float:
        """How long `Retry-After` asks to wait: it is a number of seconds, or a date."""
        try:
            asked = float(wait) if wait.replace(".", "", 1).isdigit() else _http_date(wait) - self.clock()
        except (ValueError, TypeError):
            asked = DEFAULT_RETRY_SECONDS
        return min(max(asked, 0.5), MAX_RETRY_SECONDS)


@asynccontextmanager
async def open_connector(credentials: Credentials, clock: Callable[[], float]) -> AsyncIterator[TeamsConnector]:
    """The connector, over connections that are kept."""
    timeout = aiohttp.ClientTimeout(total=CALL_TIMEOUT_SECONDS)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        yield TeamsConnector(session, credentials, clock, RateLimiter(clock))


def _path_segment(text: str) -> str:
    """One part of a path: ids of Teams hold colons, semicolons and at-signs."""
    return quote(text, safe="")


def _json_object(text: bytes) -> Json:
    """An answer: what is no object says nothing to us."""
    try:
        found = json.loads(text) if text.strip() else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _required(reply: Json, name: str, kind: type, what: str) -> object:
    """What an answer must hold.

    Raises:
        Unavailable: it does not, so it is not from Teams itself.

    """
    found = reply.get(name)
    if not isinstance(found, kind) or found == "":
        message = f"{what}: no {name} in the answer"
        raise Unavailable(message)
    return found


def _lost_reason(error: BaseException) -> str:
    return str(error) if isinstance(error, AnswerLost) else "it took too long"


def _http_date(wait: str) -> float:
    return parsedate_to_datetime(wait).timestamp()
