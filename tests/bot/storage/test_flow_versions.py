"""A recovery keeps running under the flow version it began with, through upgrades."""

import re
from pathlib import Path

from adapters.port import ButtonTap, RequestContext, TypedCommand
from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from bot.storage import recoveries
from flows.screens.card import guide_card
from flows.screens.plain_text import card_text
from tests.bot.test_startup_errors import SHIPPED
from tests.conftest import ANA, BEN, NOON, THREAD, SetClock, migrated


async def card_text_of(room: Runtime, recovery_id: str) -> str:
    recovery = await room.database.run(lambda tx: recoveries.load(tx, recovery_id))
    assert recovery
    of, version = recovery.flow, recovery.flow_version
    flow = await room.database.run(lambda tx: room.registry.get_version(tx, of, version))
    return card_text(guide_card(flow, recovery, recovery.responder, room.registry.localizer("en", "UTC"), NOON))


async def test_an_upgrade_leaves_running_recoveries_as_they_were(
    database_url: str, tmp_path: Path, clock: SetClock
) -> None:
    flows = tmp_path / "flows"
    flows.mkdir()
    first = (SHIPPED / "first_response.yaml").read_text("utf-8").replace("id: first-response", "id: mine")
    (flows / "mine.yaml").write_text(first, "utf-8")
    settings = Settings(database_url=database_url, port=0, flows=flows, _env_file=None)
    migrated(settings)
    async with running_application(settings, clock) as room:
        old = (
            await room.application.receive(TypedCommand("a", ANA, RequestContext(THREAD), "start mine Acme"))
        ).recovery_id
    second = re.sub(r"^version: \d+", "version: 99", first, flags=re.MULTILINE).replace(
        "Let them finish. Answer nothing yet.", "Listen to the end."
    )
    (flows / "mine.yaml").write_text(second, "utf-8")
    async with running_application(settings, clock) as room:
        new = (
            await room.application.receive(TypedCommand("b", BEN, RequestContext(THREAD), "start mine Borg"))
        ).recovery_id
        assert "Let them finish. Answer nothing yet." in await card_text_of(room, old)
        assert "Listen to the end." in await card_text_of(room, new)
        await room.application.receive(ButtonTap("c", ANA, old, 1, "choose:heard"))
        assert "2 of 5" in await card_text_of(room, old)
