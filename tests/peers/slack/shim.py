"""Slack's Web API as the product sees it: every call is written down, may go wrong on demand, and is done by `emulate`.

`emulate` routes POST forms only, while a client may send a query or JSON: all are folded into a form. It calls every
workspace T000000001: ids of ours are put in and out on the way.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import aiohttp
from aiohttp import web

from tests.peers.slack.faults import (
    AmendedAnswer,
    AnswerLoss,
    Broken,
    ConnectionDrop,
    ErrorReply,
    Fault,
    Hanging,
    RateLimited,
)
from tests.peers.slack.sockets import Sockets
from tests.peers.slack.team import App, Json, Team
from tests.peers.slack.waiting import SECONDS_OF_PATIENCE, Arrivals

_ITS_TEAM = "T000000001"
NO_JSON = frozenset({"users.info", "conversations.info", "conversations.members", "chat.getPermalink"})
"""Methods that do not look at a JSON body, says Slack's reference."""
_JSON_LIKE = re.compile(r"\s*[\[{]")


@dataclass(slots=True)
class Call:
    """One call of a Web API method. `at`: epoch seconds. `answer`: empty when a fault left it without one."""

    method: str
    arguments: Json
    token: str
    at: float
    team_id: str
    answer: Json = field(default_factory=dict)
    fault: Fault | None = None

    @property
    def ok(self) -> bool:
        return self.answer.get("ok") is True


@dataclass(slots=True)
class Planned:
    """A fault that waits for the next `times` calls of a method that fit."""

    method: str
    fault: Fault
    times: float
    fits: Callable[[Call], bool]


@dataclass(slots=True)
class Upstream:
    """A workspace and the port of the `emulate` that plays it."""

    team: Team
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def theirs(self, text: str) -> str:
        return text.replace(self.team.team_id, _ITS_TEAM)

    def ours(self, text: str) -> str:
        return text.replace(_ITS_TEAM, self.team.team_id)


@dataclass(slots=True)
class Shim:
    """The peer in the middle. Give the product `base_url`; read `calls`."""

    app: App
    upstreams: Mapping[str, Upstream]
    client: aiohttp.ClientSession
    sockets: Sockets
    base_url: str = ""
    calls: Arrivals[Call] = field(default_factory=Arrivals)
    _planned: list[Planned] = field(default_factory=list)
    _team_of_token: dict[str, str] = field(default_factory=dict)
    _team_of_code: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for upstream in self.upstreams.values():
            tokens = (upstream.team.bot_token, *map(upstream.team.token_of, ("admin", *upstream.team.people)))
            self._team_of_token |= dict.fromkeys(tokens, upstream.team.team_id)

    def fail(self, method: str, fault: Fault, times: float = 1, fits: Callable[[Call], bool] = lambda _: True) -> None:
        """Let the next `times` calls of `method` that fit go wrong, or `math.inf`. First planned, first used."""
        self._planned.append(Planned(method, fault, times, fits))

    def heal(self) -> None:
        self._planned.clear()

    async def wait_for(
        self,
        method: str,
        count: int = 1,
        fits: Callable[[Call], bool] = lambda _: True,
        seconds: float = SECONDS_OF_PATIENCE,
    ) -> list[Call]:
        """The first `count` calls of `method` that fit, as soon as they are answered or went wrong."""
        return await self.calls.until(lambda call: call.method == method and fits(call), count, seconds)

    def of(self, method: str) -> list[Call]:
        """All calls of `method` so far."""
        return [call for call in self.calls if call.method == method]

    async def authorized(self, url: str, team_id: str, person: str) -> str:
        """Play the browser at Slack's page of consent: where it sends `person` back to, with code and state."""
        upstream = self.upstreams[team_id]
        async with self.client.get(f"{upstream.url}/oauth/v2/authorize?{urlsplit(url).query}") as page:
            text = await page.text()
            assert page.status == 200, text
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        names = ("redirect_uri", "scope", "user_scope", "state", "client_id")
        form = {name: query.get(name, "") for name in names} | {"user_id": _chosen(text, person)}
        async with self.client.post(
            f"{upstream.url}/oauth/v2/authorize/callback", data=form, allow_redirects=False
        ) as payload:
            back = payload.headers["Location"]
        self._team_of_code[parse_qs(urlsplit(back).query)["code"][0]] = team_id
        return back

    def know(self, token: str, team_id: str) -> None:
        """A token that was made elsewhere."""
        self._team_of_token[token] = team_id

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of the product."""
        method = request.match_info["method"]
        arguments = await _arguments_of(request)
        bearer = request.headers.get("Authorization", "")
        token = bearer.removeprefix("Bearer ") if bearer.startswith("Bearer ") else str(arguments.pop("token", ""))
        team_id = self._team_of_token.get(token) or self._team_of(str(arguments.get("code", "")))
        call = Call(method, arguments, token, time.time(), team_id)
        call.fault = self._due(call)
        match call.fault:
            case None | AnswerLoss() | AmendedAnswer():
                call.answer = await self._done(call, bearer)
            case ErrorReply(error, needed):
                call.answer = {"ok": False, "error": error} | ({"needed": needed, "provided": ""} if needed else {})
            case RateLimited():
                call.answer = {"ok": False, "error": "ratelimited"}
        if isinstance(call.fault, AmendedAnswer):
            call.fault.change(call.answer)
        self.calls.add(call)
        return await _spoken(request, call, self._scopes(call))

    def _team_of(self, code: str) -> str:
        """The workspace that gave out a code: a browser may have fetched it past us, where there is only one."""
        only = next(iter(self.upstreams)) if code and len(self.upstreams) == 1 else ""
        return self._team_of_code.get(code, only)

    def _due(self, call: Call) -> Fault | None:
        due = next((plan for plan in self._planned if plan.method == call.method and plan.fits(call)), None)
        if due is None:
            return None
        due.times -= 1
        if due.times <= 0:
            self._planned.remove(due)
        return due.fault

    async def _done(self, call: Call, bearer: str) -> Json:
        if call.method == "apps.connections.open":
            if not call.token.startswith("xapp-"):
                return {"ok": False, "error": "not_allowed_token_type"}
            return {"ok": True, "url": self.sockets.address()}
        if not call.team_id:
            return {"ok": False, "error": "invalid_code" if call.method == "oauth.v2.access" else "invalid_auth"}
        upstream = self.upstreams[call.team_id]
        headers = {"Authorization": bearer or f"Bearer {call.token}"}
        form = {name: upstream.theirs(_formed(value)) for name, value in call.arguments.items()}
        async with self.client.post(f"{upstream.url}/api/{call.method}", data=form, headers=headers) as response:
            text = upstream.ours(await response.text())
            if response.status == 404:
                return {"ok": False, "error": "unknown_method", "req_method": call.method}
        answer: Json = json.loads(text)
        if call.method == "oauth.v2.access" and answer["ok"]:
            self._team_of_token[answer["access_token"]] = call.team_id
        return answer

    def _scopes(self, call: Call) -> str:
        upstream = self.upstreams.get(call.team_id)
        return ",".join(upstream.team.bot_scopes) if upstream and call.token.startswith("xoxb-") else ""


async def _spoken(request: web.Request, call: Call, scopes: str) -> web.StreamResponse:
    match call.fault:
        case RateLimited(retry_after):
            return web.json_response(call.answer, status=429, headers={"Retry-After": str(retry_after)})
        case Broken(status):
            return web.Response(text="upstream error", status=status)
        case Hanging():
            await asyncio.Event().wait()
        case ConnectionDrop() | AnswerLoss():
            assert request.transport
            request.transport.abort()
            return web.Response()
        case _:
            pass
    return web.json_response(call.answer, headers={"X-OAuth-Scopes": scopes})


async def _arguments_of(request: web.Request) -> Json:
    """Query, form or JSON; lists and objects that travel as text are opened."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json" and request.match_info["method"] not in NO_JSON:
        arguments |= {name: value for name, value in (await request.json()).items() if value is not None}
    elif request.content_type == "application/x-www-form-urlencoded":
        arguments |= parse_qsl(await request.text(), keep_blank_values=True)
    elif request.content_type.startswith("multipart/"):
        arguments |= dict(await request.post())
    for name in ("blocks", "attachments", "view", "metadata"):
        arguments[name] = _opened(arguments.get(name))
    return {name: value for name, value in arguments.items() if value is not None}


def _opened(value: object) -> Any:  # noqa: ANN401, JSON is anything
    if isinstance(value, str) and _JSON_LIKE.match(value):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value


def _formed(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _chosen(page: str, person: str) -> str:
    """The user's id in the page's form that has the person's name on its button."""
    for form in page.split("<form")[1:]:
        result = re.search(r'name="user_id" value="(\w+)"', form)
        if result and re.search(rf">\s*{re.escape(person)}\s*<", form):
            return result.group(1)
    message = f"Slack's page of consent does not offer {person}."
    raise AssertionError(message)
