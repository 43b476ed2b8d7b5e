"""The names of timers: their kind, and the id of what they belong to."""

from enum import StrEnum


class TimerKind(StrEnum):
    """What a timer is for.

    - `NUDGE`: the step's nudge, or a reminder that the responder asked for. There is one at a time, without an id.
    - `DUE_SOON`: a commitment (an entry's id) will soon be due. `LATE`: it is due now.
    - `PROMISED_UPDATE`: the time of an update that was promised to the client (an entry's id) has come.
    - `FOLLOW_UP`: a question some days after the close (the id of the flow's follow-up).
    """

    NUDGE = "nudge"
    DUE_SOON = "due"
    LATE = "late"
    PROMISED_UPDATE = "update"
    FOLLOW_UP = "follow"


NUDGE_TIMER = TimerKind.NUDGE.value
"""The name of the nudge timer."""


def timer_name(kind: TimerKind, subject: str) -> str:
    """The name of the timer of this kind that belongs to `subject`."""
    return f"{kind}:{subject}"


def parse_timer_name(name: str) -> tuple[str, str]:
    """The kind and the id of what the timer belongs to (empty for the nudge timer)."""
    kind, _, subject = name.partition(":")
    return kind, subject
