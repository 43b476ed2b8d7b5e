"""A whole talk on Slack: from the command to the summary in the account thread."""

from adapters.slack.text import escape
from tests.adapters.slack.office import Office


async def test_a_whole_talk_from_a_message_in_the_account_thread(on_slack: Office) -> None:
    dana, workspace = on_slack.desk("dana"), on_slack.slack.workspace
    said = await workspace.say("kim", "acct-acme", escape("The export was empty on Monday & nobody <b>called</b>"))
    await dana.sender.shortcut("dana", said, "recover_here")
    modal = dana.opened()
    assert "The export was empty" in str(modal)
    await dana.submit(modal, {"Which client?": "Acme"})
    await dana.fill("Add…", {"Who, and what they stand to lose": "Kim, answers to the board"}, "1 of 8")
    await dana.tap("I am ready", "1 of 8")
    await dana.guide("2 of 8", "The export was empty on Monday & nobody <b>called</b>")
    again = await dana.fill("Add…", {"What happened, in their words": "nobody called back"}, "2 of 8")
    assert again.json["response_action"] == "update"
    await dana.tap("They have said it all", "2 of 8", "nobody called back")
    await dana.fill("Add…", {"Feeling": "ignored", "How strong": "very"}, "3 of 8")
    await dana.tap("They confirmed", "3 of 8", "ignored")
    await dana.tap("They said yes", "4 of 8", "nobody called back", "ignored")
    await dana.tap("Nothing worth disputing", "5 of 8")
    await dana.fill("Add…", {"The problem in one sentence": "Exports fail without a word."}, "6 of 8")
    await dana.tap("Agreed", "6 of 8", "Exports fail without a word.")
    await dana.fill("Add…", {"Our part, in one sentence": "I did not check"}, "7 of 8")
    await dana.tap("Done", "7 of 8", "I did not check")
    await dana.fill("Add…", {"Who": "Ana", "Does what": "a fixed export", "By when": 4_099_000_000}, "8 of 8")
    await dana.tap("Agreed", "8 of 8", "a fixed export")
    await dana.tap("See the summary", "Wrap-up")
    await dana.tap("Post to thread", "Check it. Then post it.")
    await dana.guide("Posted. Now keep what you promised.")
    (post,) = await dana.thread("acct-acme", said["ts"])
    assert "Exports fail without a word." in post
    assert "ignored" in post
