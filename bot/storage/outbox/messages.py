"""The messages that the outbox holds, as types, and how they are stored.

The column `outbox.body` is the JSON of one of them. `kind` says which, in the words of
`flows.state.delivery_failure.MessageKind`. Texts are made when an event is stored, and a card when it is sent.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from flows.errors import UnreadableData
from flows.json_codec import Json
from flows.screens.elements import Button
from flows.state.delivery_failure import MessageKind
from flows.state.identity import Person
from flows.state.summaries import SummaryVersion
from flows.wording.document import Document


@dataclass(frozen=True, slots=True)
class CardMessage:
    """The recovery's card for one person. It is made from the recovery's state when it is sent."""

    recipient: Person
    kind: Literal[MessageKind.CARD] = MessageKind.CARD


@dataclass(frozen=True, slots=True)
class PrivateMessage:
    """A text for one person. `is_nudge`: it comes by itself and should be noticed. `buttons`: taps on its recovery."""

    recipient: Person
    text: str
    is_nudge: bool
    buttons: tuple[Button, ...] = ()
    kind: Literal[MessageKind.PRIVATE_MESSAGE] = MessageKind.PRIVATE_MESSAGE


@dataclass(frozen=True, slots=True)
class LineMessage:
    """One line for the account thread. `is_internal`: it must not be posted where external users read.

    `summary_version`, `summary_posted_at`: the posted summary in whose words it speaks (None: stored by an earlier
    release).
    """

    conversation: str
    thread: str
    text: str
    is_internal: bool
    summary_version: SummaryVersion | None = None
    summary_posted_at: float = 0.0
    kind: Literal[MessageKind.LINE] = MessageKind.LINE


@dataclass(frozen=True, slots=True)
class SummaryMessage:
    """A summary for the account thread, with its structure, as it read when the responder posted it.

    `posted_at`: when that was, by which the recovery knows it (0: stored by an earlier release).
    """

    conversation: str
    thread: str
    document: Document
    summary_version: SummaryVersion
    posted_at: float = 0.0
    kind: Literal[MessageKind.SUMMARY] = MessageKind.SUMMARY

    @property
    def is_internal(self) -> bool:
        """Whether it must not be posted where external users read."""
        return self.summary_version is SummaryVersion.INTERNAL


Message = CardMessage | PrivateMessage | LineMessage | SummaryMessage
_ADAPTER: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="kind")])


def dump_message(message: Message) -> Json:
    """A message as JSON types."""
    body: Json = _ADAPTER.dump_python(message, mode="json")
    return body


def load_message(body: Json) -> Message:
    """A message from JSON types.

    Raises:
        UnreadableData: the body is none of the messages above. The error does not show its text: it is private.

    """
    try:
        return _ADAPTER.validate_python(body)
    except ValidationError as error:
        where = ", ".join(".".join(map(str, detail["loc"])) for detail in error.errors()[:3])
        problem = f"A stored message cannot be read ({where}). A newer release may have written it."
        raise UnreadableData(problem) from None
