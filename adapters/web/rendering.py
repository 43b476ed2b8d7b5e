"""Stored items of a room as the browser's HTML, for one visitor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from adapters.web.line_buttons import LineButtons
from adapters.web.pages import PageItem, PageRoom, Pages
from adapters.web.visitors import Visitor
from flows.json_codec import load_json
from flows.screens.card_codec import load_card
from flows.screens.elements import Card
from flows.state.local_time.time_zones import time_zone

MAX_CARDS = 3
"""Cards in view: the newest ones, and besides them every one of a recovery that is not closed."""


@dataclass(frozen=True, slots=True)
class RoomRendering:
    """Turns stored rows into pages and fragments."""

    pages: Pages

    def page(self, room: PageRoom, items: Sequence[Row[Any]], visitor: Visitor) -> str:
        """The whole page."""
        thread = [_item(row, visitor) for row in items if row.kind == "message"]
        private_lines = [_item(row, visitor) for row in items if row.kind in {"private_message", "nudge"}]
        cards = [_card(row) for row in items if row.kind == "card"][::-1]
        shown_cards = [card for number, card in enumerate(cards) if number < MAX_CARDS or card.is_open]
        return self.pages.room(room, thread, private_lines, shown_cards)

    def fragment(self, row: Row[Any], visitor: Visitor) -> tuple[str, str]:
        """One item's DOM id and HTML."""
        if row.kind == "card":
            card = _card(row)
            return f"card-{card.recovery_id}", self.pages.card(card, row.body["language"])
        item = _item(row, visitor)
        return item.key, self.pages.item(item, visitor.language)


def _card(row: Row[Any]) -> Card:
    return load_card(row.body["card"])


def _item(row: Row[Any], visitor: Visitor) -> PageItem:
    at = datetime.fromtimestamp(row.created_at, UTC).astimezone(time_zone(visitor.timezone))
    body: dict[str, Any] = row.body
    key = "item-" + row.key.replace(":", "-")
    line = load_json(LineButtons, {name: body[name] for name in ("recovery_id", "buttons") if name in body})
    return PageItem(
        key,
        row.kind,
        body.get("role", ""),
        body.get("name", ""),
        body["text"],
        at.strftime("%H:%M"),
        row.created_at,
        line.recovery_id,
        line.buttons,
    )
