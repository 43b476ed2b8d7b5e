"""What people type is stored and shown to the last sign, and is text alone: no mention, no link, no markup."""

import copy
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any, Unpack

import pytest
import pytest_asyncio

from adapters.slack.blocks.mrkdwn import escape
from bot.storage import tables
from flows.definition.model import Flow
from flows.text import clean_text
from tests.adapters.slack.harness import SlackHarness, SlackUser, slack_harness, strings, words_of
from tests.adapters.slack.raw_requests import draft_sender
from tests.peers.slack import events, forms
from tests.peers.slack.forms import FieldValue
from tests.peers.slack.sender import How, Reply, Sender
from tests.peers.slack.team import Json
from tests.peers.slack.validate import faults_of_message, faults_of_view

TEXTS = {
    "markup of Slack, and a direction left open": "<!channel> <@U0BOT> &lt; &amp;lt; <https://e.x|x> \u202e01 \u2067t",
    "Markdown in lines, unseen and joined": (
        "*b* _i_ ~s~ `c` :a: [a](b)\n> q\n\n- x a\u200bb\u2060\u00ad \ufeff👨‍👩‍👧‍👦 🇩🇪 👍🏽 é́́"
    ),
}
"""Two of each kind in one text, which a field of 60 signs takes: each recovery through all forms takes seconds."""
LONG = 40_000
NEXT_CENTURY = 4_099_000_000
TOO_LONG = "the maximum is"
REFUSALS = (TOO_LONG, "Write working hours like", "is not clear as a time")
_LINK = re.compile(r"<https?://[^|<>\s]+/app_redirect\?[^|<>\s]+\|[^<>]+>|<!date\^\d+\^[^<>|^]*\|[^<>|]*>")
"""A link to the guide, or a time that Slack counts: both are ours."""
RAW = {"initial_value", "value", "accessibility_label"}
"""In these Slack shows what it holds as it is, or not at all."""


@dataclass(slots=True)
class Typing:
    """Dana types the same into everything. `replies`: every answer. `message`: in whose thread it is."""

    harness: SlackHarness
    text: str
    replies: list[Reply] = field(default_factory=list)
    message: Json = field(default_factory=dict)

    @property
    def dana(self) -> SlackUser:
        return self.harness.user("dana")

    @property
    def stored_text(self) -> str:
        """What is to be stored."""
        return clean_text(self.text)

    @property
    def line(self) -> str:
        """The same as a name: in one line."""
        return " ".join(self.stored_text.split())

    def values_for(self, view: Json) -> dict[str, FieldValue]:
        """Every field of a form, by its action or label: this text where one types, the first choice elsewhere."""
        values: dict[str, FieldValue] = {}
        for block, element in forms.elements(view["blocks"]):
            label = block["label"]["text"]
            if block["block_id"].startswith("when~") and element["type"] != "datetimepicker":
                continue  # a time is picked: what is typed there is read, and not kept
            if element["type"] == "plain_text_input":
                values[label] = self.text
            elif element["type"] == "datetimepicker":
                values[label] = NEXT_CENTURY
            elif element["type"] == "users_select":
                values[label] = "omar"
            elif "options" in element and "initial_option" not in element and "own" not in label:
                values[label] = None if block.get("optional") else element["options"][0]["value"]
        return {unescape(label): value for label, value in values.items()}

    async def send(self, view: Json) -> Reply:
        return await self.dana.submit(_unescaped(view), self.values_for(view))


def _unescaped(view: Json) -> Json:
    """With labels as people read them."""
    blocks = copy.deepcopy(view["blocks"])
    for block in blocks:
        if "label" in block:
            block["label"]["text"] = unescape(block["label"]["text"])
    return view | {"blocks": blocks}


@asynccontextmanager
async def listening(folder: Path, text: str) -> AsyncIterator[Typing]:
    """A Slack harness of which every answer is recorded."""
    async with slack_harness(f"sqlite:///{folder}/room.db") as result:
        at, post = Typing(result, text), Sender.post

        async def noted(sender: Sender, payload: Json, form: Mapping[str, str] | None, **how: Unpack[How]) -> Reply:
            reply = await post(sender, payload, form, **how)
            at.replies.append(reply)
            return reply

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Sender, "post", noted)
            yield at


@pytest.fixture
async def typing(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Typing]:
    async with listening(tmp_path, getattr(request, "param", "")) as at:
        yield at


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=TEXTS.values(), ids=TEXTS)
async def full_recovery(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest, flow: Flow
) -> AsyncIterator[Typing]:
    """A whole recovery, in which everything was this text."""
    async with listening(tmp_path_factory.mktemp("typed"), request.param) as at:
        at.message = await whole_recovery(at, flow)
        yield at


each_text = pytest.mark.parametrize("typing", TEXTS.values(), ids=TEXTS, indirect=True)


async def whole_recovery(at: Typing, flow: Flow, first: Callable[[Json], Awaitable[None]] | None = None) -> Json:
    """Through every form of every step, and the changes of every note; the message in whose thread it is.

    `first`: what to do with each form before it is sent.
    """
    dana, workspace = at.dana, at.harness.slack.workspace
    message = await workspace.say("kim", "acct-acme", escape(at.text))
    start = await dana.point(message)
    labels = {unescape(block["label"]["text"]): at.text for block in start["blocks"] if block["type"] == "input"}
    await dana.submit(_unescaped(start), labels)
    for number, step in enumerate(flow.numbered_steps, 1):
        for name in flow.steps[step].fields:
            form = await pushed(dana, f"open:note:{name}", f"{number} of 8")
            await (first(form) if first else _nothing())
            reply = await at.send(form)
            assert reply.json.get("response_action") != "errors", (name, reply.text)
        await dana.more("Skip", f"{number} of 8")
    for entry in [row["id"] for row in await at.harness.rows(tables.entry)]:
        form = await pushed(dana, f"open:edit:{entry}", "Wrap-up")
        await (first(form) if first else _nothing())
        reply = await at.send(form)
        assert reply.json.get("response_action") != "errors", (entry, reply.text)
    return message


async def _nothing() -> None:
    """Before a form is sent."""


async def in_thread(dana: SlackUser) -> Json:
    """A recovery in a message's thread; the message. It is Dana's own, so no first fact is asked for."""
    message = await dana.workspace.say("dana", "acct-acme", "Kim called.")
    await dana.submit(await dana.point(message), {"Which client?": "Acme"})
    await dana.guide("1 of 8")
    return message


async def pushed(dana: SlackUser, action: str, *texts: str) -> Json:
    """The form behind an action of the panel. The panel is opened for each: Slack stacks three modals at most."""
    panel = await dana.open("More", *texts)
    for block in panel["blocks"]:
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            for held in (element, *element.get("options", ())):
                if held.get("value", "").endswith(f"|{action}"):
                    return await dana.press(panel, element["action_id"], held["value"] if held is not element else "")
    message = f"Nothing does {action} in: {words_of(panel)}"
    raise AssertionError(message)


def texts(node: Any, name: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """Every text that Slack got to show."""
    if isinstance(node, str) and name not in RAW:
        yield node
    elif isinstance(node, dict) and node.get("type") != "text":  # a rich text has no markup: it is shown as it is
        for key, part in node.items():
            yield from texts(part, key)
    elif isinstance(node, list):
        for part in node:
            yield from texts(part, name)


def marked(node: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Every text in which Slack reads markup."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for part in node.values():
            yield from marked(part)
    elif isinstance(node, list):
        for part in node:
            yield from marked(part)


def assert_nothing_but_text(at: Typing) -> None:
    """In all that Slack got, no sign that a person typed means anything."""
    workspace = at.harness.slack.workspace
    mentions = [f"<@{id_}>" for id_ in workspace.users.values()] + [f"<#{id_}>" for id_ in workspace.channels.values()]
    ours = re.compile("|".join(mentions))
    calls = [call.arguments for call in at.harness.shim.calls if call.method.startswith(("chat.", "views."))]
    answers = [reply.json for reply in at.replies if reply.text.startswith("{")]
    assert calls
    for content in [*calls, *answers]:
        for text in texts(content):
            left = _LINK.sub("", ours.sub("", text))
            assert "<" not in left, text
            assert not re.search(r"&(?!amp;|lt;|gt;)", left) or "app_redirect" in text, text
        for text in marked(content):
            assert at.stored_text not in unescape(text), text
            assert at.line not in unescape(text), text


def assert_slack_takes_it(at: Typing) -> None:
    for call in at.harness.shim.calls:
        if call.method in {"chat.postMessage", "chat.update", "chat.postEphemeral"}:
            assert faults_of_message(call.arguments["blocks"], call.arguments["text"]) == []
        elif call.method in {"views.open", "views.push", "views.update", "views.publish"}:
            assert faults_of_view(call.arguments["view"]) == []


def flat(node: Any) -> str:  # noqa: ANN401 - JSON
    """As people read it, without the line ends at which a long text is cut."""
    return re.sub(r"\s+", " ", " ".join(strings(node)))


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_typed_into_every_form_of_a_recovery_is_stored_whole(full_recovery: Typing) -> None:
    (recovery,) = await full_recovery.harness.rows(tables.recovery)
    assert recovery["account"] == full_recovery.line
    rows = await full_recovery.harness.rows(tables.entry)
    free = [row for row in rows if row["kind"] in {"text", "fact", "feeling", "commitment"}]
    assert {row["field_id"] for row in free} >= {
        "contact",
        "facts",
        "feeling",
        "words",
        "frame",
        "our_part",
        "commitment",
    }
    stored_rows = {row[name] for row in free for name in ("text", "our_view", "evidence", "who") if row[name]}
    assert stored_rows <= {full_recovery.stored_text, full_recovery.line}


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_typed_is_shown_whole_and_as_text_alone(full_recovery: Typing) -> None:
    dana = full_recovery.dana
    content = flat(await dana.open("More", "Wrap-up"))
    expected_text = re.sub(r"\s+", " ", full_recovery.stored_text)
    rows = [row for row in await full_recovery.harness.rows(tables.entry) if row["text"]]
    assert content.count(expected_text) >= len(rows)
    await dana.tap("See the summary", "Wrap-up")
    await dana.guide("Check the summary. Then post it.")
    await dana.tap("Post internal version", "Check the summary. Then post it.")
    (post,) = await dana.thread("acct-acme", full_recovery.message["ts"])
    assert expected_text in re.sub(r"\s+", " ", post)
    assert_nothing_but_text(full_recovery)
    assert_slack_takes_it(full_recovery)


@each_text
async def test_a_summary_that_is_worded_by_hand_is_posted_as_it_was_typed(typing: Typing) -> None:
    dana = typing.dana
    message = await in_thread(dana)
    await dana.tap("I am ready", "1 of 8")
    await dana.more("Internal version", "2 of 8")
    form = await dana.open("Edit", "Check the summary. Then post it.")
    labels = [unescape(block["label"]["text"]) for block in form["blocks"] if block["type"] == "input"]
    await dana.submit(form, dict.fromkeys(labels, "") | {labels[0]: typing.text})
    await dana.tap("Post internal version", "Check the summary. Then post it.", *typing.stored_text.split("\n")[0:1])
    (post,) = await dana.thread("acct-acme", message["ts"])
    assert re.sub(r"\s+", " ", typing.stored_text) == re.sub(r"\s+", " ", post)
    assert_nothing_but_text(typing)


@each_text
async def test_a_tip_reaches_the_responder_as_it_was_typed(typing: Typing) -> None:
    dana, omar = typing.dana, typing.harness.user("omar")
    await dana.begin()
    form = await dana.press(await dana.open("More", "1 of 8"), "Invite an observer")
    await dana.submit(form, {"Who?": "omar"})
    await omar.fill("Send…", {"Only the person who leads the recovery can read it": typing.text}, "You are observing")
    (nudge,) = await dana.nudges()
    assert re.sub(r"\s+", " ", typing.stored_text) in re.sub(r"\s+", " ", nudge)
    assert_nothing_but_text(typing)


@each_text
async def test_a_message_in_the_thread_can_be_taken_as_a_fact_as_it_was_written(typing: Typing) -> None:
    dana = typing.dana
    typing.harness.amend_user("kim", is_restricted=True)
    message = await in_thread(dana)
    kim = typing.harness.slack.workspace.user("kim")
    event = events.message(message["channel"], kim, escape(typing.text), thread_ts=message["ts"])
    assert (await dana.sender.event(event)).status == 200
    panel = await dana.open("More", "1 of 8")
    assert re.sub(r"\s+", " ", typing.stored_text) in flat(panel)
    await dana.sender.press_in("dana", panel, "Note it")
    assert [row["text"] for row in await typing.harness.rows(tables.entry)] == [typing.stored_text]
    assert_nothing_but_text(typing)


@each_text
async def test_the_name_behind_the_command_is_the_first_line_as_it_was_typed(typing: Typing) -> None:
    reply = await typing.dana.type(f"start {escape(typing.text)}")
    name = typing.stored_text.partition("\n")[0]
    assert name in flat(reply.json)
    (recovery,) = await typing.harness.rows(tables.recovery)
    assert recovery["account"] == name
    await typing.dana.guide("1 of 8")
    assert_nothing_but_text(typing)


@each_text
async def test_working_hours_that_are_none_are_refused_at_the_field(typing: Typing) -> None:
    dana = typing.dana
    form = await dana.press(await dana.home("Start a recovery"), "Change")
    reply = await dana.submit(form, {"When reminders may come": typing.text.replace("\n", " ")})
    assert reply.json["response_action"] == "errors"
    assert "Write working hours like" in str(reply.json["errors"])
    assert_nothing_but_text(typing)


async def test_a_command_with_the_word_payload_in_it_is_a_command_like_any_other(typing: Typing) -> None:
    reply = await typing.dana.type("payload={} & co")
    assert "Your guide for payload={} & co is open." in words_of(reply.json)


# -- 40,000 characters ---------------------------------------------------------------------------------------------

SENTENCES = "".join(f"Sentence {number:05} of what they said, <b>&amp; more</b>.\n" for number in range(LONG // 50))[
    :LONG
]


def stretched(view: Json, draft: Json, text: str) -> Iterator[tuple[str, Json]]:
    """The same form with this text in one of its fields to type in, once for each; with the field's block."""
    for block, element in forms.elements(view["blocks"]):
        if element["type"] == "plain_text_input":
            payload = copy.deepcopy(draft)
            payload["view"]["state"]["values"][block["block_id"]][element["action_id"]]["value"] = text
            yield block["block_id"], payload


async def refused_everywhere(at: Typing, view: Json, person: str = "dana") -> int:
    """Each field of this form refuses 40,000 characters with a word about it; how many fields there are."""
    draft = (await draft_sender(at.dana.sender).submit(person, _unescaped(view), at.values_for(view))).payload
    before = [await at.harness.rows(table) for table in (tables.recovery, tables.entry, tables.event)]
    count = 0
    for block_id, payload in stretched(view, draft, SENTENCES):
        reply = await at.dana.sender.post(payload, {"payload": json.dumps(payload)})
        assert reply.json["response_action"] == "errors", (block_id, reply.text)
        notice = " ".join(reply.json["errors"].values())
        assert any(words in notice for words in REFUSALS), (block_id, notice)
        count += 1
    assert [await at.harness.rows(table) for table in (tables.recovery, tables.entry, tables.event)] == before
    return count


async def test_40_000_characters_are_refused_at_every_field_of_every_form_and_nothing_changes(
    typing: Typing, flow: Flow
) -> None:
    typing.text = "short"
    dana, omar = typing.dana, typing.harness.user("omar")
    error = []

    async def stretch(form: Json) -> None:
        error.append(await refused_everywhere(typing, form))

    await whole_recovery(typing, flow, stretch)
    await dana.submit(await pushed(dana, "open:observe", "Wrap-up"), {"Who?": "omar"})
    error.append(await refused_everywhere(typing, await omar.open("Send…", "You are observing"), "omar"))
    await dana.tap("See the summary", "Wrap-up")
    await stretch(await dana.open("Edit", "Check the summary. Then post it."))
    await stretch(await dana.press(await dana.home("short"), "Change"))
    before = len(typing.harness.shim.calls)
    await dana.type("start", "acct-borg")
    await stretch(dana.opened(before))
    assert sum(error) > 30


async def test_40_000_characters_behind_the_command_are_refused_with_a_word_about_it(typing: Typing) -> None:
    reply = await typing.dana.type(f"start {SENTENCES}")
    assert TOO_LONG in words_of(reply.json)
    assert await typing.harness.rows(tables.recovery) == []


async def test_a_message_of_40_000_characters_becomes_facts_and_none_is_lost(typing: Typing) -> None:
    dana = typing.dana
    typing.text = SENTENCES[:40]
    message = await typing.harness.slack.workspace.say("kim", "acct-acme", "stands for a long one")
    form = await dana.point(message | {"text": escape(SENTENCES)})
    await dana.submit(form, {"Which client?": "Acme"})
    facts = [row["text"] for row in sorted(await typing.harness.rows(tables.entry), key=lambda row: int(row["id"][1:]))]
    assert len(facts) >= LONG // 2000
    assert "\n".join(facts).split() == SENTENCES.split()
    await dana.guide("1 of 8", "Acme")
    assert_nothing_but_text(typing)
    assert_slack_takes_it(typing)
