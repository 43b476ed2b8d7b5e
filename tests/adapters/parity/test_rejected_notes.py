"""A note that cannot be taken holds up no step: the tap tells why, and the next one goes without it, as in the room."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from bot.storage import tables as t
from tests.adapters.teams.card_client import Given
from tests.adapters.teams.fake_microsoft import trust_login_server
from tests.adapters.teams.harness import TeamsHarness, teams_harness
from tests.adapters.teams.payloads import shown_text

LATE = {"What happened": "x" * 3000}
PROMISE = {"Who": " ", "Does what": "a new export", "By when": "No date yet"}


@pytest.fixture
async def on_teams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TeamsHarness]:
    trust_login_server(monkeypatch, tmp_path)
    async with teams_harness(f"sqlite:///{tmp_path}/room.db", tmp_path) as result:
        yield result


@pytest.mark.parametrize("first", ["All said", "Add"])
async def test_the_next_tap_goes_without_a_note_that_was_refused(on_teams: TeamsHarness, first: str) -> None:
    dana = on_teams.user("dana")
    await dana.begin()
    await dana.tap("I am ready", "1 of 8")
    card = await dana.fill(first, LATE, "2 of 8")
    assert "Shorten it or split it." in shown_text(card)
    assert "3 of 8" in shown_text(await dana.tap("All said", "2 of 8"))
    assert await on_teams.rows(t.entry) == []


@pytest.mark.parametrize("mended", [{"Who": "Ana"}, {"Who": "Ana", "Does what": "a better export"}])
async def test_a_note_that_was_mended_is_filed_by_the_next_tap(
    on_teams: TeamsHarness, mended: Mapping[str, Given]
) -> None:
    dana = on_teams.user("dana")
    await dana.begin()
    await dana.more("8 Handle the problem", "1 of 8")
    card = await dana.fill("Agreed", PROMISE, "8 of 8")
    assert "A promise needs the name of the person who will keep it." in shown_text(card)
    await dana.fill("Agreed", mended, "8 of 8")
    assert [row["who"] for row in await on_teams.rows(t.entry)] == ["Ana"]
