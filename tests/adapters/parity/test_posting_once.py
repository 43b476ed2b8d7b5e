"""The same text is posted once on each platform, by a double tap and by a tap on an older guide."""

from pathlib import Path

import pytest

from tests.adapters.parity.driver import PlatformDriver
from tests.adapters.parity.steps import Step, TapButton, TypeCommand
from tests.adapters.parity.test_parity import BETWEEN, everywhere, settled
from tests.adapters.teams.fake_microsoft import trust_login_server
from tests.conftest import SetClock

SHOW, POST = "Post client version…", "Post client version"
TO_POST: tuple[Step, ...] = (TypeCommand("dana", "Acme"), TypeCommand("dana", "stop"), TapButton("dana", SHOW))
AGAIN: dict[str, tuple[Step, ...]] = {
    "a double tap": (TapButton("dana", POST), TapButton("dana", POST, before=True)),
    "two taps more on the older guide": (
        TapButton("dana", POST),
        TapButton("dana", POST, before=True),
        TapButton("dana", POST, before=True),
    ),
}


@pytest.mark.parametrize("steps", AGAIN.values(), ids=AGAIN)
async def test_each_platform_posts_it_once(
    steps: tuple[Step, ...], tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust_login_server(monkeypatch, tmp_path)
    async with everywhere(tmp_path, clock) as drivers:
        for one in drivers:
            await one.ready()
        for step in (*TO_POST, *steps):
            clock.now += BETWEEN
            now = clock.now
            for one in drivers:
                await step.do(one)
            await settled(drivers, clock, now, step)
            for one in drivers:
                one.look()
                await one.card("dana")
        assert [await _posts(one) for one in drivers] == [1, 1, 1]


async def _posts(driver: PlatformDriver) -> int:
    return len(await driver.new_posts())
