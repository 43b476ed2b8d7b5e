"""The ways in: a mention, the chat with the app, a slash command, a pasted link, a message's menu; and the words."""

from typing import Any

import pytest

from bot.storage import tables as t
from tests.adapters.teams.card_client import Json, inputs, labels
from tests.adapters.teams.fake_connector import BOT, CHANNEL, GROUP, OTHER_TENANT, SHARED
from tests.adapters.teams.fake_microsoft import TENANT
from tests.adapters.teams.harness import TeamsHarness, TeamsUser
from tests.adapters.teams.payloads import shown_text

pytestmark = pytest.mark.usefixtures("at_once")

ROOT = "1500000000000"
THREAD = f"{CHANNEL};messageid={ROOT}"
FIRST_FACT = "The first fact, in their words"
OPEN = "Your guide for Acme is open. Only you can see it."
TO_APP_ALONE: Json = {"recipient": {"id": BOT, "name": "Trust Recover", "isTargeted": True}}
"""What Teams adds to a slash command: nobody else sees it."""


async def bound(at: TeamsHarness) -> list[tuple[str, str]]:
    """Conversation and thread of each recovery."""
    return [(row["conversation"], row["thread"]) for row in await at.rows(t.recovery)]


def link(conversation: str, message: str, **query: str) -> str:
    query_string = "&".join(f"{name}={value}" for name, value in query.items())
    return f"https://teams.microsoft.com/l/message/{conversation}/{message}?{query_string}"


async def reply_to(user: TeamsUser, text: str, conversation: str = "", **more: Any) -> str:  # noqa: ANN401 - of an activity
    """What somebody reads in their chat after they wrote this; it is there once the request is answered."""
    seen = len(user.harness.connector.messages_in(user.chat))
    await user.type(text, conversation, **more)
    new = zip(
        user.harness.connector.messages_in(user.chat)[seen:], user.harness.texts_in(user.chat)[seen:], strict=True
    )
    return next((line for message, line in new if "text" in message or "◉" not in line), "")


# --- a mention


@pytest.mark.parametrize(
    ("conversation", "place"),
    [(THREAD, (CHANNEL, ROOT)), (CHANNEL, (CHANNEL, "")), (GROUP, (GROUP, ""))],
    ids=["a thread", "a channel", "a group chat"],
)
async def test_a_mention_binds_the_recovery_to(
    on_teams: TeamsHarness, conversation: str, place: tuple[str, str]
) -> None:
    dana = on_teams.user("dana")
    assert await reply_to(dana, "Acme", conversation) == OPEN
    assert "I am ready" in labels(await dana.guide("1 of 8", "Acme"))
    assert await bound(on_teams) == [place]
    assert on_teams.texts_in(conversation) == [], "nobody else sees any of it"


@pytest.mark.parametrize(
    "text",
    [
        '<at id="0">Trust Recover</at> start Acme',
        "<AT>trust recover</AT>&nbsp;start Acme",
        "<at>Trust Recover</at> <at>Trust Recover</at> start Acme",
        "<at>Recover Bot</at> start Acme\n\nThey are furious, and rightly so.",
        "<p><at>Trust Recover</at></p><p>start Acme</p><p>They are furious.</p>",
        "<at>Trust Recover start Acme\r\nthey shout",
        "<at>Trust Recover</at>\u2028start Acme\u2028they shout",
    ],
)
async def test_a_mention_begins_a_recovery_with_the_client_however_it_is_spelled(
    on_teams: TeamsHarness, text: str
) -> None:
    dana = on_teams.user("dana")
    mention = {"type": "mention", "text": "<at>Trust Recover</at>", "mentioned": {"id": BOT, "name": "Trust Recover"}}
    await dana.send(dana.activity("message", THREAD, text=text, textFormat="plain", entities=[mention]))
    await dana.guide("1 of 8", "Acme")
    assert [row["account"] for row in await on_teams.rows(t.recovery)] == ["Acme"]


async def test_the_copy_in_html_counts_where_the_text_is_empty(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    span = '<span itemtype="http://schema.skype.com/Mention" itemid="0">Trust Recover</span>'
    copy = {"contentType": "text/html", "content": f"<div><p>{span}&nbsp;start <b>Acme</b></p></div>"}
    mention = {"type": "mention", "text": "<at>Trust Recover</at>", "mentioned": {"id": BOT, "name": "Trust Recover"}}
    await dana.send(dana.activity("message", THREAD, text="", attachments=[copy], entities=[mention]))
    await dana.guide("1 of 8", "Acme")


async def test_a_message_that_is_too_long_for_a_command_is_answered_with_a_word(on_teams: TeamsHarness) -> None:
    answer = await reply_to(on_teams.user("dana"), "start " + "<at>" * 11_000, THREAD)
    assert answer == "This message is too long for a command. Write the command alone, in a short message."
    assert await on_teams.rows(t.recovery) == []


async def test_an_empty_mention_asks_for_the_account_with_a_form_in_the_chat(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.type("", THREAD)
    form = await dana.guide("Which client?")
    reply = await dana.press(form, "Start", {"Which client?": "  "})
    assert "Please fill this in." in shown_text(reply.card)
    long = "A" * 300
    reply = await dana.press(reply.card, "Start", {"Which client?": long})
    assert "Shorten it" in shown_text(reply.card)
    assert [one["value"] for one in inputs(reply.card)] == [long], "what was typed is still there"
    assert await on_teams.rows(t.recovery) == []
    reply = await dana.press(reply.card, "Start", {"Which client?": "Acme"})
    assert OPEN in shown_text(reply.card)
    await dana.guide("1 of 8", "Acme")
    assert await bound(on_teams) == [(CHANNEL, ROOT)]


async def test_where_the_account_is_known_an_empty_mention_starts_at_once(on_teams: TeamsHarness) -> None:
    dana, ben = on_teams.user("dana"), on_teams.user("ben")
    await dana.begin("Acme", THREAD)
    assert await reply_to(ben, "", THREAD) == OPEN
    await ben.guide("1 of 8", "Acme")
    assert "You already lead a recovery with Acme here." in await reply_to(dana, "", THREAD)


# --- the chat with the app


@pytest.mark.parametrize(
    "text", ["start Acme", "/trust-recover start Acme", "trust-recover Acme", "/trust-recover Acme"]
)
async def test_in_the_chat_a_recovery_is_begun_by(on_teams: TeamsHarness, text: str) -> None:
    dana = on_teams.user("dana")
    assert await reply_to(dana, text) == OPEN
    await dana.guide("1 of 8", "Acme")
    assert await bound(on_teams) == [("", "")]


async def test_in_the_chat_mere_words_begin_nothing_and_are_answered_with_help(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    for text in ("Acme", "Acme is angry with us", "good morning"):
        answer = await reply_to(dana, text)
        assert f"For the client “{text}”, type: start {text}" in answer
        assert "status: show which step your recovery is at" in answer
    assert "Did you mean “help”?" in await reply_to(dana, "hello")
    assert await on_teams.rows(t.recovery) == []


async def test_a_recovery_without_a_thread_is_bound_by_a_link_and_its_summary_posted(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.type("start Acme")
    assert (
        await reply_to(dana, link(CHANNEL, ROOT))
        == "This recovery is now linked to that thread. Summaries will be posted there."
    )
    await dana.tap("I am ready", "1 of 8")
    await dana.type("stop")
    await dana.tap("Yes: Post internal version", "Post internal version", "Open the thread")
    await on_teams.connector.calls.until(lambda call: call.conversation == THREAD and call.ok)


async def test_without_any_thread_the_summary_stays_and_the_responder_is_told_so(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.type("start Acme")
    await dana.tap("I am ready", "1 of 8")
    await dana.type("stop")
    card = await dana.guide("Check the summary. Then post it.")
    assert "There is no thread to post it to yet" in shown_text(card)
    await dana.press(card, "Yes: Post internal version")
    assert "There is no thread to post to." in "".join(await dana.lines(3))
    await dana.guide("Check the summary. Then post it.")


async def test_a_form_that_names_a_flow_names_it_still_after_a_fault(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.type("start first-response")
    reply = await dana.press(await dana.guide("Which client?"), "Start", {"Which client?": " "})
    await dana.press(reply.card, "Start", {"Which client?": "Acme"})
    assert [row["flow"] for row in await on_teams.rows(t.recovery)] == ["first-response"]


async def test_the_words_work_in_the_chat(on_teams: TeamsHarness) -> None:
    dana, ben = on_teams.user("dana"), on_teams.user("ben")
    assert "You lead no recovery here." in await reply_to(dana, "status")
    assert "handover @name: hand the recovery over to a colleague" in await reply_to(dana, "help")
    assert "Did you mean “summary”?" in await reply_to(dana, "sumary")
    await ben.type("help")  # whom the app has met can be picked
    await dana.type("start Acme")
    await dana.tap("I am ready", "1 of 8")
    assert "Ask, then listen. Write their words, not yours." in await reply_to(dana, "STATUS")
    assert await reply_to(dana, "summary") == "The summary is in your guide."
    await dana.type("quiet")
    await on_teams.settled()
    assert "Quiet is on: no reminders in this recovery." in on_teams.texts_in(dana.chat)
    assert "Mon–Fri 09:00–17:00" in await reply_to(dana, "hours 9-17 mon-fri")
    assert "Acme: 2 of 8" in await reply_to(dana, "home")
    await dana.type("handover")
    form = await dana.guide("Hand over this recovery", "Who?")
    assert "Ben" in shown_text(form)
    assert "nothing is posted until you post it" in await reply_to(dana, "stop")
    await dana.guide("Check the summary. Then post it.")
    (row,) = await on_teams.rows(t.recovery)
    assert row["closed_at"] is not None


# --- a slash command, which nobody else sees


async def test_a_slash_command_is_answered_in_place_for_their_eyes_only(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.type("start Acme", THREAD, **TO_APP_ALONE)
    (answer,) = on_teams.connector.messages_in(THREAD)
    assert (answer["text"], answer["only_to"]) == (OPEN, dana.id)
    await dana.guide("1 of 8", "Acme")
    assert await bound(on_teams) == [(CHANNEL, ROOT)]
    assert OPEN not in on_teams.texts_in(dana.chat)


async def test_where_teams_can_show_nothing_to_one_alone_the_answer_is_in_their_chat(on_teams: TeamsHarness) -> None:
    on_teams.connector.targets = False
    dana = on_teams.user("dana")
    assert "You lead no recovery here." in await reply_to(dana, "status", THREAD, **TO_APP_ALONE)
    assert on_teams.texts_in(THREAD) == []


# --- a pasted link


@pytest.mark.parametrize(
    ("pasted", "place"),
    [
        (link(CHANNEL, "1500000000007", tenantId=TENANT, parentMessageId=ROOT), (CHANNEL, ROOT)),
        (link(CHANNEL, ROOT), (CHANNEL, ROOT)),
        (link(GROUP, "1500000000007", context="chat"), (GROUP, "")),
    ],
    ids=["a reply in a thread", "the first message of a thread", "a message of a group chat"],
)
async def test_a_pasted_link_starts_a_recovery_where_it_leads(
    on_teams: TeamsHarness, pasted: str, place: tuple[str, str]
) -> None:
    dana = on_teams.user("dana")
    assert await reply_to(dana, f"Acme {pasted}") == OPEN
    await dana.guide("1 of 8", "Acme")
    assert await bound(on_teams) == [place]


@pytest.mark.parametrize(
    "pasted",
    [
        link(CHANNEL, ROOT, tenantId=OTHER_TENANT),
        link("19:leads@thread.tacv2", ROOT, tenantId=TENANT),
        link("19:unheard-of@thread.tacv2", ROOT, tenantId=TENANT),
    ],
    ids=["another company", "a conversation that they are not in", "a conversation that the app is not in"],
)
async def test_a_link_is_refused_that_leads_to(on_teams: TeamsHarness, pasted: str) -> None:
    on_teams.connector.members["19:leads@thread.tacv2"] = ["eve"]
    dana = on_teams.user("dana")
    await dana.begin("Acme", THREAD)
    assert "The app or you cannot read" in await reply_to(dana, f"Acme {pasted}")
    assert await bound(on_teams) == [(CHANNEL, ROOT)]


async def test_of_several_recoveries_a_link_needs_the_clients_name(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.begin("Acme", THREAD)
    await dana.begin("Borg", GROUP)
    there = link(CHANNEL, "1500000000009")
    assert "Type the client's name before the link." in await reply_to(dana, there)
    assert (
        await reply_to(dana, f"Borg {there}")
        == "This recovery is now linked to that thread. Summaries will be posted there."
    )
    assert sorted(await bound(on_teams)) == [(CHANNEL, ROOT), (CHANNEL, "1500000000009")]


# --- a message's menu


async def test_a_clients_message_becomes_the_first_fact(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    dialog = await dana.point("<p>Nobody called <b>us</b> &amp; it was<br>late</p>")
    assert "Nobody called us & it was" in shown_text(dialog)
    reply = await dana.submit_point(dialog, {"Which client?": "Acme"})
    assert OPEN in shown_text(reply.card)
    await dana.guide("1 of 8", "Acme")
    assert [row["text"] for row in await on_teams.rows(t.entry)] == ["Nobody called us & it was\nlate"]
    assert await bound(on_teams) == [(CHANNEL, ROOT)]


async def test_a_message_deep_in_a_thread_binds_to_its_thread(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    payload = {"id": "1500000000009", "replyToId": ROOT, "body": {"contentType": "text", "content": "Hello?"}}
    value = {"commandId": "recoverHere", "messagePayload": payload | {"from": {"user": {"id": "object-kim"}}}}
    where = f"{CHANNEL};messageid=1500000000009"
    dialog = (await dana.invoke("composeExtension/fetchTask", value, where)).card
    await dana.submit_point(dialog, {"Which client?": "Acme", FIRST_FACT: ""})
    await dana.guide("1 of 8", "Acme")
    assert await bound(on_teams) == [(CHANNEL, ROOT)]
    assert await on_teams.rows(t.entry) == [], "a fact that was emptied is not noted"


async def test_a_form_from_the_menu_keeps_what_was_typed_beside_its_fault(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    dialog = await dana.point("Nobody called us")
    again = (await dana.submit_point(dialog, {"Which client?": " ", FIRST_FACT: "Nobody rang us"})).card
    assert "Please fill this in." in shown_text(again)
    assert "Nobody rang us" in shown_text(again)
    await dana.submit_point(again, {"Which client?": "Acme"})
    await dana.guide("1 of 8", "Acme")
    assert await bound(on_teams) == [(CHANNEL, ROOT)]
    assert [row["text"] for row in await on_teams.rows(t.entry)] == ["Nobody rang us"]


async def test_ones_own_message_is_no_clients_word(on_teams: TeamsHarness) -> None:
    assert FIRST_FACT not in shown_text(await on_teams.user("dana").point("Acme are furious", by="dana"))


def menu_of(text: str) -> Json:
    payload = {"id": ROOT, "body": {"contentType": "html", "content": text}, "from": {"user": {"id": "object-kim"}}}
    return {"commandId": "recoverHere", "commandContext": "message", "messagePayload": payload}


@pytest.mark.parametrize("added", [True, False], ids=["with the app", "that the app is not in"])
async def test_the_menu_works_in_a_group_chat(on_teams: TeamsHarness, *, added: bool) -> None:
    if not added:
        del on_teams.connector.members[GROUP]
    dana = on_teams.user("dana")
    dialog = (await dana.invoke("composeExtension/fetchTask", menu_of("Nobody called us"), GROUP)).card
    await dana.submit_point(dialog, {"Which client?": "Acme"})
    await dana.guide("1 of 8", "Acme")
    assert await bound(on_teams) == [(GROUP, "")]
    assert [row["text"] for row in await on_teams.rows(t.entry)] == ["Nobody called us"]


async def test_the_menu_in_a_chat_between_two_people_brings_the_guide_to_the_chat_with_the_app(
    on_teams: TeamsHarness,
) -> None:
    dana, between = on_teams.user("dana"), "19:dana_kim@unq.gbl.spaces"
    seen = {"conversation": {"id": between, "conversationType": "personal", "tenantId": TENANT}}
    asked = dana.activity("invoke", name="composeExtension/fetchTask", value=menu_of("Nobody called us")) | seen
    dialog = (await dana.send(asked)).card
    sent = {"Which client?": "Acme"}
    await dana.submit_point(dialog, sent)
    await dana.guide("1 of 8", "Acme")
    assert not on_teams.connector.messages_in(between)
    assert [call for call in on_teams.connector.calls if call.what == "send" and call.conversation == between] == []
    assert await bound(on_teams) == [("", "")]


# --- who may not


async def test_whoever_is_not_of_the_company_is_refused_in_words(on_teams: TeamsHarness) -> None:
    on_teams.connector.add(
        "gus", CHANNEL, userPrincipalName="gus_else.example#EXT#@northwind.example", userRole="guest"
    )
    for name, where in (("gus", THREAD), ("kim", SHARED)):
        guest = on_teams.user(name)
        assert "Only members of the company that installed this app can use it." in await reply_to(guest, "Acme", where)
        assert "members of the company" in await reply_to(guest, "home")
        assert "members of the company" in shown_text(await guest.point("Nobody called us", where.partition(";")[0]))
        settings = {"data": {"recovery": "", "revision": 0, "action": "open:settings"}}
        assert "members of the company" in shown_text((await guest.invoke("task/fetch", settings)).card)
    assert await on_teams.rows(t.recovery) == []
    assert await on_teams.rows(t.person) == []


async def test_a_message_without_a_sender_or_by_an_app_is_nothing(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    for sender in ({}, {"id": BOT}, {"id": "28:another-app", "name": "Acme"}):
        sent = dana.activity("message", text="start Acme") | {"from": sender}
        assert (await dana.send(sent)).status == 200
    assert on_teams.connector.sent() == []
    assert await on_teams.rows(t.recovery) == []


# --- language and time


async def test_the_guide_speaks_as_the_persons_teams_does_and_knows_their_hour(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    about = {"locale": "es-ES", "localTimezone": "Europe/Madrid"}
    assert await reply_to(dana, "Acme", THREAD, **about) == "Tu guía para Acme está abierta. Solo puedes verla tú."
    await dana.guide("1 de 8", "Respira")
    assert "(Europe/Madrid)" in await reply_to(dana, "hours", locale=None, localTimezone=None, entities=[])
