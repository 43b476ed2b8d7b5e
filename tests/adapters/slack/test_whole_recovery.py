"""A whole recovery on Slack: from the command to the summary in the account thread."""

import pytest

from adapters.slack.blocks.mrkdwn import escape
from bot.storage import tables as t
from tests.adapters.slack.harness import SlackHarness, SlackUser, again, beside, slack_harness, words_of
from tests.peers.slack.forms import FieldValue
from tests.peers.slack.team import Json

NEXT_CENTURY = 4_099_000_000
LONG_AGO = 1_000_000_000


def box_labels(form: Json) -> list[str]:
    return [block["label"]["text"] for block in form["blocks"] if block["type"] == "input"]


async def add_to_summary(dana: SlackUser, text: str) -> None:
    """Write into the last field, which is an empty one if the summary is a long one."""
    form = await dana.open("Edit", "Check the summary. Then post it.")
    await dana.submit(form, {box_labels(form)[-1]: text})


async def test_a_whole_recovery_from_the_command_to_the_thread(database_url: str) -> None:
    async with slack_harness(database_url) as at:
        dana = at.user("dana")
        reply = await dana.type("Acme")
        assert "Your guide for Acme is open" in words_of(reply.json)
        assert f"/app_redirect?app={dana.sender.app.app_id}&team=T0NORTHWIND|Open your guide>" in words_of(reply.json)
        await dana.fill("Add…", {"Contact": "Kim, answers to the board"}, "1 of 8")
        await dana.tap("I am ready", "1 of 8", "Kim, answers to the board")
        await dana.fill("Add…", {"What happened": "the export was <empty> & late"}, "2 of 8")
        await dana.tap("All said", "2 of 8", "the export was <empty> & late")
        await dana.fill("Add…", {"Feeling": "ignored", "How strong it is": "very"}, "3 of 8")
        await dana.tap("They confirmed", "3 of 8", "ignored")
        await dana.tap("Fact missing", "4 of 8", "What have I missed?")
        await dana.fill("Add…", {"What happened": "nobody called back"}, "2 of 8")
        await dana.more("Skip", "2 of 8", "nobody called back")
        await dana.more("Back", "3 of 8")
        await dana.more("4 Let them know you got it", "2 of 8")
        await dana.tap("They said yes", "4 of 8", "nobody called")
        await dana.tap("No, nothing", "5 of 8")
        await dana.fill("Add…", {"The problem": "Exports fail without a word."}, "6 of 8")
        await dana.tap("Agreed", "6 of 8", "Exports fail without a word")
        await dana.fill("Add…", {"Our part": "I did not check"}, "7 of 8")
        await dana.tap("Took it in", "7 of 8", "I did not check")
        promise: dict[str, FieldValue] = {"Who": "Ana", "Does what": "send a fixed export"}
        promise["By when: from a calendar"] = NEXT_CENTURY
        await dana.fill("Add…", promise, "8 of 8")
        await dana.tap("Agreed", "8 of 8", "send a fixed export")
        await dana.tap("Improving", "Wrap-up")
        await dana.tap("See the summary", "Wrap-up", "✓ Improving")
        await dana.guide("Check the summary. Then post it.", "Acme (internal)", "nobody called back")
        points = [f"Point {number:03} of what Kim said, at some length." for number in range(200)]
        for start in range(0, 200, 60):
            some = points[start : start + 60]
            await add_to_summary(dana, "\n\n".join(some))
            await dana.guide("Check the summary. Then post it.", some[-1])
        assert len([text for text in box_labels(await dana.open("Edit", points[199])) if "Internal" in text]) > 4
        await dana.tap("Post internal version", points[199])
        await dana.guide("Posted. Now keep what you promised.")
        (call,) = await at.shim.wait_for(
            "chat.postMessage", 1, lambda call: call.arguments["channel"] == dana.workspace.channel("acct-acme")
        )
        post = words_of(call.arguments["blocks"])
        assert [point for point in points if point not in post] == []
        received = await dana.workspace.received("dana")
        assert len(received) == 1, "the guide is one message, edited in place"
        (recovery,) = await at.rows(t.recovery)
        assert (recovery["account"], recovery["conversation"]) == ("Acme", dana.workspace.channel("acct-acme"))
        assert recovery["first_yes_at"] is not None
        assert recovery["closed_at"] is not None
        entries = {(row["field_id"], row["text"]) for row in await at.rows(t.entry)}
        assert {
            ("contact", "Kim, answers to the board"),
            ("facts", "the export was <empty> & late"),
            ("facts", "nobody called back"),
            ("feeling", "ignored"),
            ("frame", "Exports fail without a word."),
            ("our_part", "I did not check"),
            ("commitment", "send a fixed export"),
        } <= entries
        passages = sorted(await at.rows(t.step_visit), key=lambda row: row["number"])
        assert [(row["step"], row["left_by"]) for row in passages][:7] == [
            ("prepare", "ready"),
            ("facts", "all_said"),
            ("feelings", "confirmed"),
            ("acknowledge", "missed_fact"),
            ("facts", "skip"),
            ("feelings", "back"),
            ("facts", "jump"),
        ]


async def test_the_next_fact_is_asked_for_in_an_empty_form(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    await dana.tap("I am ready", "1 of 8")
    form = await dana.open("Add…", "2 of 8")
    for fact in ("It was late.", "It was empty.", "Nobody called."):
        form = again(form, await dana.submit(form, {"What happened": fact}))
        assert "initial_value" not in str(form)
    await dana.guide("2 of 8", "Noted (3)", "Nobody called.")


async def test_a_form_that_is_filled_once_closes(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    reply = await dana.fill("Add…", {"Contact": "Kim"}, "1 of 8")
    assert reply.json == {"response_action": "clear"}


async def at_the_promises(dana: SlackUser) -> None:
    await dana.begin()
    await dana.more("8 Handle the problem", "1 of 8")
    await dana.guide("8 of 8")


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        (
            {"Who": " ", "Does what": "a new export"},
            "who~0",
            "A promise needs the name of the person who will keep it.",
        ),
        ({"Who": "Ana", "Does what": "a new export", "By when: from a calendar": LONG_AGO}, "when", "in the past"),
    ],
)
async def test_a_fault_stands_at_its_field(
    on_slack: SlackHarness, values: dict[str, FieldValue], field: str, message: str
) -> None:
    dana = on_slack.user("dana")
    await at_the_promises(dana)
    reply = await dana.fill("Add…", values, "8 of 8")
    assert reply.json["response_action"] == "errors"
    (error,) = (text for name, text in reply.json["errors"].items() if name.startswith(field) and message in text)
    assert error


async def test_a_form_with_a_fault_can_be_mended_and_sent(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await at_the_promises(dana)
    form = await dana.open("Add…", "8 of 8")
    await dana.submit(form, {"Who": " ", "Does what": "a new export"})
    await dana.submit(form, {"Who": "Ana", "Does what": "a new export", "By when": "No date yet"})
    await dana.guide("8 of 8", "a new export")


async def test_more_is_drawn_anew_in_place_after_each_tap(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await at_the_promises(dana)
    await dana.fill(
        "Add…", {"Who": "Ana", "Does what": "a new export", "By when: from a calendar": NEXT_CENTURY}, "8 of 8"
    )
    more = await dana.open("More", "8 of 8", "a new export")
    panel = await dana.press(more, beside(more, "a new export"), "Kept")
    assert panel["id"] == more["id"]
    assert "kept" in words_of(panel)
    gone = await dana.press(panel, beside(panel, "a new export"), "Remove")
    assert gone["id"] == more["id"]
    assert "Removed: Ana: a new export" in words_of(gone)
    assert await on_slack.rows(t.entry) == []


async def test_an_entry_is_edited_on_top_of_more(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    await dana.fill("Add…", {"Contact": "Kim"}, "1 of 8")
    more = await dana.open("More", "1 of 8", "Kim")
    form = await dana.press(more, beside(more, "Kim"), "Edit")
    assert on_slack.shim.of("views.push")
    await dana.submit(form, {"Contact": "Kim Larsen, her launch"})
    await dana.guide("1 of 8", "Kim Larsen, her launch")


async def test_a_button_of_an_earlier_card_changes_nothing_and_says_so(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    earlier = await dana.begin()
    await dana.tap("I am ready", "1 of 8")
    await dana.guide("2 of 8")
    await dana.sender.press("dana", earlier, "I am ready")
    assert await dana.lines() == [
        "That button belongs to an earlier card, so nothing was changed. The recovery is now at: Get the facts."
    ]


async def test_a_whole_recovery_from_a_message_in_the_account_thread(on_slack: SlackHarness) -> None:
    dana, workspace = on_slack.user("dana"), on_slack.slack.workspace
    message = await workspace.say("kim", "acct-acme", escape("The export was empty on Monday & nobody <b>called</b>"))
    modal = await dana.point(message)
    await dana.submit(modal, {"Which client?": "Acme"})
    await dana.tap("I am ready", "1 of 8")
    await dana.tap("All said", "2 of 8", "The export was empty on Monday & nobody <b>called</b>")
    await dana.type("stop")
    await dana.tap("Post internal version", "Check the summary. Then post it.")
    await dana.guide("Posted. Now keep what you promised.")
    (post,) = await dana.thread("acct-acme", message["ts"])
    assert "nobody <b>called</b>" in post
