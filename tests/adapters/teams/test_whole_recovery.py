"""A whole recovery in Teams: from a mention in a thread to the summary there."""

from pathlib import Path

from bot.storage import tables as t
from tests.adapters.teams.fake_connector import CHANNEL
from tests.adapters.teams.harness import teams_harness

THREAD = CHANNEL + ";messageid=1500000000000"


async def test_a_whole_recovery_from_a_mention_to_the_thread(database_url: str, trusted: Path) -> None:
    async with teams_harness(database_url, trusted) as at:
        dana = at.user("dana")
        await dana.begin("Acme", THREAD)
        await dana.fill("Add", {"Contact": "Kim, answers to the board"}, "1 of 8")
        await dana.tap("I am ready", "1 of 8", "Kim, answers to the board")
        await dana.fill("Add", {"What happened": "the export was <empty> & late"}, "2 of 8")
        await dana.tap("All said", "2 of 8", "the export was <empty> & late")
        await dana.fill("Add", {"Feeling: in your own words": "ignored", "How strong it is": "very"}, "3 of 8")
        await dana.tap("They confirmed", "3 of 8", "ignored")
        await dana.tap("Fact missing", "4 of 8", "and you felt ignored")
        await dana.fill("Add", {"What happened": "nobody called back"}, "2 of 8")
        await dana.more("Skip", "2 of 8", "nobody called back")
        await dana.more("Back", "3 of 8")
        await dana.more("4 Let them know you got it", "2 of 8")
        await dana.tap("They said yes", "4 of 8", "nobody called back")
        await dana.tap("No, nothing", "5 of 8")
        await dana.fill("Add", {"The problem": "Exports fail without a word."}, "6 of 8")
        await dana.tap("Agreed", "6 of 8", "Exports fail without a word")
        await dana.fill("Add", {"Our part": "I did not check"}, "7 of 8")
        await dana.tap("Took it in", "7 of 8", "I did not check")
        promise = {"Who": "Ana", "Does what": "send a fixed export", "or type it": "2099-11-24T10:00"}
        await dana.fill("Add", promise, "8 of 8")
        await dana.tap("Agreed", "8 of 8", "send a fixed export")
        await dana.tap("○ Improving", "Wrap-up")
        await dana.tap("See the summary", "Wrap-up", "◉ Improving")
        await dana.guide("Check the summary. Then post it.", "Acme (internal)", "nobody called back")
        await dana.tap("Yes: Post internal version", "Check the summary. Then post it.")
        await dana.guide("Posted. Now keep what you promised.")
        await at.connector.calls.until(lambda call: call.conversation == THREAD and call.ok)
        (summary,) = at.connector.messages_in(THREAD)
        assert "the export was &lt;empty&gt; &amp; late" in summary["text"]
        assert len(at.connector.messages_in(dana.chat)) == 2, "the word that it began, and the guide, edited in place"
        (recovery,) = await at.rows(t.recovery)
        assert (recovery["account"], recovery["conversation"], recovery["thread"]) == ("Acme", CHANNEL, "1500000000000")
        assert recovery["first_yes_at"] is not None
        assert recovery["closed_at"] is not None
