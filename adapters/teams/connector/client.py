"""The client of Teams' connector: its calls, and what each answer means to us."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from itertools import count
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.shared.outgoing import proxy_for, tls_context
from adapters.teams.cards.markup import Json
from adapters.teams.connector.credentials import Credentials, InvalidCredentials
from adapters.teams.connector.failures import NOT_FOUND, delivery_failure
from adapters.teams.connector.rate_limit import RateLimiter
from adapters.teams.service_urls import ForbiddenServiceHost, InvalidServiceUrl, ServiceHosts
from flows.state.delivery_failure import DeliveryFailure

log = logging.getLogger(__name__)

CALL_TIMEOUT_SECONDS = 10
DEFAULT_RETRY_SECONDS = 5.0
"""Seconds to wait where a 429 says no number."""
MAX_RETRY_SECONDS = 3600.0

REDIRECTS = range(300, 400)
"""Never followed: our token would be sent along."""
UNAUTHORIZED, PRECONDITION_FAILED, TOO_MANY_REQUESTS, SERVER_ERROR = 401, 412, 429, 500


class TeamsRefusal(Undeliverable):
    """Teams refused a call. `status`: of HTTP; `code`: Teams' own error code."""

    def __init__(self, reason: DeliveryFailure, call: str, status: int, code: str) -> None:
        """Name the call that was refused."""
        super().__init__(reason, f"{call}: {status} {code}".rstrip())
        self.status = status
        self.code = code

    @property
    def is_gone(self) -> bool:
        """Whether what the call named does not exist any more."""
        return self.status == NOT_FOUND


class AnswerLost(Unavailable):
    """The answer was lost, so Teams may have done it or not."""


@dataclass(frozen=True, slots=True)
class TeamsConnector:
    """Calls Teams' connector as our app. Each conversation has its own address, the `service_url`.

    `service_hosts`: the only hosts that are called, also at addresses that were stored before the list was changed.
    """

    session: aiohttp.ClientSession
    credentials: Credentials
    clock: Callable[[], float]
    rate_limiter: RateLimiter
    service_hosts: ServiceHosts = ServiceHosts()  # noqa: RUF009 - frozen
    _lost_answers: "count[int]" = field(default_factory=lambda: count(1))

    async def send(
        self, service_url: str, conversation: str, activity: Json, *, recipient_id: str = "", is_reply: bool = False
    ) -> str:
        """Send a message, and return its id; empty if Teams accepted it without saying the id.

        `recipient_id`: the one person in a shared conversation who shall see it. `is_reply`: somebody waits for it, so
        it does not wait for the rate limit, and it is not sent again if it fails.

        Raises:
            TeamsRefusal: Teams would refuse it the next time too.
            RateLimited, Unavailable: it can be tried again later.

        """
        self.rate_limiter.acquire(conversation, is_reply=is_reply)
        query = {"isTargetedActivity": "true"} if recipient_id else None
        body = activity | ({"recipient": {"id": recipient_id}} if recipient_id else {})
        path = f"v3/conversations/{_path_segment(conversation)}/activities"
        try:
            reply = await self.call("POST", service_url, path, "send", body, query)
        except (AnswerLost, asyncio.CancelledError) as error:
            if not is_reply:
                lost_count = next(self._lost_answers)
                log.warning(
                    "a message may be shown twice: its answer was lost (%s); %s so far", _lost_reason(error), lost_count
                )
            raise
        message_id = reply.get("id")
        return message_id if isinstance(message_id, str) else ""

    async def show_typing(self, service_url: str, conversation: str) -> None:
        """Show for some three seconds that the app is typing. It keeps to the rate limit. Raises the same as `send`."""
        self.rate_limiter.acquire(conversation)
        path = f"v3/conversations/{_path_segment(conversation)}/activities"
        await self.call("POST", service_url, path, "typing", {"type": "typing"})

    async def update(
        self, service_url: str, conversation: str, activity_id: str, activity: Json, *, is_reply: bool = False
    ) -> None:
        """Change a message in its place. Raises the same as `send`."""
        self.rate_limiter.acquire(conversation, is_reply=is_reply)
        path = f"v3/conversations/{_path_segment(conversation)}/activities/{_path_segment(activity_id)}"
        await self.call("PUT", service_url, path, "update", activity | {"id": activity_id})

    async def delete(self, service_url: str, conversation: str, activity_id: str) -> None:
        """Delete a message. Raises the same as `send`."""
        self.rate_limiter.acquire(conversation, is_reply=True)
        path = f"v3/conversations/{_path_segment(conversation)}/activities/{_path_segment(activity_id)}"
        await self.call("DELETE", service_url, path, "delete")

    async def chat(self, service_url: str, bot: str, tenant: str, user: str) -> str:
        """Open the chat between a person and the app, or find the existing one, and return its id."""
        body = {
            "isGroup": False,
            "bot": {"id": bot},
            "members": [{"id": user}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        reply = await self.call("POST", service_url, "v3/conversations", "create", body)
        return str(_require(reply, "id", str, "create"))

    async def member(self, service_url: str, conversation: str, user: str) -> Json:
        """What Teams says of one person in a conversation."""
        path = f"v3/conversations/{_path_segment(conversation)}/members/{_path_segment(user)}"
        reply = await self.call("GET", service_url, path, "member")
        _require(reply, "id", str, "member")
        return reply

    async def members(self, service_url: str, conversation: str, count: int, cursor: str = "") -> Json:
        """A page of a conversation's members: `members`, and `continuationToken` if there are more."""
        query = {"pageSize": str(count)} | ({"continuationToken": cursor} if cursor else {})
        path = f"v3/conversations/{_path_segment(conversation)}/pagedmembers"
        reply = await self.call("GET", service_url, path, "members", query=query)
        _require(reply, "members", list, "members")
        return reply

    async def call(
        self,
        method: str,
        service_url: str,
        path: str,
        name: str,
        body: Json | None = None,
        query: dict[str, str] | None = None,
    ) -> Json:
        """Return Teams' answer to one call. If Teams refuses our token, a new one is fetched once.

        `name`: of the call, for errors and the log.

        Raises:
            TeamsRefusal, RateLimited, Unavailable: see `send`.

        """
        self._check_host(service_url, name)
        url = URL(f"{service_url.rstrip('/')}/{path}", encoded=True).with_query(query)
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace") if body is not None else None
        for is_last_try in (False, True):
            token = await self._token()
            headers = {"Authorization": f"Bearer {token}"} | ({"Content-Type": "application/json"} if data else {})
            status, answer, retry_after = await self._request(method, url, name, data, headers)
            if status != UNAUTHORIZED or is_last_try:
                break
            self.credentials.forget(token)
        if status < 300:  # noqa: PLR2004 - HTTP's successes
            return answer
        raise self._exception_for(name, status, answer, retry_after)

    def _check_host(self, service_url: str, name: str) -> None:
        """Refuse to send our token to a host that is not in the list. An operator can correct it before a day is over.

        Raises:
            Unavailable: it is not in the list.

        """
        try:
            self.service_hosts.check(service_url)
        except (InvalidServiceUrl, ForbiddenServiceHost) as error:
            log.error("%s was not called: %s", name, error)  # noqa: TRY400 - it says all
            raise Unavailable(str(error)) from error

    async def _token(self) -> str:
        """Our token. Without a valid one nothing is sent, but an operator can correct that before messages expire."""
        try:
            return await self.credentials.token()
        except InvalidCredentials as error:
            log.error("%s", error)  # noqa: TRY400 - it says all
            raise Unavailable(str(error)) from error

    async def _request(
        self,
        method: str,
        url: URL,
        name: str,
        data: bytes | None,
        headers: dict[str, str],
    ) -> tuple[int, Json, str]:
        try:
            async with self.session.request(
                method, url, data=data, headers=headers, allow_redirects=False, proxy=proxy_for(str(url))
            ) as response:
                return response.status, _json_object(await response.read()), _retry_after(response.headers)
        except aiohttp.ClientConnectorError as error:
            message = f"{name}: {type(error).__name__}"
            raise Unavailable(message) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            message = f"{name}: {type(error).__name__}"
            raise AnswerLost(message) from error

    def _exception_for(self, call: str, status: int, answer: Json, retry_after: str) -> Exception:
        """The error for an answer that is none: never, later, or not so fast."""
        error = answer.get("error")
        code = str(error.get("code") or "") if isinstance(error, dict) else ""
        if status == TOO_MANY_REQUESTS:
            return RateLimited(self._retry_after_seconds(retry_after))
        message = f"{call}: {status} {code}".rstrip()
        if status >= SERVER_ERROR:
            return AnswerLost(message)
        if status in {PRECONDITION_FAILED, UNAUTHORIZED, 408} or status in REDIRECTS:
            return Unavailable(message)
        return TeamsRefusal(delivery_failure(status, code), call, status, code)

    def _retry_after_seconds(self, retry_after: str) -> float:
        """The seconds that `Retry-After` asks to wait: its value is a number of seconds or a date."""
        try:
            seconds = (
                float(retry_after)
                if retry_after.replace(".", "", 1).isdigit()
                else _http_date(retry_after) - self.clock()
            )
        except (ValueError, TypeError):
            seconds = DEFAULT_RETRY_SECONDS
        return min(max(seconds, 0.5), MAX_RETRY_SECONDS)


@asynccontextmanager
async def open_connector(
    credentials: Credentials,
    clock: Callable[[], float],
    service_hosts: ServiceHosts = ServiceHosts(),  # noqa: B008 - frozen
) -> AsyncIterator[TeamsConnector]:
    """The connector client; its HTTP connections are kept open until the end of the block."""
    timeout = aiohttp.ClientTimeout(total=CALL_TIMEOUT_SECONDS)
    connector = aiohttp.TCPConnector(limit=0, ssl=tls_context())
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        yield TeamsConnector(session, credentials, clock, RateLimiter(clock), service_hosts)


def _path_segment(text: str) -> str:
    """An id as one part of a path: ids of Teams contain colons, semicolons and at signs."""
    return quote(text, safe="")


def _retry_after(headers: Mapping[str, str]) -> str:
    """`Retry-After`. A date becomes the seconds since the answer's own date: this machine's clock may be wrong."""
    value = headers.get("Retry-After", "")
    try:
        return str(max(0.0, _http_date(value) - _http_date(headers["Date"])))
    except (KeyError, ValueError, TypeError):
        return value


def _json_object(body: bytes) -> Json:
    """The JSON object of an answer; empty for anything else."""
    try:
        value = json.loads(body) if body.strip() else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _require(reply: Json, name: str, expected_type: type, call: str) -> object:
    """A field that an answer must have.

    Raises:
        Unavailable: it is missing, so the answer is not from Teams itself.

    """
    value = reply.get(name)
    if not isinstance(value, expected_type) or value == "":
        message = f"{call}: no {name} in the answer"
        raise Unavailable(message)
    return value


def _lost_reason(error: BaseException) -> str:
    return str(error) if isinstance(error, AnswerLost) else "it took too long"


def _http_date(date: str) -> float:
    return parsedate_to_datetime(date).timestamp()
