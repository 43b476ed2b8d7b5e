"""What a message of the outbox says, and what the recovery is told about its delivery."""

from dataclasses import replace

from sqlalchemy import Connection

from adapters.port import CardOut, Outgoing, PostOut, PrivateMessageOut, Undeliverable, card_key
from bot.storage.flow_registry import FlowRegistry
from bot.storage.outbox.messages import CardMessage, LineMessage, Message, PrivateMessage, SummaryMessage, load_message
from bot.storage.outbox.queues import OutboxMessage
from flows.screens.card import guide_card
from flows.state.codec import load_recovery
from flows.state.delivery_failure import DeliveryFailure
from flows.state.events import DeliveryFailed, DeliverySucceeded
from flows.state.identity import Person
from flows.wording.document import Document, paragraph_document


def outgoing_message(tx: Connection, registry: FlowRegistry, message: OutboxMessage, now: float) -> Outgoing:
    """What is given to the platform. A card shows the recovery as it is now, so that a late card is never outdated.

    Raises:
        UnreadableData: the message or its recovery cannot be read.
        Undeliverable: it is internal, and external users can read the thread by now.

    """
    recovery, content = load_recovery(message.recovery_data), load_message(message.body)
    place, key = recovery.place, message.idempotency_key
    match content:
        case CardMessage(recipient=recipient):
            flow = registry.get_version(tx, recovery.flow, recovery.flow_version)
            localizer = registry.localizer(recovery.language, recovery.timezone)
            card = guide_card(flow, recovery, recipient, localizer, now)
            return CardOut(card_key(recovery.id, recipient.user_id), place, recipient, card, recovery.language)
        case PrivateMessage(recipient=recipient, text=text, is_nudge=is_nudge, buttons=buttons):
            return PrivateMessageOut(
                key,
                place,
                recipient,
                text,
                is_nudge,
                card_key(recovery.id, recipient.user_id),
                buttons,
                recovery.id,
                recovery.language,
            )
        case _:
            if content.is_internal and recovery.has_external_users:
                raise Undeliverable(DeliveryFailure.EXTERNAL_USERS)
            thread = replace(place, conversation=content.conversation, thread=content.thread)
            document = _document(content)
            return PostOut(key, thread, document, is_internal=content.is_internal)


def delivery_failed(message: OutboxMessage, reason: DeliveryFailure) -> DeliveryFailed:
    """The event that this message was given up.

    Raises:
        UnreadableData: the message cannot be read.

    """
    content = load_message(message.body)
    if isinstance(content, SummaryMessage):
        return DeliveryFailed(content.kind, reason, content.summary_version, posted_at=content.posted_at)
    return DeliveryFailed(content.kind, reason, recipient=_recipient(content))


def delivery_succeeded(message: OutboxMessage) -> DeliverySucceeded:
    """The event that this message, which had been given up, has arrived.

    Raises:
        UnreadableData: the message cannot be read.

    """
    content = load_message(message.body)
    if isinstance(content, SummaryMessage):
        return DeliverySucceeded(content.kind, content.summary_version, posted_at=content.posted_at)
    return DeliverySucceeded(content.kind, recipient=_recipient(content))


def _recipient(content: Message) -> Person | None:
    return content.recipient if isinstance(content, CardMessage | PrivateMessage) else None


def _document(content: LineMessage | SummaryMessage) -> Document:
    """What is posted. A line of the app has no structure."""
    return content.document if isinstance(content, SummaryMessage) else paragraph_document(content.text)
