"""A recovery as the rows that a database keeps of it."""

from typing import Any

from flows.state.codec import dump_recovery
from flows.state.recovery import Recovery

Values = dict[str, Any]


def new_row(recovery: Recovery) -> Values:
    """The row of a recovery that has just begun."""
    place = recovery.place
    return changing(recovery) | {
        "id": recovery.id,
        "platform": place.platform,
        "workspace": place.workspace,
        "conversation": place.conversation,
        "thread": place.thread,
        "version": 1,
        "flow": recovery.flow,
        "flow_version": recovery.flow_version,
        "account": recovery.account,
        "started_at": recovery.started_at,
    }


def changing(recovery: Recovery) -> Values:
    """The columns that a step writes, besides the version."""
    return {
        "responder": recovery.responder.user_id,
        "step": recovery.step,
        "first_yes_at": recovery.first_yes_at,
        "closed_at": recovery.closed_at,
        "data": dump_recovery(recovery),
    }
