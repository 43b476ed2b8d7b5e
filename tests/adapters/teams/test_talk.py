"""A whole talk in Teams: from a mention in a thread to the summary there."""

from pathlib import Path

from bot import tables as t
from tests.adapters.teams.cloud import CHANNEL
from tests.adapters.teams.office import Office, office

THREAD = CHANNEL + ";messageid=1500000000000"
NEXT_CENTURY = {"By when: date": "2099-11-24", "Time": "10:00"}


async def test_a_whole_talk_from_a_mention_to_the_thread(database_url: str, trusted: Path) -> None:
    async with office(database_url, trusted) as at:
        dana = at.desk("dana")
        await dana.begin("Acme", THREAD)
        await dana.fill("Add", {"Who, and what they stand to lose": "Kim, answers to the board"}, "1 of 8")
        await dana.tap("I am ready", "1 of 8", "Kim, answers to the board")
        await dana.fill("Add", {"What happened, in their words": "the export was <empty> & late"}, "2 of 8")
        await dana.tap("They have said it all", "2 of 8", "the export was <empty> & late")


async def test_smoke(on_teams: Office) -> None:
    dana = on_teams.desk("dana")
    card = await dana.begin("Acme", THREAD)
    print(card)
