"""An office with Slack: on SQLite, or on both databases where that matters."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.slack.office import Office, office


@pytest.fixture
async def on_slack(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(f"sqlite:///{tmp_path}/room.db") as found:
        yield found
