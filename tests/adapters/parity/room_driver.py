"""The practice room over HTTP: the page's own HTML is read, and sent as its script does."""

import itertools
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

import aiohttp
from aiohttp.test_utils import TestServer

from adapters.web import tables
from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from flows.screens.elements import Card
from flows.screens.inputs import TextInput, TimeInput
from flows.state.identity import Person
from tests.adapters.parity.card_text import chip_rows, has_label, inputs
from tests.adapters.parity.driver import (
    MORE,
    Button,
    Colleague,
    FormInput,
    InputErrors,
    InputValue,
    MessageRecorder,
    PrivateMessage,
    ShownCard,
)
from tests.conftest import SetClock
from tests.server_process import Visitor

CLIENT = "kim"
UNSEEN = frozenset({"datalist", "svg", "script", "template", "kbd"})
_VOID = frozenset({"input", "meta", "link", "br", "img", "use", "path"})
Root = Element


class _Reader(HTMLParser):
    """The page as a tree."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = TreeBuilder()
        self.tree.start("root", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in _VOID:
            self.tree.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        self.tree.data(data)


def read(html: str) -> Root:
    reader = _Reader()
    reader.feed(html)
    reader.tree.end("root")
    return reader.tree.close()


def text_of(part: Root) -> str:
    """What one reads, with what stands in fields."""
    return " ".join(" ".join(_texts(part)).split())


def _texts(part: Root) -> Iterator[str]:
    nothing = part.tag == "option" and not part.get("value")
    if part.tag in UNSEEN or "visually-hidden" in part.get("class", "") or nothing:
        return
    if part.tag == "input" and part.get("type") in {"text", "datetime-local"}:
        yield part.get("value", "")
    yield part.text or ""
    for child in part:
        yield from _texts(child)
        yield child.tail or ""


def _taps(part: Root) -> list[Root]:
    return [one for one in part.iter("button") if "data-action" in one.attrib and one.get("class") != "note"]


@dataclass(slots=True)
class RoomSeat:
    """One person at one browser. `dialog`: what stands in it."""

    visitor: Visitor
    id: str
    card: Root | None = None
    before: Root | None = None
    dialog: Root | None = None
    read_count: int = 0
    ear: MessageRecorder = field(default_factory=MessageRecorder)


@dataclass(slots=True)
class RoomDriver:
    """The practice room."""

    parts: Runtime
    seats: dict[str, RoomSeat]
    name: str = "practice room"
    has_inputs: bool = True
    _posts: int = 0
    _pages: dict[str, Root] = field(default_factory=dict)
    _events: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def ready(self) -> None:
        """Nobody but those who are in it reads a room."""

    def person(self, who: str) -> Person:
        return Person("web", "practice", self.seats[who].id, who.capitalize())

    async def type(self, who: str, text: str, about: str = "") -> None:
        mention = f" @{about.capitalize()}" if about else ""
        await self._do(who, "say", **{"as": "responder", "text": f"/trust-recover {text}{mention}"})

    async def tap(self, who: str, label: str, *, before: bool = False) -> None:
        seat = self.seats[who]
        await self._tap(who, (seat.before if before else None) or await self._guide(who), label)

    async def note(self, who: str, values: FormInput) -> InputErrors:
        (form,) = (await self._guide(who)).iter("form")
        return await self._send(who, form, values)

    async def fill(self, who: str, way: str, values: FormInput, beside: str = "", *, more: bool = False) -> InputErrors:
        view = await self._opened(who, MORE) if more else await self._guide(who)
        dialog = (await self._tap(who, view, way, beside))["dialog"]
        assert dialog, f"“{way}” opened nothing"
        (form,) = read(dialog).iter("form")
        return await self._send(who, form, values)

    async def press(self, who: str, label: str, beside: str = "") -> None:
        await self._tap(who, await self._opened(who, MORE), label, beside)

    async def check_message(self, who: str, text: str) -> None:
        """Messages of the room have no menu: the words are typed into the form."""
        assert not await self.fill(who, "Check my words", {"What you want to say or write": text}, more=True)

    async def press_again(self, who: str, label: str, beside: str = "") -> None:
        await self._tap(who, self._dialog(who), label, beside)

    async def fill_again(self, who: str, way: str, values: FormInput) -> InputErrors:
        await self._tap(who, self._dialog(who), way)
        (form,) = self._dialog(who).iter("form")
        return await self._send(who, form, values)

    async def open_panel(self, who: str) -> ShownCard:
        panel = self._dialog(who)
        return ShownCard(text_of(panel), tuple(Button(text_of(one)) for one in _taps(panel)))

    def _dialog(self, who: str) -> Root:
        dialog = self.seats[who].dialog
        assert dialog is not None, "no dialog is open"
        return dialog

    async def reminder(self, who: str) -> ShownCard:
        item = await self._reminder(who)
        return ShownCard(_line(item), tuple(Button(text_of(one)) for one in item.iter("button")))

    async def answer_reminder(self, who: str, label: str, values: FormInput | None = None) -> None:
        dialog = (await self._tap(who, await self._reminder(who), label))["dialog"]
        if values:
            (form,) = read(dialog).iter("form")
            assert not await self._send(who, form, values)

    async def leads_to_guide(self, who: str, label: str) -> bool:
        button = next(one for one in (await self._reminder(who)).iter("button") if text_of(one) == label)
        return button.get("data-guide") == (await self._guide(who)).get("id")

    async def _reminder(self, who: str) -> Root:
        return [one for one in (await self._page(who)).iter("li") if one.get("data-kind") == "nudge"][-1]

    async def write(self, who: str, text: str) -> None:
        role, by = ("client", "dana") if who == CLIENT else ("responder", who)
        await self._do(by, "say", **{"as": role, "text": text})

    async def share(self, *, has_external_users: bool) -> None:
        await self._do("dana", "share", has_external_users="on" if has_external_users else "")

    def look(self) -> None:
        self._pages.clear()

    async def card(self, who: str) -> ShownCard:
        seat, card = self.seats[who], await self._guide(who)
        if seat.card is not None and text_of(seat.card) != text_of(card):
            seat.before = seat.card
        seat.card = card
        taps = sorted(_taps(card), key=lambda one: one.get("aria-keyshortcuts", ""))
        return ShownCard(text_of(card), tuple(Button(text_of(one), one.get("data-sure", "")) for one in taps))

    async def panel(self, who: str) -> ShownCard:
        panel = await self._opened(who, MORE)
        text = text_of(panel)
        return ShownCard(text, tuple(Button(text_of(one), one.get("data-sure", "")) for one in _taps(panel)))

    async def new_private_messages(self, who: str) -> list[PrivateMessage]:
        seat = self.seats[who]
        whispers = [
            one for one in (await self._page(who)).iter("li") if one.get("data-kind") in {"private_message", "nudge"}
        ]
        new = [PrivateMessage(_line(one), one.get("data-kind") == "nudge") for one in whispers[seat.read_count :]]
        answers, seat.ear, seat.read_count = seat.ear.messages, MessageRecorder(), len(whispers)
        return [*answers, *new]

    async def new_posts(self) -> list[str]:
        page = await self._page("dana")
        posts = [_line(one) for one in page.iter("li") if one.get("data-role") == "guide"]
        new, self._posts = posts[self._posts :], len(posts)
        return new

    def besides(self, card: Card) -> str:
        """The words and times that can be tapped instead of typed."""
        has_chips = bool(chip_rows(card))
        result: list[str] = []
        for one in (one for form in inputs(card) for one in form.inputs):
            if isinstance(one, TextInput) and not has_chips:
                result += one.suggestions
            if isinstance(one, TimeInput):
                result += [*(label for _, label in one.choices), "Pick…"]
        return " ".join(result)

    def unsaid(self, card: Card) -> str:
        """What chips are labelled with already."""
        labels = {row.label for row in chip_rows(card)}
        return " ".join(one.label for form in inputs(card) for one in form.inputs if one.label in labels)

    async def _page(self, who: str) -> Root:
        if who not in self._pages:
            self._pages[who] = read(await self.seats[who].visitor.enter())
        return self._pages[who]

    async def _guide(self, who: str) -> Root:
        return next(one for one in (await self._page(who)).iter("article") if "data-card-revision" in one.attrib)

    async def _opened(self, who: str, label: str) -> Root:
        dialog = (await self._tap(who, await self._guide(who), label))["dialog"]
        (root,) = read(dialog)
        return root

    async def _tap(self, who: str, view: Root, label: str, beside: str = "") -> dict[str, Any]:
        rows = [one for one in view.iter("li") if "row" in one.get("class", "").split()] if beside else [view]
        near = [one for one in rows if beside in text_of(one)]
        result = [one for row in near for one in _taps(row) if has_label(text_of(one), label)]
        assert result, f"no “{label}” beside “{beside}” in: {text_of(view)}"
        fields = {"recovery": view.get("data-recovery", ""), "card_revision": view.get("data-card-revision", "")}
        stays = {"surface": "panel"} if "data-stays" in result[0].attrib else {}
        reply = await self._do(who, "tap", **fields, **stays, action=result[0].get("data-action", ""))
        if not reply["dialog"] and not stays:
            self.seats[who].dialog = None
        return reply

    async def _send(self, who: str, form: Root, values: FormInput) -> InputErrors:
        fields = dict(_current_values(form))
        for label, value in values.items():
            fields |= _form_values(form, label, value)
        reply = await self._do(
            who, "fill", recovery=form.get("data-recovery", ""), form=form.get("data-form", ""), **fields
        )
        faults: dict[str, str] = reply["errors"]
        return faults

    async def _do(self, who: str, what: str, /, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - texts or several
        seat = self.seats[who]
        data = [("event_id", f"e{next(self._events)}")]
        for name, value in fields.items():
            data += [(name, one) for one in ((value,) if isinstance(value, str) else value)]
        url, headers = f"{seat.visitor.url}/room/practice/{what}", {"Origin": seat.visitor.url}
        async with seat.visitor.session.post(url, data=aiohttp.FormData(data), headers=headers) as response:
            assert response.status in {200, 422}, await response.text()
            reply: dict[str, Any] = await response.json()
        seat.ear.hear(reply["notice"] or "")
        if reply["dialog"]:
            (seat.dialog,) = read(reply["dialog"])
        return reply


def _line(item: Root) -> str:
    """The words of a message or a private line."""
    return next((one.text or "").strip() for one in item.iter("p") if one.get("class") == "text")


def _fields(form: Root) -> Iterator[tuple[str, Root]]:
    """Labels with what can be filled in under them."""
    for one in form.iter("div"):
        if "data-field" in one.attrib:
            label = next(part for part in one.iter() if "label" in part.get("class", "").split())
            yield (label.text or "").strip(), one


def _current_values(form: Root) -> Mapping[str, str | list[str]]:
    """What the page would send if nobody changed anything."""
    current: dict[str, str | list[str]] = {}
    for part in form.iter():
        name, kind = part.get("name", ""), part.get("type", "")
        if not name:
            continue
        if part.tag == "textarea":
            current[name] = (part.text or "").removeprefix("\n")
        elif part.tag == "select":
            selection = [one for one in part.iter("option") if "selected" in one.attrib] or list(part.iter("option"))
            current[name] = selection[0].get("value", "")
        elif part.tag == "input" and kind not in {"radio", "checkbox"}:
            current[name] = part.get("data-answer", part.get("value", ""))
        elif part.tag == "input" and "checked" in part.attrib:
            current[name] = [*current.get(name, []), part.get("value", "")]
    return current


def _form_values(form: Root, label: str, value: InputValue) -> dict[str, str | list[str]]:
    (at,) = [field for name, field in _fields(form) if name == label]
    name = at.get("data-field", "")
    options = {text_of(one): next(one.iter("input")).get("value", "") for one in at.iter("label") if len(one) == 2}
    options |= {text_of(one): one.get("value", "") for one in at.iter("option")}
    match value:
        case Colleague(name=person):
            return {name: options[person.capitalize()]}
        case datetime():
            return {name: value.strftime("%Y-%m-%dT%H:%M")}
        case tuple():
            return {name: [options[one] for one in value]}
        case _:
            is_text = next(at.iter("textarea"), None) is not None or any(
                one.get("type") == "text" for one in at.iter("input")
            )
            answers = {one.get("data-word"): one.get("data-answer") for one in at.iter("button")}
            return {name: (answers.get(value) or value) if is_text else options[value]}


@asynccontextmanager
async def in_room(folder: Path, clock: SetClock, *names: str) -> AsyncIterator[RoomDriver]:
    """A practice room with these people in it."""
    async with AsyncExitStack() as stack:
        settings = Settings(database_url=f"sqlite:///{folder}/web.db", port=0, _env_file=None)
        parts = await stack.enter_async_context(running_application(settings, clock))
        server = TestServer(parts.web)
        await server.start_server()
        stack.push_async_callback(server.close)
        url = str(server.make_url("")).rstrip("/")
        seats = {name: await _open_seat(stack, url, name) for name in names}
        result = {name: user for user, name in await _people(parts)}
        for name, seat in seats.items():
            seat.id = result[name.capitalize()]
        yield RoomDriver(parts, seats)


async def _open_seat(stack: AsyncExitStack, url: str, name: str) -> RoomSeat:
    session = await stack.enter_async_context(
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))  # of an address without a name
    )
    visitor = Visitor(session, url)
    await visitor.enter()
    query = {"event_id": f"profile of {name}", "name": name.capitalize(), "timezone": "UTC", "language": "en"}
    async with session.post(f"{url}/room/practice/me", data=query, headers={"Origin": url}) as response:
        assert response.status == 200
    return RoomSeat(visitor, "")


async def _people(parts: Runtime) -> list[tuple[str, str]]:
    return await parts.database.run(lambda tx: [(row.id, row.name) for row in tx.execute(tables.visitor.select())])
