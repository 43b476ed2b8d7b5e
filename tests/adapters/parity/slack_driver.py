"""Slack, emulated: the guide in the chat with the app, forms and "More" as modals."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any, Unpack

from adapters.slack.blocks.input_ids import parse_block_id
from adapters.slack.blocks.mrkdwn import escape
from adapters.slack.directory import tables
from adapters.slack.manifest import CHECK_WORDS
from bot.server.bootstrap import Runtime
from flows.screens.elements import Card, NoteList
from flows.state.identity import Person
from tests.adapters.parity.card_text import has_label
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
from tests.adapters.slack.harness import SlackHarness, SlackUser, again, field_of, slack_harness, strings
from tests.conftest import SetClock
from tests.peers.slack import events, forms
from tests.peers.slack.sender import How, Reply, Sender
from tests.peers.slack.shim import Call
from tests.peers.slack.team import Json, Team

CHANNEL = "acct-acme"
SOON = 0.01
"""Seconds between two looks."""
TAKEN = "Noted."
"""Slack must answer a command with something; the practice room then says nothing."""
OPENS_FORM = frozenset({"Add…", "Update…", "Send…"})
_TIME = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")
_CHIP_MARK = re.compile(r"^[✓☑☐◉] ")
_LINKED = re.compile(r"<[^|<>\s]+\|[^<>]+>")


class WaitingSender(Sender):
    """Signs by the clock that the product goes by."""

    clock: SetClock

    async def post(self, payload: Json, form: Any, **how: Unpack[How]) -> Reply:  # noqa: ANN401 - a form, or none
        how["late"] = time.time() - self.clock.now
        return await super().post(payload, form, **how)


@dataclass(slots=True)
class SlackSeat:
    """One person in the workspace. `direct`: their chat. `modal`: what answered their last form or tap in a modal."""

    user: SlackUser
    card: Json | None = None
    before: Json | None = None
    read_count: int = 0
    direct: str = ""
    guide: Json | None = None
    modal: Json = field(default_factory=dict)
    ear: MessageRecorder = field(default_factory=MessageRecorder)


@dataclass(slots=True)
class SlackDriver:
    """Slack."""

    at: SlackHarness
    seats: dict[str, SlackSeat]
    name: str = "Slack"
    has_inputs: bool = False
    _posts: int = 0

    @property
    def parts(self) -> Runtime:
        return self.at.parts

    async def ready(self) -> None:
        user = self.seats["dana"].user
        bot = user.workspace.team.bot_user
        channel = user.workspace.channel(CHANNEL)
        await self.at.sender().event(events.member_joined(channel, bot, user.workspace.team.team_id))
        while not await self.at.rows(tables.audience):  # noqa: ASYNC110 - it is found out in the background
            await asyncio.sleep(SOON)

    def person(self, who: str) -> Person:
        user = self.seats[who].user
        return Person("slack", user.workspace.team.team_id, user.id, who.capitalize())

    async def type(self, who: str, text: str, about: str = "") -> None:
        mention = f" <@{self.seats[about].user.id}|{about}>" if about else ""
        self._hear(who, (await self.seats[who].user.type(f"{escape(text)}{mention}", CHANNEL)).json)

    async def tap(self, who: str, label: str, *, before: bool = False) -> None:
        seat = self.seats[who]
        view = (seat.before if before else None) or await self._guide(who)
        await self._record_answer(who, seat.user.sender.press(who, view, _chip_or_button(view, label)))

    async def note(self, who: str, values: FormInput) -> InputErrors:
        labels = [one.label for block in (await self._guide(who))["blocks"] for one in _buttons(block)]
        return await self.fill(who, next(label for label in labels if label in OPENS_FORM), values)

    async def fill(self, who: str, way: str, values: FormInput, beside: str = "", *, more: bool = False) -> InputErrors:
        seat = self.seats[who]
        if more:
            panel = await self._more(who)
            view = await seat.user.press(panel, *_tappable(panel, way, beside))
        else:
            since = len(self.at.shim.calls)
            guide = await self._guide(who)
            await seat.user.sender.press(who, guide, _chip_or_button(guide, way))
            view = seat.user.opened(since)
        return await self._submit(who, view, values)

    async def check_message(self, who: str, text: str) -> None:
        user, since = self.seats[who].user, len(self.at.shim.calls)
        written = next(one for one in await user.workspace.history(CHANNEL, who) if text == unescape(one["text"]))
        message = written | {"channel": user.workspace.channel(CHANNEL)}
        assert (await user.sender.shortcut(who, message, CHECK_WORDS)).status == 200
        self.seats[who].modal = user.opened(since)

    async def press_again(self, who: str, label: str, beside: str = "") -> None:
        seat = self.seats[who]
        seat.modal = await seat.user.press(seat.modal, *_tappable(seat.modal, label, beside))

    async def fill_again(self, who: str, way: str, values: FormInput) -> InputErrors:
        await self.press_again(who, way)
        return await self._submit(who, self.seats[who].modal, values)

    async def open_panel(self, who: str) -> ShownCard:
        return _shown_modal(self.seats[who].modal)

    async def _submit(self, who: str, view: Json, values: FormInput) -> InputErrors:
        seat = self.seats[who]
        fields: dict[str, forms.FieldValue] = {}
        for label, value in values.items():
            fields |= _form_values(view, label, value)
        reply = await seat.user.submit(view, fields)
        seat.modal = again(view, reply) if reply.json.get("response_action") == "update" else {}
        self._hear(who, reply.json.get("view", {}) if _is_word(reply.json.get("view", {})) else {})
        return {parse_block_id(block).name: fault for block, fault in reply.json.get("errors", {}).items()}

    async def press(self, who: str, label: str, beside: str = "") -> None:
        view = await self._more(who)
        button, value = _tappable(view, label, beside)
        await self._record_answer(who, self.seats[who].user.sender.press_in(who, view, button, value=value))

    async def reminder(self, who: str) -> ShownCard:
        blocks = self._reminder(who)["blocks"]
        return ShownCard("\n".join(_read(blocks)), tuple(one for block in blocks for one in _buttons(block)))

    async def answer_reminder(self, who: str, label: str, values: FormInput | None = None) -> None:
        user, since = self.seats[who].user, len(self.at.shim.calls)
        message = self._reminder(who)
        assert (await user.sender.press(who, message, label)).status == 200
        if values:
            form = user.opened(since)
            fields: dict[str, forms.FieldValue] = {}
            for name, value in values.items():
                fields |= _form_values(form, name, value)
            assert not (await user.submit(form, fields)).json.get("errors")
        else:
            await self.at.shim.wait_for("chat.update", 1, lambda call: call.arguments["ts"] == message["ts"])

    async def leads_to_guide(self, who: str, label: str) -> bool:
        guide = await self._guide(who)
        (url,) = [
            element["url"]
            for block in self._reminder(who)["blocks"]
            for element in block.get("elements", ())
            if element.get("type") == "button" and _element_label(element) == label
        ]
        return str(url).endswith(f"{guide['channel']}/p{guide['ts'].replace('.', '')}")

    def _reminder(self, who: str) -> Json:
        """As it stands in the chat by now."""
        direct = self.seats[who].direct
        calls = [call for call in self.at.shim.calls.all if call.ok and call.arguments.get("channel") == direct]
        sent = [call for call in calls if call.method == "chat.postMessage" and call.arguments.get("thread_ts")][-1]
        ts = sent.answer["ts"]
        changes = [call for call in calls if call.method == "chat.update" and call.arguments["ts"] == ts]
        blocks = (changes or [sent])[-1].arguments["blocks"]
        return {"ts": ts, "channel": direct, "text": sent.arguments["text"], "blocks": blocks}

    async def write(self, who: str, text: str) -> None:
        await self.seats[who].user.write(text, CHANNEL)

    async def share(self, *, has_external_users: bool) -> None:
        change = events.channel_shared if has_external_users else events.channel_unshared
        await self.at.sender().event(change(self.at.sender().workspace.channel(CHANNEL), "T0ACME"))

    def look(self) -> None:
        for seat in self.seats.values():
            seat.guide = None

    async def card(self, who: str) -> ShownCard:
        seat, card = self.seats[who], await self._guide(who)
        if seat.card is not None and seat.card["blocks"] != card["blocks"]:
            seat.before = seat.card
        seat.card = card
        return _shown_card(card["blocks"])

    async def panel(self, who: str) -> ShownCard:
        return _shown_modal(await self._more(who))

    async def new_private_messages(self, who: str) -> list[PrivateMessage]:
        seat = self.seats[who]
        mine = [call for call in self.at.shim.calls.all[seat.read_count :] if call.ok]
        new = [message for call in mine if (message := _private_message(call, seat.user.id, seat.direct)) is not None]
        answers, seat.ear, seat.read_count = seat.ear.messages, MessageRecorder(), len(self.at.shim.calls)
        return [*answers, *new]

    async def new_posts(self) -> list[str]:
        channel = self.at.sender().workspace.channel(CHANNEL)
        calls = [one for one in self.at.shim.of("chat.postMessage") if one.ok and one.arguments["channel"] == channel]
        new, self._posts = calls[self._posts :], len(calls)
        return ["\n".join(_read(one.arguments["blocks"])) for one in new]

    def besides(self, card: Card) -> str:  # noqa: ARG002 - inputs stand in modals
        """Nothing."""
        return ""

    def unsaid(self, card: Card) -> str:
        """All notes but the newest one: those who have “More” read them there."""
        lists = [one for one in card.elements if isinstance(one, NoteList) and any(note.edit for note in one.notes)]
        return " ".join(text for one in lists for text in (*(note.text for note in one.notes[:-1]), one.more_text))

    async def _guide(self, who: str) -> Json:
        seat = self.seats[who]
        if seat.guide is None:
            seat.guide = (await seat.user.workspace.history(seat.direct, who))[-1] | {"channel": seat.direct}
        return seat.guide

    async def _more(self, who: str) -> Json:
        since = len(self.at.shim.calls)
        await self.seats[who].user.sender.press(who, await self._guide(who), MORE)
        return self.seats[who].user.opened(since)

    async def _record_answer(self, who: str, doing: Any) -> None:  # noqa: ANN401 - a coroutine of the sender's
        """Do it, and read the word that a modal says about it, if one does."""
        since = len(self.at.shim.calls)
        assert (await doing).status == 200
        for call in self.at.shim.calls.all[since:]:
            if call.method.startswith("views.") and _is_word(call.arguments.get("view", {})):
                self._hear(who, call.arguments["view"])

    def _hear(self, who: str, answer: Json) -> None:
        text = "\n".join(_read(answer.get("blocks", [])))
        self.seats[who].ear.hear("" if text == TAKEN else text)


def _is_word(view: Json) -> bool:
    return view.get("callback_id") == "note"


def _private_message(call: Call, user: str, direct: str) -> PrivateMessage | None:
    """What a call of the product told one person."""
    arguments = call.arguments
    if call.method == "chat.postEphemeral" and arguments["user"] == user:
        return PrivateMessage("\n".join(_read(arguments["blocks"])))
    if call.method == "chat.postMessage" and arguments["channel"] == direct and arguments.get("thread_ts"):
        return PrivateMessage("\n".join(_read(arguments["blocks"])), nudge=True)
    return None


def _read(blocks: list[Json]) -> list[str]:
    """Texts as Slack shows them, without a mention alone and without a link to the guide."""
    result = [text for block in blocks for text in strings(_without_links(block))]
    return [text for text in result if not (text.startswith("<@") or _LINKED.fullmatch(text))]


def _without_links(block: Json) -> Json:
    """What of a block is to be read and not to be tapped."""
    is_text = block and block["type"] != "actions"
    return {name: part for name, part in block.items() if name in {"text", "elements"}} if is_text else {}


def _shown_card(blocks: list[Json]) -> ShownCard:
    goes = [text for block in blocks for text in strings(block) if "<#" in text]
    return ShownCard(
        "\n".join(
            text for block in blocks for text in map(_without_tokens, strings(_unsure(block))) if "<#" not in text
        ),
        tuple(one for block in blocks for one in _buttons(block)),
        tuple(re.sub(r"<#\w+>", "#", text) for text in goes),
    )


def _shown_modal(view: Json) -> ShownCard:
    card = _shown_card(view["blocks"])
    return replace(card, text=f"{view['title']['text']}\n{card.text}")


def _unsure(part: Any) -> Any:  # noqa: ANN401 - JSON
    """Blocks without what is asked back, and menus without what is not seen of them."""
    if isinstance(part, dict):
        return {name: _unsure(one) for name, one in part.items() if name != "confirm"}
    return [_unsure(one) for one in part] if isinstance(part, list) else part


def _buttons(block: Json) -> list[Button]:
    result = []
    for element in (*block.get("elements", ()), block.get("accessory") or {}):
        sure = unescape(element.get("confirm", {}).get("text", {}).get("text", ""))
        tappable = element.get("options", ()) if element.get("type") == "overflow" else [element]
        result += [Button(_element_label(one), sure) for one in tappable if isinstance(one.get("text"), dict)]
    return result


def _without_tokens(text: str) -> str:
    """A text with the time of day where Slack counts the time in view."""
    return _TIME.sub(r"\1", text)


def _element_label(element: Json) -> str:
    """What can be tapped, without the mark of a chip. A box has no words but those for screen readers."""
    text = unescape(element["text"]["text"])
    return _CHIP_MARK.sub("", text if any(map(str.isalnum, text)) else unescape(element["accessibility_label"]))


def _chip_or_button(view: Json, label: str) -> str:
    """The action id of a button or a chip."""
    for block in view["blocks"]:
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            if element.get("type") == "button" and has_label(_element_label(element), label):
                return str(element["action_id"])
    return label


def _tappable(view: Json, label: str, beside: str) -> tuple[str, str]:
    """The action id of a button, or of a menu with what is to be picked in it."""
    blocks = view["blocks"]
    start = next((n for n, block in enumerate(blocks) if beside in "\n".join(strings(block))), None)
    assert start is not None, f"“{beside}” is not there"
    for block in blocks[start:]:
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            for option in element.get("options", ()):
                if unescape(option["text"]["text"]) == label:
                    return element["action_id"], label
            if element.get("type") == "button" and unescape(element["text"]["text"]) == label:
                return element["action_id"], ""
    raise AssertionError(label)


def _form_values(view: Json, label: str, value: InputValue) -> dict[str, forms.FieldValue]:
    at = field_of(view, label)
    block = next(one for one in view["blocks"] if one["type"] == "input" and unescape(one["label"]["text"]) == at)
    match value:
        case Colleague(name=person):
            return {at: person}
        case datetime() if block["element"]["type"] != "datetimepicker":
            return {field_of(view, f"{label}: from a calendar"): value}
        case datetime() | tuple():
            return {at: value}
        case _ if "options" in block["element"]:
            offered = [unescape(one["text"]["text"]) for one in block["element"]["options"]]
            return {at: value} if value in offered else {field_of(view, f"{label}: in your own words"): value}
        case _:
            return {at: value}


@asynccontextmanager
async def in_slack(folder: Path, clock: SetClock, *names: str) -> AsyncIterator[SlackDriver]:
    """A workspace with these people in it; Kim speaks for the client."""
    team = Team(people={name: name.capitalize() for name in names})
    async with slack_harness(f"sqlite:///{folder}/slack.db", team, clock=clock, clients=("kim",)) as at:
        old = at.senders[team.team_id]
        sender = WaitingSender(old.workspace, old.url, old.client, old.urls, old.app)
        sender.clock = clock
        at.senders[team.team_id] = sender
        for name in names:
            at.amend_user(name, team, tz="UTC", locale="en-US", profile={"display_name": name.capitalize()})
        seats = {name: SlackSeat(at.user(name, team), direct=await sender.workspace.direct(name)) for name in names}
        yield SlackDriver(at, seats)
