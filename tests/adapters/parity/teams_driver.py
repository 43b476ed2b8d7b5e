"""Teams, played by hand: the guide in the chat with the app, forms and "More" as dialogs."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import escape, unescape
from pathlib import Path

from adapters.teams.activity import CHECK_COMMAND_ID
from adapters.teams.directory import tables
from bot.server.bootstrap import Runtime
from flows.screens.elements import Card, NoteList
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
from tests.adapters.teams.card_client import Given as Typed
from tests.adapters.teams.card_client import Json, action, field_of, labels, parts
from tests.adapters.teams.fake_connector import BOT, CHANNEL
from tests.adapters.teams.harness import Reply, TeamsHarness, TeamsUser, teams_harness
from tests.adapters.teams.payloads import buttons as guide_buttons
from tests.conftest import SetClock

THREAD = CHANNEL + ";messageid=1500000000000"
SOON = 0.01
"""Seconds between two looks."""
GOES = "It will be posted in "
CLIENT, CLIENT_OBJECT_ID = "kim", "aaaaaaaa-0000-4000-8000-000000000002"
_BREAK = re.compile(r"<br\s*/?>")
_CHIP_MARK = re.compile(r"^[○◉☐☑] ")
_TAG = re.compile(r"<[^>]+>")


@dataclass(slots=True)
class TeamsSeat:
    """One person. `tapped_reminders`: by their number in the chat. `dialog`: what answered their last form or tap.

    `is_from_menu`: a message's menu opened it.
    """

    user: TeamsUser
    card: Json | None = None
    before: Json | None = None
    answered: Json | None = None
    dialog: Reply | None = None
    is_from_menu: bool = False
    tapped_reminders: dict[int, Json] = field(default_factory=dict)
    read_count: int = 0
    ear: MessageRecorder = field(default_factory=MessageRecorder)


@dataclass(slots=True)
class TeamsDriver:
    """Teams."""

    at: TeamsHarness
    seats: dict[str, TeamsSeat]
    name: str = "Teams"
    has_inputs: bool = True
    _posts: int = 0

    @property
    def parts(self) -> Runtime:
        return self.at.parts

    async def ready(self) -> None:
        dana = self.seats["dana"].user
        await dana.send(dana.activity("installationUpdate", CHANNEL, action="add"))
        while not await self.at.rows(tables.audience):  # noqa: ASYNC110 - it is found out in the background
            await asyncio.sleep(SOON)

    def person(self, who: str) -> Person:
        user = self.seats[who].user
        return Person("teams", user.tenant, user.id, who.capitalize())

    async def type(self, who: str, text: str, about: str = "") -> None:
        user = self.seats[who].user
        app: Json = {
            "type": "mention",
            "text": "<at>Trust Recover</at>",
            "mentioned": {"id": BOT, "name": "Trust Recover"},
        }
        mentions = [_mention(self.seats[about].user)] if about else []
        words = " ".join([app["text"], text, *(one["text"] for one in mentions)])
        message = user.activity("message", THREAD, text=words, textFormat="plain")
        reply = await user.send(message | {"entities": [*message["entities"], app, *mentions]})
        assert reply.status == 200, reply

    async def tap(self, who: str, label: str, *, before: bool = False) -> None:
        seat = self.seats[who]
        card = (seat.before if before else None) or self._guide(who)
        one = action(card, _chip_or_button(card, label))
        if one["type"] == "Action.ShowCard":
            (one,) = one["card"]["actions"]
        self._answered(who, await seat.user.do(one, card))

    async def note(self, who: str, values: FormInput) -> InputErrors:
        card = self._guide(who)
        label = next(one["title"] for one in parts(card) if one.get("verb") == "fill")
        reply = await self.seats[who].user.press(card, label, _form_values(card, values))
        self._answered(who, reply)
        return _faults(reply.card) if "card" in str(reply.body["type"]) else {}

    async def fill(self, who: str, way: str, values: FormInput, beside: str = "", *, more: bool = False) -> InputErrors:
        user = self.seats[who].user
        if more:
            self.seats[who].is_from_menu = False
            dialog = (await user.submit(await self._more(who), way, beside=beside)).card
        else:
            reply = await user.press(self._guide(who), _chip_or_button(self._guide(who), way))
            if "task" not in reply.body:  # a gate is answered with the guide, and its form comes below
                return await self._below(who, values)
            dialog = reply.card
        return await self._submit(who, dialog, values)

    async def check_message(self, who: str, text: str) -> None:
        seat = self.seats[who]
        seat.dialog, seat.is_from_menu = await seat.user.choose(CHECK_COMMAND_ID, escape(text), by=who), True

    async def press_again(self, who: str, label: str, beside: str = "") -> None:
        seat = self.seats[who]
        seat.dialog = await self._submit_from(who, self._dialog(who).card, label, {}, beside)
        assert seat.dialog.status == 200, seat.dialog

    async def fill_again(self, who: str, way: str, values: FormInput) -> InputErrors:
        await self.press_again(who, way)
        return await self._submit(who, self._dialog(who).card, values)

    async def open_panel(self, who: str) -> ShownCard:
        return _shown_dialog(self._dialog(who))

    async def _submit_from(
        self, who: str, dialog: Json, label: str, values: Mapping[str, Typed], beside: str = ""
    ) -> Reply:
        seat = self.seats[who]
        if seat.is_from_menu:
            return await seat.user.submit_chosen(CHECK_COMMAND_ID, dialog, label, values, beside)
        return await seat.user.submit(dialog, label, values, beside)

    def _dialog(self, who: str) -> Reply:
        dialog = self.seats[who].dialog
        assert dialog is not None, "no dialog is open"
        return dialog

    async def _submit(self, who: str, dialog: Json, values: FormInput) -> InputErrors:
        seat = self.seats[who]
        label = str(dialog["actions"][0]["title"])
        seat.dialog = await self._submit_from(who, dialog, label, _form_values(dialog, values))
        assert seat.dialog.status == 200, seat.dialog
        return _faults(seat.dialog.card) if seat.dialog.body else {}

    async def press(self, who: str, label: str, beside: str = "") -> None:
        reply = await self.seats[who].user.submit(await self._more(who), label, beside=beside)
        assert reply.status == 200, reply
        self._hear_word(who, reply)

    async def reminder(self, who: str) -> ShownCard:
        card = self._reminder(who)
        return ShownCard("\n".join(_read(card)), tuple(Button(label) for label in labels(card)))

    async def answer_reminder(self, who: str, label: str, values: FormInput | None = None) -> None:
        seat = self.seats[who]
        reply = await seat.user.press(self._reminder(who), label)
        assert reply.status == 200, reply
        if values:
            form = reply.card
            reply = await seat.user.submit(form, str(form["actions"][0]["title"]), _form_values(form, values))
            assert (reply.status, reply.body) == (200, {})
        else:
            reminders = [one for one in self.at.connector.messages_in(seat.user.chat) if _is_reminder(one)]
            seat.tapped_reminders[len(reminders)] = reply.card

    async def leads_to_guide(self, who: str, label: str) -> bool:
        reply = await self.seats[who].user.press(self._reminder(who), label)
        return reply.word == "Your guide is now further down, below this message."

    def _reminder(self, who: str) -> Json:
        """As it stands in the chat by now: a tap is answered with it."""
        seat = self.seats[who]
        reminders = [one for one in self.at.connector.messages_in(seat.user.chat) if _is_reminder(one)]
        card: Json = reminders[-1]["attachments"][0]["content"]
        return seat.tapped_reminders.get(len(reminders), card)

    async def write(self, who: str, text: str) -> None:
        assert (await self.seats[who].user.write(text, THREAD)).status == 200

    async def share(self, *, has_external_users: bool) -> None:
        dana = self.seats["dana"].user
        event = dana.activity("conversationUpdate", CHANNEL)
        event["channelData"] |= {"eventType": "channelShared" if has_external_users else "channelUnshared"}
        assert (await dana.send(event)).status == 200

    def look(self) -> None:
        """The chat is read whenever somebody asks for it."""

    async def card(self, who: str) -> ShownCard:
        seat, card = self.seats[who], self._guide(who)
        if seat.card is not None and seat.card != card:
            seat.before = seat.card
        seat.card = card
        result = _shown_card(card)
        if seat.answered is not None:
            assert _shown_card(seat.answered) == result, "a tap was answered with another card than the one in the chat"
            seat.answered = None
        return result

    async def panel(self, who: str) -> ShownCard:
        return _shown_dialog(await self.seats[who].user.press(self._guide(who), MORE))

    async def new_private_messages(self, who: str) -> list[PrivateMessage]:
        seat = self.seats[who]
        messages = self.at.connector.messages_in(seat.user.chat)
        new = [_private_message(one) for one in messages[seat.read_count :] if "text" in one or _is_reminder(one)]
        answers, seat.ear, seat.read_count = seat.ear.messages, MessageRecorder(), len(messages)
        return [*answers, *new]

    async def new_posts(self) -> list[str]:
        posts = [_text(one["text"]) for one in self.at.connector.messages_in(THREAD)]
        new, self._posts = posts[self._posts :], len(posts)
        return new

    def besides(self, card: Card) -> str:
        """The words to pick from, a field for another one, and times to choose."""
        chip_labels = {chip.label for row in chip_rows(card) for chip in row.chips}
        result: list[str] = []
        for one in (one for form in inputs(card) for one in form.inputs):
            if isinstance(one, TextInput) and one.suggestions:
                are_chips = set(one.suggestions) <= chip_labels
                result += ["in your own words"] if are_chips else [*one.suggestions, f"{one.label}: in your own words"]
            if isinstance(one, TimeInput):
                result += ["or type it", *(label for _, label in one.choices)]
        for element in card.elements:
            if isinstance(element, NoteList):
                result += [note.edit.label for note in element.notes if note.edit]
        return " ".join(result)

    def unsaid(self, card: Card) -> str:  # noqa: ARG002 - a card of Teams says all
        return ""

    def _guide(self, who: str) -> Json:
        cards = self._cards(who)
        return next((one for one in cards if _is_guide(one)), cards[0])  # one for nobody any more has no button

    def _cards(self, who: str) -> list[Json]:
        """The cards in somebody's chat, newest first."""
        messages = self.at.connector.messages_in(self.seats[who].user.chat)[::-1]
        cards = [one for one in messages if "attachments" in one and not _is_reminder(one)]
        return [one["attachments"][0]["content"] for one in cards]

    async def _below(self, who: str, values: FormInput) -> InputErrors:
        form = self._cards(who)[0]
        assert not _is_guide(form), "no form came below the guide"
        reply = await self.seats[who].user.press(form, str(form["actions"][0]["title"]), _form_values(form, values))
        return _faults(reply.card)

    async def _more(self, who: str) -> Json:
        return (await self.seats[who].user.press(self._guide(who), MORE)).card

    def _answered(self, who: str, reply: Reply) -> None:
        assert reply.status == 200, reply
        if "task" in reply.body:
            return
        if isinstance(reply.body["value"], str):
            self.seats[who].ear.hear(reply.word)
        elif not _faults(reply.card):
            self.seats[who].answered = reply.card

    def _hear_word(self, who: str, reply: Reply) -> None:
        """A dialog that only says something."""
        card = reply.card if reply.body else {}
        if card and len(card["body"]) == 1 and not card.get("actions"):
            self.seats[who].ear.hear("\n".join(_read(card)))


def _chip_or_button(card: Json, label: str) -> str:
    """What stands on a button or a chip, with the mark of a chip."""
    return next((one for one in labels(card) if has_label(_CHIP_MARK.sub("", one), label)), label)


def _mention(user: TeamsUser) -> Json:
    name = user.name.capitalize()
    return {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": user.id, "name": name}}


def _private_message(message: Json) -> PrivateMessage:
    alert = message.get("channelData", {}).get("notification", {}).get("alert", False)
    text = _text(message["text"]) if "text" in message else str(message["summary"])
    return PrivateMessage(text, nudge=bool(alert))


def _is_reminder(message: Json) -> bool:
    return "notification" in message.get("channelData", {})


def _text(markup: str) -> str:
    return unescape(_TAG.sub("", _BREAK.sub("\n", markup)))


def _shown_card(card: Json) -> ShownCard:
    read = _read(card)
    buttons = tuple(Button(str(one["title"]), _sure(one)) for one in guide_buttons(card))
    lines = [line for line in read if not line.startswith(GOES)]
    beyond = tuple(line for line in read if line.startswith(GOES))
    return ShownCard("\n".join(lines), buttons, beyond)


def _shown_dialog(reply: Reply) -> ShownCard:
    title = reply.body["task"]["value"]["title"]
    buttons = tuple(Button(one.removeprefix("◉ ")) for one in labels(reply.card))
    return ShownCard("\n".join([title, *_read(reply.card)]), buttons)


def _is_guide(card: Json) -> bool:
    """Whether this is a guide: its buttons are taps at a revision of it."""
    taps = (part for part in parts(card) if part.get("verb") in {"tap", "fill"} or part["type"] == "Action.Submit")
    return any("revision" in tap["data"] for tap in taps)


def _sure(one: Json) -> str:
    return "\n".join(_read(one["card"])) if one["type"] == "Action.ShowCard" else ""


def _read(card: Json) -> list[str]:
    """What one reads on a card's body, with what stands in its inputs."""
    result: list[str] = []
    body = {"body": card.get("body", [])}
    questions = [id(part) for one in parts(body) if one.get("type") == "Action.ShowCard" for part in parts(one["card"])]
    for part in parts(body):
        if id(part) in questions:
            continue
        kind = str(part.get("type", ""))
        if kind == "RichTextBlock":
            result.append("".join(run["text"] for run in part["inlines"]))
        elif kind.startswith("Input."):
            options = [choice["title"] for choice in part.get("choices", ())]
            result += [str(part.get("label", "")), *(options or [str(part.get("value", ""))])]
        elif kind.startswith("Action.") and "title" in part:
            result.append(str(part["title"]))
    return result


def _faults(card: Json) -> dict[str, str]:
    """Each line that warns, by the input above it."""
    result, name, empty_who = {}, "", ""
    traps = [fold for fold in parts(card) if str(fold.get("id", "")).startswith("trap-")]
    in_traps = [part for trap in traps for part in parts(trap)]
    for part in parts(card):
        if part in in_traps:
            continue
        if str(part.get("type", "")).startswith("Input."):
            name = part["id"].removeprefix("in.").split("~")[0].split(".")[0]
            is_empty = not str(part.get("value", "")).strip()
            name, empty_who = (empty_who, "") if empty_who else (name, name if name == "who" and is_empty else "")
        elif part.get("type") == "RichTextBlock" and part["inlines"][0].get("color") == "attention":
            result[name] = str(part["inlines"][0]["text"]).removeprefix("⚠️ ")
    return result


def _form_values(card: Json, values: FormInput) -> dict[str, Typed]:
    result: dict[str, Typed] = {}
    for label, value in values.items():
        result |= _one(card, label, value)
    return result


def _one(card: Json, label: str, value: InputValue) -> dict[str, Typed]:
    choices = [choice["title"] for choice in field_of(card, label).get("choices", ())]
    match value:
        case Colleague(name=person):
            return {label: person.capitalize()}
        case datetime():
            return {"or type it": value.strftime("%Y-%m-%dT%H:%M")}
        case str() if choices and value not in choices:
            own_word = f"{label}: in your own words"
            is_word = any(one.get("label") == own_word for one in parts(card))
            return {own_word if is_word else "or type it": value}
        case _:
            return {label: value}


@asynccontextmanager
async def in_teams(folder: Path, clock: SetClock, *names: str) -> AsyncIterator[TeamsDriver]:
    """A tenant with these people in it; Kim speaks for the client. The login's certificate must be trusted."""
    url = f"sqlite:///{folder}/teams.db"
    async with teams_harness(url, folder, clock=clock, teams_client_object_ids=(CLIENT_OBJECT_ID,)) as at:
        del at.connector.people[CLIENT]
        for name in names:
            if name not in at.connector.people:
                at.connector.add(name, CHANNEL, **({"aadObjectId": CLIENT_OBJECT_ID} if name == CLIENT else {}))
        yield TeamsDriver(at, {name: TeamsSeat(at.user(name)) for name in names})
