"""The practice room over HTTP: pages, what people do in them, and the live stream."""

import re
import secrets
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from adapters.port import (
    Answer,
    Application,
    ButtonTap,
    FormSubmission,
    ReadersChange,
    RequestContext,
    Role,
    ThreadMessage,
    TypedCommand,
)
from adapters.web import visitors as v
from adapters.web.live_updates import serve_updates
from adapters.web.pages import PageRoom, Pages
from adapters.web.rendering import RoomRendering
from adapters.web.rooms import RoomItem, Rooms
from adapters.web.visitors import Visitor, Visitors
from flows.input.commands import COMMAND
from flows.input.form_reader import FormAnswers
from flows.screens.elements import Form, Panel
from flows.state.identity import Person, Place

SLUG = r"[a-z0-9][a-z0-9-]{0,39}"
FIRST_ROOM = "/room/practice"
LOGIN = "/login"
MAX_MESSAGE_CHARACTERS = 4000
MAX_EVENT_ID_CHARACTERS = 80
_MENTION = re.compile(r"@(.+)$")
Fields = MultiDictProxy[str | bytes | bytearray | web.FileField]


@dataclass(frozen=True, slots=True)
class WebRoutes:
    """The handlers. Each is a translation: the browser's request to the port's words, and the answer back."""

    application: Application
    rooms: Rooms
    visitors: Visitors
    pages: Pages
    rendering: RoomRendering

    def table(self) -> list[web.AbstractRouteDef]:
        """The routes."""
        slug = f"{{slug:{SLUG}}}"
        return [
            web.get("/", self.home),
            web.get("/login", self.login),
            web.post("/login", self.check_token),
            web.get("/room/new", self.new_room),
            web.get(f"/room/{slug}", self.room),
            web.get(f"/room/{slug}/live", self.stream),
            web.post(f"/room/{slug}/say", self.post_message),
            web.post(f"/room/{slug}/tap", self.tap_button),
            web.post(f"/room/{slug}/fill", self.submit_form),
            web.post(f"/room/{slug}/share", self.change_readers),
            web.post(f"/room/{slug}/me", self.change_profile),
            web.static("/static", str(files("adapters.web") / "static")),
        ]

    async def home(self, _request: web.Request) -> web.StreamResponse:
        """Go to the first room."""
        raise web.HTTPFound(FIRST_ROOM)

    async def new_room(self, _request: web.Request) -> web.StreamResponse:
        """Go to a room that nobody was in."""
        room = f"/room/{secrets.token_hex(4)}"
        raise web.HTTPFound(room)

    async def login(self, _request: web.Request) -> web.StreamResponse:
        """Ask for the access token."""
        return _page(self.pages.login(wrong=False))

    async def check_token(self, request: web.Request) -> web.StreamResponse:
        """Let in who has the access token."""
        visitor = await self.visitors.find(request)
        secret = ""
        if visitor is None:
            visitor, secret = await self.visitors.create(request)
        token = (await request.post()).get("token", "")
        if not await self.visitors.check_token(visitor, token if isinstance(token, str) else ""):
            response = _page(self.pages.login(wrong=True), status=403)
        else:
            response = web.Response(status=303, headers={"Location": "/"})
        return _remember(request, response, secret)

    async def room(self, request: web.Request) -> web.StreamResponse:
        """The whole page."""
        visitor = await self.visitors.find(request)
        if not self.visitors.may_enter(visitor):
            raise web.HTTPFound(LOGIN)
        secret = ""
        if visitor is None:
            visitor, secret = await self.visitors.create(request)
        slug = request.match_info["slug"]
        state = await self.rooms.enter(slug, visitor.id)
        items = await self.rooms.after(slug, 0, visitor.id)
        seq = max((row.seq for row in items), default=state.seq)
        room = PageRoom(slug, slug, state.has_external_users, seq, visitor.name, state.people, visitor.language)
        return _remember(request, _page(self.rendering.page(room, items, visitor)), secret)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Everything new in the room, as it comes."""
        visitor = await self._visitor(request)
        return await serve_updates(request, request.match_info["slug"], visitor, self.rooms, self.rendering)

    async def post_message(self, request: web.Request) -> web.StreamResponse:
        """Somebody writes in the thread, or types a command."""
        visitor, fields, event_id = await self._posted_fields(request)
        slug, text = request.match_info["slug"], _text(fields, "text").strip()
        request_context = await self._request_context(slug, visitor)
        if text.startswith("/"):
            return self._answer(
                await self._command(event_id, visitor, request_context, text), await self._people(slug), visitor
            )
        if not text or len(text) > MAX_MESSAGE_CHARACTERS:
            key = "long" if text else "empty"
            return _json(
                422, errors={"text": self.pages.text(key, visitor.language, most=f"{MAX_MESSAGE_CHARACTERS:,}")}
            )
        role = _role(fields)
        body = {"role": role.value, "text": text, "name": visitor.name if role is Role.RESPONDER else ""}
        await self.rooms.put(RoomItem(slug, f"said:{visitor.id}:{event_id}", "message", body))
        answer = await self.application.receive(
            ThreadMessage(event_id, visitor.person, request_context.place, role, text)
        )
        return self._answer(answer, (), visitor)

    async def tap_button(self, request: web.Request) -> web.StreamResponse:
        """Somebody taps a button."""
        visitor, fields, event_id = await self._posted_fields(request)
        card_revision = _text(fields, "card_revision")
        if not card_revision.isdecimal():
            raise web.HTTPBadRequest(text="card_revision must be a number")
        tap = ButtonTap(
            event_id, visitor.person, _text(fields, "recovery"), int(card_revision), _text(fields, "action")
        )
        answer = await self.application.receive(tap)
        people = await self._people(request.match_info["slug"]) if answer.dialog else ()
        return self._answer(answer, people, visitor)

    async def submit_form(self, request: web.Request) -> web.StreamResponse:
        """Somebody sends a form."""
        visitor, fields, event_id = await self._posted_fields(request)
        slug = request.match_info["slug"]
        request_context, people = await self._request_context(slug, visitor), await self._people(slug)
        answers = _answers(fields, people)
        submission = FormSubmission(
            event_id, visitor.person, request_context, _text(fields, "recovery"), _text(fields, "form"), answers
        )
        return self._answer(await self.application.receive(submission), people, visitor, close=True)

    async def change_readers(self, request: web.Request) -> web.StreamResponse:
        """Somebody marks the thread as read by external users, or not."""
        visitor, fields, event_id = await self._posted_fields(request)
        slug, has_external_users = request.match_info["slug"], _text(fields, "has_external_users") == "on"
        request_context = await self._request_context(slug, visitor)
        await self.rooms.set_readers(slug, has_external_users=has_external_users)
        answer = await self.application.receive(
            ReadersChange(event_id, visitor.person, request_context.place, has_external_users)
        )
        return self._answer(answer, (), visitor)

    async def change_profile(self, request: web.Request) -> web.StreamResponse:
        """Somebody says who they are."""
        visitor = await self._visitor(request)
        fields = await request.post()
        values = {name: _text(fields, name) for name in ("name", "timezone", "language")}
        if await self.visitors.change(visitor, **values):
            await self.rooms.announce_new_name(visitor.id)
        return _json(200, close=True)

    async def _command(self, event_id: str, visitor: Visitor, request_context: RequestContext, text: str) -> Answer:
        command, _, rest = text.partition(" ")
        rest = rest.strip() if command == COMMAND else "help"
        mention = _MENTION.search(rest)
        people = await self._people(request_context.place.conversation) if mention else ()
        mentioned_name = mention.group(1).strip().casefold() if mention else ""
        mentioned_person = next(
            (Person(v.PLATFORM, v.WORKSPACE, i, n) for i, n in people if n.casefold() == mentioned_name), None
        )
        return await self.application.receive(
            TypedCommand(event_id, visitor.person, request_context, rest, mentioned_person)
        )

    async def _visitor(self, request: web.Request) -> Visitor:
        visitor = await self.visitors.find(request)
        if visitor is None or not self.visitors.may_enter(visitor):
            raise web.HTTPForbidden(text="Open the page again: this browser is not known here.")
        return visitor

    async def _posted_fields(self, request: web.Request) -> tuple[Visitor, Fields, str]:
        visitor = await self._visitor(request)
        fields = await request.post()
        event_id = _text(fields, "event_id")
        if not 0 < len(event_id) <= MAX_EVENT_ID_CHARACTERS:
            raise web.HTTPBadRequest(text="event_id is missing or too long")
        return visitor, fields, f"{visitor.id}:{event_id}"

    async def _request_context(self, slug: str, visitor: Visitor) -> RequestContext:
        state = await self.rooms.enter(slug, visitor.id)
        return RequestContext(
            Place(v.PLATFORM, v.WORKSPACE, slug), visitor.language, visitor.timezone, state.has_external_users
        )

    async def _people(self, slug: str) -> tuple[tuple[str, str], ...]:
        return (await self.rooms.state(slug)).people

    def _answer(
        self, answer: Answer, people: tuple[tuple[str, str], ...], visitor: Visitor, *, close: bool = False
    ) -> web.Response:
        if answer.errors:
            return _json(422, errors=answer.errors, notice=answer.notice or None)
        others = [(user, name) for user, name in people if user != visitor.id]
        html = None
        if isinstance(answer.dialog, Panel):
            html = self.pages.panel(answer.dialog, visitor.language)
        elif isinstance(answer.dialog, Form):
            html = self.pages.form(answer.dialog, answer.recovery_id, others, visitor.language)
        return _json(200, dialog=html, close=close, notice=answer.notice or None)


def _role(fields: Fields) -> Role:
    role = _text(fields, "as")
    if role not in set(Role):
        raise web.HTTPBadRequest(text="as must be client, responder or colleague")
    return Role(role)


def _answers(fields: Fields, people: tuple[tuple[str, str], ...]) -> FormAnswers:
    """The form's answers; a picked person becomes one of the room's people, or nobody."""
    answers: dict[str, str | tuple[str, ...] | Person] = {}
    for name in set(fields) - {"event_id", "recovery", "form", "person"}:
        values = tuple(value for value in fields.getall(name) if isinstance(value, str))
        answers[name] = values[0] if len(values) == 1 else values
    person_id = _text(fields, "person")
    for user, person_name in people:
        if user == person_id:
            answers["person"] = Person(v.PLATFORM, v.WORKSPACE, user, person_name)
    return answers


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    return value.replace("\x00", "") if isinstance(value, str) else ""  # PostgreSQL stores no NUL


def _json(status: int, **fields: Any) -> web.Response:  # noqa: ANN401 - JSON
    body = {"dialog": None, "close": False, "errors": {}, "notice": None} | fields
    return web.json_response(body, status=status)


def _page(html: str, status: int = 200) -> web.Response:
    return web.Response(text=html, content_type="text/html", status=status)


def _remember(request: web.Request, response: web.Response, secret: str) -> web.Response:
    if secret:
        secure = request.url.scheme == "https"
        response.set_cookie(
            v.COOKIE, secret, max_age=v.COOKIE_SECONDS, httponly=True, samesite="Strict", secure=secure, path="/"
        )
    return response
