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
from adapters.teams.credentials import BadCredentials, Credentials
from adapters.teams.pace import Pace
from adapters.teams.text import Json
from flows.why import Why

log = logging.getLogger(__name__)

SECONDS_FOR_A_CALL = 10
USUAL_WAIT = 5.0
"""Seconds to wait where Teams says no number with its 429."""
LONGEST_WAIT = 3600.0

REDIRECTS = range(300, 400)
"""Never followed: our token would go with the call."""
UNPROVEN, FORBIDDEN, NOT_FOUND, BUSY, TOO_MANY, SERVER_ERROR = 401, 403, 404, 412, 429, 500

_WHY = {
    Why.NOT_INVITED: ("BotNotInConversationRoster", "BotNotInRoster", "InvalidBotMemberRoster"),
    Why.CLOSED: (
        "MessageWritesBlocked",
        "ConversationBlockedByUser",
        "MessageWritesBlockedUserBlocked",
        "UserBlocked",
        "UserNotInstalled",
        "AppNotInstalled",
    ),
    Why.DELETED: ("MemberNotFoundInConversation", "UserNotFound", "InvalidUserId"),
    Why.NO_THREAD: ("ConversationNotFound", "ThreadNotFound", "MessageNotFound", "InvalidConversationId"),
    Why.NOT_ALLOWED: ("BotDisabledByAdmin", "AppDisabledByAdmin", "TenantNotAllowed", "NotEnoughPermissions"),
    Why.ARCHIVED: ("TeamArchived", "ChannelArchived", "ConversationReadOnly"),
}
_REFUSED = {code.lower(): why for why, codes in _WHY.items() for code in codes}


class Refused(Undeliverable):
    """Teams said no. `status`: of HTTP; `code`: its own word for it."""

    def __init__(self, why: Why, what: str, status: int, code: str) -> None:
        """Say which call was refused."""
        super().__init__(why, f"{what}: {status} {code}".rstrip())
        self.status = status
        self.code = code

    @property
    def gone(self) -> bool:
        """Whether what was named is not there any more."""
        return self.status == NOT_FOUND


class Unanswered(Unavailable):
    """Teams may have done it, or not: the answer was lost."""


@dataclass(frozen=True, slots=True)
class Api:
    """Calls the connector of whatever address a conversation has, as our app."""

    session: aiohttp.ClientSession
    credentials: Credentials
    clock: Callable[[], float]
    pace: Pace
    _unanswered: "count[int]" = field(default_factory=lambda: count(1))

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
        self.pace.take(conversation, at_once=at_once)
        query = {"isTargetedActivity": "true"} if only_to else None
        body = activity | ({"recipient": {"id": only_to}} if only_to else {})
        path = f"v3/conversations/{_part(conversation)}/activities"
        try:
            reply = await self.call("POST", service_url, path, "send", body, query)
        except (Unanswered, asyncio.CancelledError) as error:
            if not at_once:
                so_far = next(self._unanswered)
                log.warning("a message may be shown twice: its answer was lost (%s); %s so far", _kind(error), so_far)
            raise
        new = reply.get("id")
        return new if isinstance(new, str) else ""

    async def update(
        self, service_url: str, conversation: str, activity_id: str, activity: Json, *, at_once: bool = False
    ) -> None:
        """Change a message in its place. Raises as `send` does."""
        self.pace.take(conversation, at_once=at_once)
        path = f"v3/conversations/{_part(conversation)}/activities/{_part(activity_id)}"
        await self.call("PUT", service_url, path, "update", activity | {"id": activity_id})

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
        return str(_told(reply, "id", str, "create"))

    async def member(self, service_url: str, conversation: str, user: str) -> Json:
        """What Teams says of one person in a conversation."""
        path = f"v3/conversations/{_part(conversation)}/members/{_part(user)}"
        reply = await self.call("GET", service_url, path, "member")
        _told(reply, "id", str, "member")
        return reply

    async def members(self, service_url: str, conversation: str, count: int, cursor: str = "") -> Json:
        """A page of a conversation's members: `members`, and `continuationToken` if there are more."""
        query = {"pageSize": str(count)} | ({"continuationToken": cursor} if cursor else {})
        path = f"v3/conversations/{_part(conversation)}/pagedmembers"
        reply = await self.call("GET", service_url, path, "members", query=query)
        _told(reply, "members", list, "members")
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
            status, answer, wait = await self._asked(method, url, what, data, headers)
            if status != UNPROVEN or last:
                break
            self.credentials.forget(token)
        if status < 300:  # noqa: PLR2004 - HTTP's successes
            return answer
        raise self._meaning(what, status, answer, wait)

    async def _token(self) -> str:
        """Our proof. Without a good one nothing can be sent, but an operator can mend that within the day."""
        try:
            return await self.credentials.token()
        except BadCredentials as error:
            log.error("%s", error)  # noqa: TRY400 - it says all
            raise Unavailable(str(error)) from error

    async def _asked(
        self,
        method: str,
        url: URL,
        what: str,
        data: bytes | None,
        headers: dict[str, str],
    ) -> tuple[int, Json, str]:
        try:
            async with self.session.request(method, url, data=data, headers=headers, allow_redirects=False) as response:
                return response.status, _read(await response.read()), response.headers.get("Retry-After", "")
        except aiohttp.ClientConnectorError as error:
            message = f"{what}: {type(error).__name__}"
            raise Unavailable(message) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            message = f"{what}: {type(error).__name__}"
            raise Unanswered(message) from error

    def _meaning(self, what: str, status: int, answer: Json, wait: str) -> Exception:
        """What a refusal means: never, not now, or not so fast."""
        error = answer.get("error")
        code = str(error.get("code") or "") if isinstance(error, dict) else ""
        if status == TOO_MANY:
            return RateLimited(self._seconds(wait))
        said = f"{what}: {status} {code}".rstrip()
        if status >= SERVER_ERROR:
            return Unanswered(said)
        if status in {BUSY, UNPROVEN, 408} or status in REDIRECTS:
            return Unavailable(said)
        why = _REFUSED.get(code.lower())
        if why is None:
            why = {FORBIDDEN: Why.NOT_ALLOWED, NOT_FOUND: Why.NO_THREAD}.get(status, Why.REFUSED)
        return Refused(why, what, status, code)

    def _seconds(self, wait: str) -> float:
        """How long `Retry-After` asks to wait: it is a number of seconds, or a date."""
        try:
            asked = float(wait) if wait.replace(".", "", 1).isdigit() else _moment(wait) - self.clock()
        except (ValueError, TypeError):
            asked = USUAL_WAIT
        return min(max(asked, 0.5), LONGEST_WAIT)


@asynccontextmanager
async def opened(credentials: Credentials, clock: Callable[[], float]) -> AsyncIterator[Api]:
    """The connector, over connections that are kept."""
    timeout = aiohttp.ClientTimeout(total=SECONDS_FOR_A_CALL)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        yield Api(session, credentials, clock, Pace(clock))


def _part(text: str) -> str:
    """One part of a path: ids of Teams hold colons, semicolons and at-signs."""
    return quote(text, safe="")


def _read(text: bytes) -> Json:
    """An answer: what is no object says nothing to us."""
    try:
        found = json.loads(text) if text.strip() else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _told(reply: Json, name: str, kind: type, what: str) -> object:
    """What an answer must hold.

    Raises:
        Unavailable: it does not, so it is not from Teams itself.

    """
    found = reply.get(name)
    if not isinstance(found, kind) or found == "":
        message = f"{what}: no {name} in the answer"
        raise Unavailable(message)
    return found


def _kind(error: BaseException) -> str:
    return str(error) if isinstance(error, Unanswered) else "it took too long"


def _moment(wait: str) -> float:
    return parsedate_to_datetime(wait).timestamp()
