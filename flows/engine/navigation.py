"""Moving through the steps: by a gate, or back, over a step, or to any step."""

from dataclasses import replace

from flows.action_ids import FormId, FormKind
from flows.definition.model import END, Flow, Gate
from flows.engine import closing, nudges, record
from flows.engine.transitions import Transition, report_stale_button, show_cards
from flows.state.copying import replace_fields
from flows.state.effects import Effect, SaveEntry, SaveStepVisit, ShowCard, ShowDialog
from flows.state.entries import Feeling, Text
from flows.state.events import ChooseGate, GoBack, JumpToStep, SkipStep, StartRecovery
from flows.state.recovery import Recovery, StepVisit
from flows.wording.languages import flow_language
from flows.wording.phrases import filled_phrase


def start_recovery(flow: Flow, event: StartRecovery, now: float) -> Transition:
    """Begin at the first step."""
    recovery = Recovery(
        id=event.recovery_id,
        flow=flow.id,
        flow_version=flow.version,
        account=event.account,
        place=event.place,
        responder=event.actor,
        language=flow_language(event.language, flow.languages),
        timezone=event.timezone,
        working_hours=event.working_hours,
        has_external_users=event.has_external_users,
        started_at=now,
        step=flow.first_step,
        entered_at=now,
        nudge_reason=nudges.initial_nudge_reason(flow, flow.first_step),
    )
    return recovery, (ShowCard(event.actor), *nudges.reset_step_nudge(flow, recovery, now))


def choose_gate(flow: Flow, recovery: Recovery, event: ChooseGate, now: float) -> Transition:
    """Go where the gate leads, and record what it asks for."""
    gate = flow.steps[recovery.step].gates.get(event.gate_id)
    if gate is None or not _is_in_view(recovery, event.card_revision):
        return report_stale_button(flow, recovery)
    record_effects: tuple[Effect, ...] = ()
    if gate.keeps:
        recovery, record_effects = _keep_phrase(flow, recovery, gate.keeps, now)
    if gate.yes or gate.confirms or gate.denies:
        recovery, answer_effects = _record_client_answer(recovery, gate, now)
        record_effects += answer_effects
    recovery, move_effects = _follow_gate(flow, recovery, event.gate_id, gate, now)
    dialog_effects = (ShowDialog(event.actor, _dialog_id(gate.opens)),) if gate.opens else ()
    return recovery, record_effects + move_effects + dialog_effects


def go_back(flow: Flow, recovery: Recovery, event: GoBack, now: float) -> Transition:
    """Return from a summary to the step, or from the step to the one before."""
    if recovery.card_revision != event.card_revision:
        return report_stale_button(flow, recovery)
    if recovery.closed_at is not None:
        return closing.reopen_recovery(flow, recovery, now)
    if recovery.is_previewing_summary:
        return closing.resume_steps(recovery)
    earlier_step = previous_step(recovery)
    if earlier_step is None:
        return report_stale_button(flow, recovery)
    return move_to_step(flow, recovery, earlier_step, "back", now)


def skip_step(flow: Flow, recovery: Recovery, event: SkipStep, now: float) -> Transition:
    """Go to the next step in order."""
    if not _is_in_view(recovery, event.card_revision) or flow.next_step(recovery.step) == recovery.step:
        return report_stale_button(flow, recovery)
    return move_to_step(flow, recovery, flow.next_step(recovery.step), "skip", now)


def jump_to_step(flow: Flow, recovery: Recovery, event: JumpToStep, now: float) -> Transition:
    """Go to any step."""
    if (
        event.card_revision != recovery.card_revision
        or recovery.closed_at is not None
        or event.step_id not in flow.steps
    ):
        return report_stale_button(flow, recovery)
    if event.step_id == recovery.step:
        return closing.resume_steps(recovery)
    return move_to_step(flow, recovery, event.step_id, "jump", now)


def move_to_step(flow: Flow, recovery: Recovery, step_id: str, left_by: str, now: float) -> Transition:
    """Leave this step for another one."""
    step_visit = StepVisit(len(recovery.step_visits) + 1, recovery.step, recovery.entered_at, now, left_by, step_id)
    nudge_reason, nudge_timer = nudges.nudge_on_arrival(flow, step_id, now, is_quiet=recovery.is_quiet)
    recovery = replace_fields(
        recovery,
        step=step_id,
        entered_at=now,
        card_revision=recovery.card_revision + 1,
        is_previewing_summary=False,
        was_nudged=False,
        stay_count=0,
        nudge_reason=nudge_reason,
        removed_entry=None,
        step_visits=(*recovery.step_visits, step_visit),
    )
    return recovery, (SaveStepVisit(step_visit), *show_cards(recovery), nudge_timer)


def previous_step(recovery: Recovery) -> str | None:
    """The step before this one: each "back" undoes one move that was not itself a "back"."""
    earlier_steps: list[str] = []
    for step_visit in recovery.step_visits:
        if step_visit.left_by == "back":
            earlier_steps.pop()
        elif step_visit.next_step != END:
            earlier_steps.append(step_visit.step)
    return earlier_steps[-1] if earlier_steps else None


def _is_in_view(recovery: Recovery, card_revision: int) -> bool:
    """Whether the card shows the step, with the buttons of this revision."""
    return recovery.card_revision == card_revision and not recovery.is_previewing_summary and recovery.closed_at is None


def _dialog_id(opens: str) -> str:
    hands_over = opens == FormKind.HAND_OVER
    return (FormId(FormKind.HAND_OVER) if hands_over else FormId(FormKind.NOTE, opens)).encode()


def _follow_gate(flow: Flow, recovery: Recovery, gate_id: str, gate: Gate, now: float) -> Transition:
    if gate.to is None:
        recovery = replace_fields(recovery, stay_count=recovery.stay_count + 1)
        recovery, nudge_effects = nudges.stay_at_step(flow, recovery, gate_id, now)
        return recovery, (*show_cards(recovery), *nudge_effects)
    if gate.to == END:
        return closing.close_recovery(flow, recovery, gate_id, now)
    return move_to_step(flow, recovery, gate.to, gate_id, now)


def _record_client_answer(recovery: Recovery, gate: Gate, now: float) -> Transition:
    """Record the client's answer: confirm or deny the newest entry, and keep the time of the first "yes"."""
    if gate.yes and recovery.first_yes_at is None:
        recovery = replace_fields(recovery, first_yes_at=now)
    field_id = gate.confirms or gate.denies
    if field_id is None:
        return recovery, ()
    newest_entry = next((entry for entry in reversed(recovery.entries) if entry.field_id == field_id), None)
    if newest_entry is None or not isinstance(newest_entry.value, Feeling | Text):
        return recovery, ()
    answered_entry = replace(newest_entry, value=replace(newest_entry.value, is_confirmed=gate.confirms is not None))
    return replace_fields(recovery, entries=recovery.entries_with(answered_entry)), (SaveEntry(answered_entry),)


def _keep_phrase(flow: Flow, recovery: Recovery, field_id: str, now: float) -> Transition:
    """Record the phrase that the client said yes to, unless the responder recorded other words during this visit."""
    if not recovery.entries:
        return recovery, ()
    arrival_times = (visit.left_at for visit in reversed(recovery.step_visits) if visit.next_step == recovery.step)
    arrived_at = next(arrival_times, recovery.started_at)
    if any((entry.changed_at or entry.recorded_at) >= arrived_at for entry in recovery.entries_of(field_id)):
        return recovery, ()
    phrase = filled_phrase(flow, recovery, now)
    return record.add_entry(flow, recovery, field_id, Text(phrase), now) if phrase else (recovery, ())
