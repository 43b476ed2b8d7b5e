"""A private word after a posted message that has a grave fault: at most one a stay at a step, and none when quiet."""

from flows.definition.model import Flow
from flows.engine.draft_check import SHOWN
from flows.state.copying import replace_fields
from flows.state.effects import CountHint, Effect, SendPrivateMessage
from flows.state.recovery import Recovery
from flows.state.words import HintOutcome, WordHint


def whisper_about(flow: Flow, recovery: Recovery, hint: WordHint | None) -> tuple[Recovery, tuple[Effect, ...]]:
    """The recovery after the responder posted something with this fault, and what they are told of it."""
    visit = len(recovery.step_visits)
    is_too_late = not _is_before(flow, recovery.step, flow.coach.whispers_before)
    if hint is None or recovery.is_quiet or is_too_late or recovery.whispered_visit == visit:
        return recovery, ()
    outcome = HintOutcome(hint.rule_id, recovery.language, SHOWN)
    args = (("words", hint.words), ("reason", hint.why), ("repair", hint.better or ""))
    return replace_fields(recovery, whispered_visit=visit), (
        SendPrivateMessage(recovery.responder, "whisper", args),
        CountHint(recovery.responder, outcome),
    )


def _is_before(flow: Flow, step_id: str, limit_id: str) -> bool:
    steps = flow.numbered_steps
    return step_id in steps and limit_id in steps and steps.index(step_id) < steps.index(limit_id)
