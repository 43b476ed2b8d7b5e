"""The application with Slack: on SQLite, or on both databases where that matters."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.slack.harness import SlackHarness, slack_harness


@pytest.fixture
async def on_slack(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    async with slack_harness(f"sqlite:///{tmp_path}/room.db") as result:
        yield result
