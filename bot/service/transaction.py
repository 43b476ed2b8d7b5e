"""One transaction of a request: what its handler works with, and what it comes to."""

from dataclasses import dataclass

from sqlalchemy import Connection

from adapters.port import Answer
from bot.service.transition import Effects
from bot.storage.flow_registry import FlowRegistry


@dataclass(frozen=True, slots=True)
class RequestTransaction:
    """The open transaction, the flows, and the time of the request in epoch seconds."""

    connection: Connection
    registry: FlowRegistry
    now: float


@dataclass(frozen=True, slots=True)
class TransactionResult:
    """What one transaction came to: the answer, and the effects that others are woken for.

    `has_changes`: something was written that must last. Otherwise the transaction leaves no trace.
    """

    answer: Answer
    effects: Effects = ()
    has_changes: bool = False
