"""Messages as Teams takes them: a text, or a card with what a notification says of it."""

from adapters.teams.cards.dialogs import ADAPTIVE_CARD_TYPE
from adapters.teams.cards.markup import Json, escape_html

NOTIFICATION: Json = {"notification": {"alert": True}}


def card_message(card: Json, summary: str) -> Json:
    """A message that is a card. `summary`: plain text for notifications and for those who cannot see the card."""
    return {
        "type": "message",
        "summary": summary,
        "attachments": [{"contentType": ADAPTIVE_CARD_TYPE, "content": card}],
    }


def text_message(text: str, *, alert: bool = False) -> Json:
    """A message of words, as they were typed. `alert`: it must be noticed."""
    return html_message(escape_html(text)) | ({"channelData": NOTIFICATION} if alert else {})


def html_message(markup: str) -> Json:
    """A message of our own markup."""
    return {"type": "message", "textFormat": "xml", "text": markup}
