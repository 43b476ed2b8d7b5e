"""What a message of the outbox says, and what the recovery is told about its delivery."""

from dataclasses import replace

from sqlalchemy import Connection

from adapters.port import CardOut, Outgoing, PostOut, PrivateMessageOut, Undeliverable, card_key
from bot.storage.flow_registry import FlowRegistry
from bot.storage.outbox.messages import CardMessage, LineMessage, Message, PrivateMessage, SummaryMessage, load_message
from bot.storage.outbox.queues import OutboxMessage
from flows.json_codec import Json
from flows.screens.card import guide_card
from flows.state.codec import load_recovery
from flows.state.delivery_failure import DeliveryFailure
from flows.state.events import DeliveryFailed, DeliverySucceeded
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.wording.document import Document, paragraph_document


def outgoing_message(tx: Connection, registry: FlowRegistry, message: OutboxMessage, now: float) -> Outgoing:
    """What is given to the platform. A card shows the recovery as it is now, so that a late card is never outdated.

    Raises:
        UnreadableData: the message or its recovery cannot be read.
        Undeliverable: it is internal, and external users can read the thread by now; or it speaks of a summary that is
            not in the thread; or it is sent again after a newer text was posted.

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
            if reason := _reason_to_hold(recovery, content, is_sent_again=message.failed_at is not None):
                raise Undeliverable(reason)
            thread = replace(place, conversation=content.conversation, thread=content.thread)
            document = _document(content)
            return PostOut(key, thread, document, is_internal=content.is_internal)


def is_outdated(recovery: Recovery, body: Json) -> bool:
    """Whether a message is a summary of which the responder has posted a newer text since.

    Raises:
        UnreadableData: the message cannot be read.

    """
    content = load_message(body)
    return isinstance(content, SummaryMessage) and recovery.has_newer_summary(
        content.summary_version, content.posted_at
    )


def _reason_to_hold(
    recovery: Recovery, content: LineMessage | SummaryMessage, *, is_sent_again: bool
) -> DeliveryFailure | None:
    """Why this must not be posted to the thread as it is by now. None: it may be."""
    if content.is_internal and recovery.has_external_users:
        return DeliveryFailure.EXTERNAL_USERS
    match content:
        case LineMessage(summary_version=None):  # of an earlier release: in whose words it speaks is not known
            return DeliveryFailure.EXTERNAL_USERS if recovery.has_external_users else None
        case LineMessage(summary_version=SummaryVersion() as version, summary_posted_at=posted_at):
            return None if recovery.has_in_thread(version, posted_at) else DeliveryFailure.NO_SUMMARY
        case SummaryMessage(summary_version=version, posted_at=posted_at) if is_sent_again:
            return DeliveryFailure.NEWER_SUMMARY if recovery.has_newer_summary(version, posted_at) else None
    return None


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
