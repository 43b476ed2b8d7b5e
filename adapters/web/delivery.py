"""Our cards and lines, put into the rooms."""

from dataclasses import dataclass

from adapters.port import CardOut, Outgoing, PostOut, PrivateMessageOut
from adapters.web.line_buttons import LineButtons
from adapters.web.rooms import RoomItem, Rooms
from flows.json_codec import dump_json
from flows.screens.card_codec import dump_card


@dataclass(frozen=True, slots=True)
class WebPlatform:
    """The practice room as a platform (`adapters.port.Platform`). Delivering a key again shows nothing twice."""

    rooms: Rooms

    async def deliver(self, outgoing: Outgoing) -> float:
        """Put it into the room, for everybody or for one person. A room never has to rest."""
        room = outgoing.place.conversation
        match outgoing:
            case CardOut(key=key, recipient=to, card=card, language=language):
                body = {"card": dump_card(card), "language": language}
                await self.rooms.put(RoomItem(room, f"card:{key}", "card", body, to.user_id, replaces=True))
            case PrivateMessageOut(key=key, recipient=to, text=text, is_nudge=nudge, buttons=buttons):
                kind = "nudge" if nudge else "private_message"
                taps = dump_json(LineButtons(outgoing.recovery_id, buttons)) if buttons else {}
                await self.rooms.put(RoomItem(room, key, kind, {"text": text} | taps, to.user_id))
            case PostOut(key=key, text=text):
                await self.rooms.put(RoomItem(room, key, "message", {"role": "guide", "text": text}))
        return 0.0
