"""Messages for Teams' connector: a text, or a card with the text of its notification."""

from adapters.teams.cards.dialogs import ADAPTIVE_CARD_TYPE
from adapters.teams.cards.markup import Json, escape_html

NOTIFICATION: Json = {"notification": {"alert": True}}


def card_message(card: Json, summary: str) -> Json:
    """A message with a card. `summary`: plain text for notifications and for clients that show no cards."""
    return {
        "type": "message",
        "summary": summary,
        "attachments": [{"contentType": ADAPTIVE_CARD_TYPE, "content": card}],
    }


def text_message(text: str, *, alert: bool = False) -> Json:
    """A message of plain text. `alert`: Teams notifies the person."""
    return html_message(escape_html(text)) | ({"channelData": NOTIFICATION} if alert else {})


def html_message(markup: str) -> Json:
    """A message of HTML that we made."""
    return {"type": "message", "textFormat": "xml", "text": markup}
