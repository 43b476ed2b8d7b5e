"""Cards as JSON, and back, checked: for a platform that stores the cards it shows."""

from flows.json_codec import Json, dump_json, load_json
from flows.screens.elements import Card


def dump_card(card: Card) -> Json:
    """A card as JSON types."""
    return dump_json(card)


def load_card(data: Json) -> Card:
    """A card from JSON types.

    Raises:
        UnreadableData: this is not a stored card.

    """
    return load_json(Card, data)
