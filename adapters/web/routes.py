"""The practice room over HTTP: pages, what people do in them, and the live stream."""

import secrets
from dataclasses import dataclass, field
from importlib.resources import files
from math import ceil
from pathlib import Path
from time import monotonic
from typing import Any

from aiohttp import web

from adapters.port import (
    Answer,
    Application,
    ButtonTap,
    FormSubmission,
    ReadersChange,
    RequestContext,
    Role,
    Surface,
    ThreadMessage,
    TypedCommand,
)
from adapters.web import visitors as v
from adapters.web.attempts import TokenBucket
from adapters.web.live_updates import LiveUpdates
from adapters.web.pages import PageRoom, Pages
from adapters.web.posted_fields import MAX_FORM_BYTES, PostedFields, read_answers, read_fields, read_role
from adapters.web.rendering import RoomRendering
from adapters.web.rooms import RoomItem, Rooms, TooManyRooms
from adapters.web.sign_in import LOGIN, SLUG, html_response
from adapters.web.visitors import Visitor, Visitors, browser_language
from flows.input.command_text import clean_account
from flows.input.commands import thread_command
from flows.screens.elements import Panel
from flows.screens.inputs import Form
from flows.state.identity import Person, Place
from flows.text import clean_name, is_blank, name_key
from flows.wording.languages import format_number

MAX_MESSAGE_CHARACTERS = 4000
MAX_EVENT_ID_CHARACTERS = 80
MAX_NAME_CHARACTERS = 40
MAX_SHORT_FORM_BYTES = 8 * 1024
"""Bytes of a posted form in which nobody writes a text."""
MAX_LISTED_ROOMS = 10
MAX_NEWCOMERS, NEWCOMER_SECONDS = 1_000, 0.2
"""New people at once where there is no access token, and the seconds after which one more may come."""
STATIC_FILES = {file.name: file for file in Path(str(files("adapters.web") / "static")).iterdir()}
"""The files of the page by name: nothing that somebody sends becomes part of a path."""
FOREIGN_SITES = {"cross-site", "same-site"}
"""Where a request comes from whose browser may have a cookie and did not send it. It must not get a new one in its
place: the page opens itself once more, and then the browser sends what it has."""


@dataclass(frozen=True, slots=True)
class WebRoutes:
    """The handlers. Each is a translation: the browser's request to the port's words, and the answer back."""

    application: Application
    rooms: Rooms
    visitors: Visitors
    pages: Pages
    rendering: RoomRendering
    live_updates: LiveUpdates
    newcomers: TokenBucket = field(default_factory=lambda: TokenBucket(MAX_NEWCOMERS, NEWCOMER_SECONDS, monotonic))

    def table(self) -> list[web.AbstractRouteDef]:
        """The routes."""
        slug = f"{{slug:{SLUG}}}"
        return [
            web.get("/", self.home),
            web.get("/room/new", self.new_room),
            web.get(f"/room/{slug}", self.room),
            web.get(f"/room/{slug}/live", self.stream),
            web.post(f"/room/{slug}/say", self.post_message),
            web.post(f"/room/{slug}/tap", self.tap_button),
            web.post(f"/room/{slug}/fill", self.submit_form),
            web.post(f"/room/{slug}/share", self.change_readers),
            web.post(f"/room/{slug}/me", self.change_profile),
            web.get("/static/{name}", self.static_file),
        ]

    async def home(self, request: web.Request) -> web.StreamResponse:
        """Go to the visitor's own room."""
        visitor = await self.visitors.find(request)
        if visitor is not None:
            own_room = f"/room/{visitor.own_room}"
            raise web.HTTPFound(own_room)
        if self.visitors.generation:
            raise web.HTTPFound(LOGIN)
        if refusal := self._refusal(request):
            return refusal
        visitor, secret = await self.visitors.admit(request)
        response = web.Response(status=302, headers={"Location": f"/room/{visitor.own_room}"})
        self.visitors.cookie.write(response, secret)
        return response

    async def static_file(self, request: web.Request) -> web.StreamResponse:
        """A script, a style or a picture of the page."""
        file = STATIC_FILES.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        return web.FileResponse(file)

    async def new_room(self, _request: web.Request) -> web.StreamResponse:
        """Go to a room that nobody was in."""
        room = f"/room/{secrets.token_hex(4)}"
        raise web.HTTPFound(room)

    async def room(self, request: web.Request) -> web.StreamResponse:
        """The whole page."""
        slug = request.match_info["slug"]
        visitor = await self.visitors.find(request)
        if visitor is not None:
            return await self._room_page(slug, visitor)
        if self.visitors.generation:
            login = f"{LOGIN}?room={slug}"
            raise web.HTTPFound(login)
        if refusal := self._refusal(request):
            return refusal
        visitor, secret = await self.visitors.admit(request)
        response = await self._room_page(slug, visitor)
        self.visitors.cookie.write(response, secret)
        return response

    def _refusal(self, request: web.Request) -> web.Response | None:
        """What somebody is answered who is new here and is not let in now.

        Too many new people came at once, or the browser must first send the cookies that it has.
        """
        if request.headers.get("Sec-Fetch-Site") in FOREIGN_SITES:
            return html_response(self.pages.once_more(request.path, browser_language(request)))
        if wait_seconds := ceil(self.newcomers.wait_seconds):
            page = self.pages.too_many_newcomers(wait_seconds, browser_language(request))
            return html_response(page, status=429, headers={"Retry-After": str(wait_seconds)})
        self.newcomers.use()
        return None

    async def _room_page(self, slug: str, visitor: Visitor) -> web.Response:
        try:
            state = await self.rooms.enter(slug, visitor.id)
        except TooManyRooms:
            rooms = await self.rooms.rooms_of(visitor.id)
            return html_response(self.pages.too_many_rooms(rooms[:MAX_LISTED_ROOMS], visitor.language), status=403)
        items = await self.rooms.newest(slug, visitor.id)
        seq = max((row.seq for row in items), default=state.seq)
        room = PageRoom(
            slug,
            slug,
            state.has_external_users,
            seq,
            visitor.name,
            state.people,
            visitor.language,
            can_sign_out=bool(self.visitors.generation),
        )
        return html_response(self.rendering.page(room, items, visitor))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Everything new in the room, as it comes."""
        return await self.live_updates.serve(request, request.match_info["slug"])

    async def post_message(self, request: web.Request) -> web.StreamResponse:
        """Somebody writes in the thread, or types a command."""
        visitor, fields, event_id = await self._posted_fields(request)
        slug, text = request.match_info["slug"], fields.long_text("text").strip()
        if not text or len(text) > MAX_MESSAGE_CHARACTERS:
            key = "long" if text else "empty"
            most = format_number(MAX_MESSAGE_CHARACTERS, visitor.language)
            return _json(422, errors={"text": self.pages.text(key, visitor.language, most=most)})
        request_context = await self._request_context(slug, visitor)
        if (command := thread_command(text)) is not None:
            answer = await self._command(event_id, visitor, request_context, command)
            return self._answer(answer, await self._people(slug), visitor)
        role = read_role(fields)
        body = {"role": role.value, "text": text, "name": visitor.name if role is Role.RESPONDER else ""}
        await self.rooms.put(RoomItem(slug, f"said:{visitor.id}:{event_id}", "message", body))
        answer = await self.application.receive(
            ThreadMessage(event_id, visitor.person, request_context.place, role, text)
        )
        return self._answer(answer, (), visitor)

    async def tap_button(self, request: web.Request) -> web.StreamResponse:
        """Somebody taps a button."""
        visitor, fields, event_id = await self._posted_fields(request, MAX_SHORT_FORM_BYTES)
        tap = ButtonTap(
            event_id,
            visitor.person,
            fields.text("recovery"),
            fields.number("card_revision"),
            fields.text("action"),
            Surface.PANEL if fields.text("surface") == Surface.PANEL else Surface.CARD,
        )
        answer = await self.application.receive(tap)
        people = await self._people(request.match_info["slug"]) if answer.dialog else ()
        return self._answer(answer, people, visitor)

    async def submit_form(self, request: web.Request) -> web.StreamResponse:
        """Somebody sends a form."""
        visitor, fields, event_id = await self._posted_fields(request)
        slug = request.match_info["slug"]
        request_context, people = await self._request_context(slug, visitor), await self._people(slug)
        answers = read_answers(fields, people)
        submission = FormSubmission(
            event_id, visitor.person, request_context, fields.text("recovery"), fields.text("form"), answers
        )
        return self._answer(await self.application.receive(submission), people, visitor, close=True)

    async def change_readers(self, request: web.Request) -> web.StreamResponse:
        """Somebody marks the thread as read by external users, or not."""
        visitor, fields, event_id = await self._posted_fields(request, MAX_SHORT_FORM_BYTES)
        slug, has_external_users = request.match_info["slug"], fields.text("has_external_users") == "on"
        request_context = await self._request_context(slug, visitor)
        await self.rooms.set_readers(slug, has_external_users=has_external_users)
        answer = await self.application.receive(
            ReadersChange(event_id, visitor.person, request_context.place, has_external_users)
        )
        return self._answer(answer, (), visitor)

    async def change_profile(self, request: web.Request) -> web.StreamResponse:
        """Somebody says who they are."""
        visitor, fields, _ = await self._posted_fields(request, MAX_SHORT_FORM_BYTES)
        text = fields.long_text("name")
        name = clean_name(text, 2 * len(text))  # whole: a longer one is refused, not shortened
        if len(name) > MAX_NAME_CHARACTERS:
            message = self.pages.text("name_long", visitor.language, most=str(MAX_NAME_CHARACTERS))
            return _json(422, errors={"name": message})
        timezone, language = fields.text("timezone"), fields.text("language")
        name = "" if is_blank(name) else name
        if await self.visitors.change(visitor, name=name, timezone=timezone, language=language):
            await self.rooms.announce_new_name(visitor.id)
        return _json(200, close=True)

    async def _command(self, event_id: str, visitor: Visitor, request_context: RequestContext, command: str) -> Answer:
        mentioned_name = name_key(clean_account(command.partition("@")[2]))
        people = await self._people(request_context.place.conversation) if mentioned_name else ()
        mentioned_person = next(
            (Person(v.PLATFORM, v.WORKSPACE, i, n) for i, n in people if name_key(n) == mentioned_name), None
        )
        return await self.application.receive(
            TypedCommand(event_id, visitor.person, request_context, command, mentioned_person)
        )

    async def _posted_fields(
        self, request: web.Request, max_bytes: int = MAX_FORM_BYTES
    ) -> tuple[Visitor, PostedFields, str]:
        visitor = await self.visitors.find(request)
        if visitor is None:
            raise web.HTTPForbidden(text="Open the page again: this browser is not known here.")
        fields = await read_fields(request, max_bytes)
        event_id = fields.text("event_id", MAX_EVENT_ID_CHARACTERS)
        if not event_id:
            raise web.HTTPBadRequest(text="event_id is missing")
        return visitor, fields, f"{visitor.id}:{event_id}"

    async def _request_context(self, slug: str, visitor: Visitor) -> RequestContext:
        try:
            state = await self.rooms.enter(slug, visitor.id)
        except TooManyRooms as error:
            raise web.HTTPForbidden(text=str(error)) from error
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
        screen = answer.dialog or answer.next_view
        if isinstance(screen, Panel):
            html = self.pages.panel(screen, visitor.language)
        elif isinstance(screen, Form) and screen is answer.dialog:
            html = self.pages.form(screen, answer.recovery_id, others, visitor.language)
        return _json(200, dialog=html, close=close, notice=answer.notice or None)


def _json(status: int, **fields: Any) -> web.Response:  # noqa: ANN401 - JSON
    body = {"dialog": None, "close": False, "errors": {}, "notice": None} | fields
    return web.json_response(body, status=status)
