"""Nothing is lost while two workers are killed over and over: the short form of `python -m tests.concurrency`."""

from pathlib import Path

from bot.settings import Settings
from tests.concurrency.chaos import chaos
from tests.conftest import migrated

KILLS = 9


async def test_the_books_balance_after_nine_kills(room_settings: Settings, tmp_path: Path) -> None:
    migrated(room_settings)
    outcome = await chaos(room_settings.database_url, tmp_path, KILLS, seed=9)
    assert outcome.kills == KILLS
    assert outcome.books.fired, "no timer fired, so nothing is told about timers"
    assert outcome.broken == []
