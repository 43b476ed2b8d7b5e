"""The end of a recovery: closing and reopening it; the thread that it belongs to, and who reads there."""

from dataclasses import replace

from flows.definition.model import END, Flow
from flows.engine import nudges
from flows.engine.timer_names import NUDGE_TIMER, TimerKind, timer_name
from flows.engine.transitions import Transition, report_stale_button, show_cards
from flows.state.copying import replace_fields
from flows.state.effects import ClearTimer, SaveStepVisit, SendPrivateMessage, SetTimer
from flows.state.events import (
    BindThread,
    ConversationIdChange,
    ThreadReadersChange,
)
from flows.state.recovery import Recovery, StepVisit
from flows.state.summaries import SummaryVersion

SECONDS_PER_DAY = 86_400


def close_recovery(flow: Flow, recovery: Recovery, left_by: str, now: float) -> Transition:
    """Close the recovery and show the summary that may be posted."""
    if recovery.closed_at is not None:
        return report_stale_button(flow, recovery)
    step_visit = StepVisit(len(recovery.step_visits) + 1, recovery.step, recovery.entered_at, now, left_by, END)
    recovery = replace_fields(
        recovery,
        is_previewing_summary=True,
        summary_version=recovery.usual_version,
        card_revision=recovery.card_revision + 1,
        closed_at=now,
        nudge_reason="",
        step_visits=(*recovery.step_visits, step_visit),
    )
    timers = tuple(
        SetTimer(timer_name(TimerKind.FOLLOW_UP, name), now + follow_up.after_days * SECONDS_PER_DAY)
        for name, follow_up in flow.follow_ups.items()
    )
    return recovery, (SaveStepVisit(step_visit), *show_cards(recovery), ClearTimer(NUDGE_TIMER), *timers)


def reopen_recovery(flow: Flow, recovery: Recovery, now: float) -> Transition:
    """Go on at the step where the recovery was closed."""
    if recovery.closed_at is None:
        return resume_steps(recovery)
    timer_names = tuple(timer_name(TimerKind.FOLLOW_UP, name) for name in flow.follow_ups)
    recovery = replace_fields(
        recovery,
        is_previewing_summary=False,
        card_revision=recovery.card_revision + 1,
        closed_at=None,
        entered_at=now,
        was_nudged=False,
        stay_count=0,
        nudge_reason=nudges.initial_nudge_reason(flow, recovery.step),
        deferred_timers=nudges.without_deferred_timers(recovery, *timer_names),
    )
    timers = (*map(ClearTimer, timer_names), *nudges.reset_step_nudge(flow, recovery, now))
    return recovery, (*show_cards(recovery), *timers)


def resume_steps(recovery: Recovery) -> Transition:
    """Show the step on the card again instead of a summary."""
    if recovery.is_previewing_summary:
        recovery = replace_fields(recovery, is_previewing_summary=False, card_revision=recovery.card_revision + 1)
    return recovery, show_cards(recovery)


def change_readers(recovery: Recovery, event: ThreadReadersChange) -> Transition:
    """External users can read the thread, or no longer. A summary in view is made again; its old buttons are stale."""
    if recovery.has_external_users == event.has_external_users:
        return recovery, ()
    recovery = replace_fields(
        recovery,
        has_external_users=event.has_external_users,
        summary_version=SummaryVersion.CLIENT if event.has_external_users else recovery.summary_version,
    )
    if not recovery.is_previewing_summary:
        return recovery, ()
    recovery = replace_fields(recovery, card_revision=recovery.card_revision + 1)
    return recovery, show_cards(recovery)


def change_conversation_id(recovery: Recovery, event: ConversationIdChange) -> Transition:
    """The same thread under another id: what was posted there stays posted. A summary in view says where it goes."""
    place = replace(recovery.place, conversation=event.new_conversation)
    recovery = replace_fields(recovery, place=place)
    return recovery, show_cards(recovery) if recovery.is_previewing_summary else ()


def bind_thread(recovery: Recovery, event: BindThread) -> Transition:
    """Another thread is the account thread: nothing was posted there yet, and a summary in view is made again."""
    if recovery.place == event.place and recovery.has_external_users == event.has_external_users:
        return recovery, (SendPrivateMessage(event.actor, "bind.same"),)
    is_other_thread = recovery.place != event.place
    recovery = replace_fields(
        recovery,
        place=event.place,
        has_external_users=event.has_external_users,
        posted_versions=() if is_other_thread else recovery.posted_versions,
        posted_summaries=() if is_other_thread else recovery.posted_summaries,
        client_message="" if is_other_thread else recovery.client_message,
        earlier_client_messages=() if is_other_thread else recovery.earlier_client_messages,
        client_wrote_at=0.0 if is_other_thread else recovery.client_wrote_at,
        client_name="" if is_other_thread else recovery.client_name,
        card_revision=recovery.card_revision + recovery.is_previewing_summary,
    )
    return recovery, show_cards(recovery)
