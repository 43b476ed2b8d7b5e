"""A recovery of two colleagues in a Teams that others wrote, from a mention to the client's thread."""

from html import unescape
from pathlib import Path

from bot.storage import tables as t
from tests.adapters.teams import fake_microsoft
from tests.adapters.teams.card_client import action, labels
from tests.adapters.teams.payloads import shown_text
from tests.adapters.teams.playground.harness import PlaygroundUser, playground_harness
from tests.peers.teams.team import CHANNEL, GROUP, MEGAN, SAM

WROTE = "Four days. Our board opened the export on Monday and it was empty."


async def test_two_colleagues_lead_a_recovery_from_a_mention_to_the_thread(trusted: Path) -> None:
    async with playground_harness(trusted) as at:
        root = await at.teams.say(CHANNEL, WROTE, by=MEGAN)
        await at.teams.say(root.conversation, "start Acme", mention=True)
        alex = at.user()
        await alex.sees("1 of 8", "Acme")
        [first] = await at.proxy.deliveries.until(lambda delivery: delivery.status == 200)
        assert first.activity["conversation"]["id"] == root.conversation, "Alex had never talked to the app before"
        assert await at.status(first.activity) == 401
        forged = fake_microsoft.token("another", serviceurl=first.activity["serviceUrl"])
        assert await at.status(first.activity, forged) == 401
        assert await at.status(first.activity | {"serviceUrl": "https://elsewhere.example/"}, first.token) == 401
        await alex.tap("I am ready", {"Contact": "Megan, and her board"}, see="2 of 8")
        await alex.tap("Add", {"What happened": "the export was empty"}, see="• the export was empty")
        await alex.tap("All said", see="3 of 8")
        await alex.tap(
            "Add",
            {"Feeling: in your own words": "ignored", "How strong it is": "very"},
            see="It sounds like you felt ignored.",
        )
        await alex.tap("They confirmed", see="4 of 8")
        assert "the export was empty, and you felt ignored." in shown_text(alex.card)

        handover = await alex.submit(await alex.open("More"), "Hand over")
        assert "Megan" not in shown_text(handover), "clients are not offered"
        assert not await alex.submit(handover, "Hand over", {"Who?": SAM.name})
        await alex.sees("You are observing. Sam Colleague leads the recovery.", "4 of 8")
        assert labels(alex.card)[:2] == ["Send", "Stop observing"]
        await alex.tap(
            "Send", {"Only the person who leads the recovery can read it": "Say that you are *sorry* <b>once</b>"}
        )
        [tip] = await at.teams.log.until(lambda entry: entry.text.startswith("Tip from Alex Responder"))
        assert unescape(tip.body["text"]) == "Tip from Alex Responder: Say that you are *sorry* <b>once</b>"
        assert "<" not in tip.body["text"]

        sam = at.user(SAM)
        [opened] = await at.teams.log.until(
            lambda entry: entry.kind == "createConversation" and entry.body["members"] == [{"id": SAM.id}]
        )
        sam.chat = (opened.answer or {})["id"]
        await sam.sees("4 of 8", "They said yes")
        await to_the_summary(sam)
        edit = await sam.open("Edit")
        (text,) = [part["value"] for part in edit["body"] if part["type"] == "Input.Text"]
        assert "ignored" not in text
        assert not await sam.submit(edit, "Save", {"Client version": f"{text}\nCall me at any hour. Sam"})
        await sam.sees("Check the summary. Then post it.", "Call me at any hour. Sam")
        assert "It will be posted in the thread in the channel." in shown_text(sam.card)
        assert "People outside your company can read this thread." in shown_text(
            action(sam.card, "Post client version")
        )
        await sam.tap("Yes: Post client version")
        await sam.sees("Posted. Now keep what you promised.")
        [summary_post] = await at.teams.page.until(lambda entry: entry.conversation == root.conversation)
        assert "Hello" in summary_post.text
        assert "exports fail without a word" in summary_post.text
        assert "Call me at any hour. Sam" in summary_post.text
        assert at.teams.messages(root.conversation) == [summary_post], "all else was for one pair of eyes"

        (recovery,) = await at.rows(t.recovery)
        assert (recovery["account"], recovery["conversation"]) == ("Acme", CHANNEL)
        assert recovery["thread"] == root.id
        assert recovery["responder"] == SAM.id
        assert recovery["first_yes_at"] < recovery["closed_at"]
        assert {entry["field_id"] for entry in await at.rows(t.entry)} >= {
            "contact", "facts", "feeling", "frame", "our_part", "commitment", "outcome",
        }  # fmt: skip
        assert {delivery.status for delivery in at.proxy.deliveries} == {200}
        assert at.login.token_count == 1, "one token for all that was sent"


async def to_the_summary(sam: PlaygroundUser) -> None:
    """From step four on."""
    await sam.tap("They said yes", see="5 of 8")
    await sam.tap("No, nothing", see="6 of 8")
    await sam.tap("Add", {"The problem": "Exports fail without a word"}, see="Exports fail")
    await sam.tap("Agreed", see="7 of 8")
    await sam.tap("Took it in", {"Our part": "I did not call back"}, see="8 of 8")
    promise = {"Who": "Sam", "Does what": "send a checked export", "or type it": "2099-11-24T10:00"}
    await sam.tap("Add", promise, see="send a checked export")
    await sam.tap("Agreed", see="Wrap-up")
    await sam.tap("○ Improving", see="◉ Improving")
    await sam.tap("See the summary", see="Check the summary. Then post it.")


async def test_a_message_is_where_a_recovery_begins_and_its_words_are_the_first_fact(trusted: Path) -> None:
    async with playground_harness(trusted) as at:
        alex = at.user()
        root_message = await at.teams.say(GROUP, WROTE, by=MEGAN)
        message = {
            "id": root_message.id,
            "body": {"contentType": "html", "content": f"<p>{WROTE}</p>"},
            "from": {"user": {"id": MEGAN.object_id, "displayName": MEGAN.name}},
        }
        dialog = await alex.point(GROUP, message)
        assert WROTE in shown_text(dialog)
        done = await alex.submit_point(GROUP, dialog, {"Which client?": "Acme"})
        assert "Your guide for Acme is open. Only you can see it." in shown_text(done)
        await alex.sees("1 of 8", "Acme")
        (fact,) = await at.rows(t.entry)
        assert (fact["field_id"], fact["text"]) == ("facts", WROTE)
        assert at.teams.messages(GROUP) == []
