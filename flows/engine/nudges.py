"""Messages that come by themselves: at most one nudge a step, and reminders of what was promised for a time."""

from dataclasses import replace

from flows.definition.model import Flow
from flows.engine.timer_names import NUDGE_TIMER, TimerKind, parse_timer_name, timer_name
from flows.engine.transitions import Transition, show_cards
from flows.engine.whispers import whisper_about
from flows.state.copying import replace_fields
from flows.state.effects import ClearTimer, Effect, SaveEntry, SendPrivateMessage, SetTimer, ShowCard
from flows.state.entries import Commitment, CommitmentState, Entry, Moment
from flows.state.events import ClientWrote, ResponderWrote, SetQuiet, SnoozeNudge, TimerDue
from flows.state.local_time.working_hours import next_working_time
from flows.state.record_events import SnoozeReminder
from flows.state.recovery import Recovery
from flows.state.words import ClientCue, CueKind
from flows.text import name_key, without_end_mark

NO_PROGRESS = "still"
"""The nudge reason of the step's own nudge: nothing has happened for the time of its timer."""
SNOOZE = "snooze"
"""The nudge reason of a reminder that the responder asked for."""
GATE = "gate"
"""The nudge reason of a reminder that a gate promised, with the gate's id: `gate:…`."""
ACTIVE_SECONDS = 30 * 60
"""For so long after a move, a note or a message, a responder counts as active, also outside their working hours."""
MAX_CLIENT_MESSAGE_CHARACTERS = 2000
"""Characters of a message of the client that can be recorded as a fact with one tap."""
MAX_CLIENT_CUES = 30
"""What the client's words suggest is kept for so many cues. The oldest give way."""
MAX_CLIENT_MESSAGES = 10
"""Messages of the client that wait to be noted. The oldest give way."""
REMIND_LATER_MINUTES = 30
"""Minutes until a reminder comes again that the responder put off."""


def initial_nudge_reason(flow: Flow, step_id: str) -> str:
    """The nudge reason when a step begins; empty if the step has no timer."""
    return NO_PROGRESS if flow.steps[step_id].timers else ""


def nudge_on_arrival(flow: Flow, step_id: str, now: float, *, is_quiet: bool) -> tuple[str, Effect]:
    """The nudge reason at a step that begins now, and what to do with the nudge timer."""
    timers = flow.steps[step_id].timers
    if not timers:
        return "", ClearTimer(NUDGE_TIMER)
    if is_quiet:
        return NO_PROGRESS, ClearTimer(NUDGE_TIMER)
    (reminder,) = timers.values()
    return NO_PROGRESS, SetTimer(NUDGE_TIMER, now + reminder.after * 60)


def reset_step_nudge(flow: Flow, recovery: Recovery, now: float) -> tuple[Effect, ...]:
    """Begin the wait for the step's nudge again. A reminder that the responder asked for keeps its time."""
    if recovery.is_quiet or not recovery.nudge_reason or recovery.closed_at is not None:
        return (ClearTimer(NUDGE_TIMER),)
    if recovery.nudge_reason != NO_PROGRESS:
        return ()
    if recovery.was_nudged:
        return (ClearTimer(NUDGE_TIMER),)
    (reminder,) = flow.steps[recovery.step].timers.values()
    return (SetTimer(NUDGE_TIMER, now + reminder.after * 60),)


def stay_at_step(flow: Flow, recovery: Recovery, gate_id: str, now: float) -> Transition:
    """Stay at this step. Where the gate promises a reminder, it takes the place of the step's nudge."""
    reminder = flow.steps[recovery.step].gates[gate_id].remind
    if reminder is None:
        return recovery, reset_step_nudge(flow, recovery, now)
    return _schedule_requested_reminder(recovery, f"{GATE}:{gate_id}", reminder.after, now)


def snooze_nudge(recovery: Recovery, event: SnoozeNudge, now: float) -> Transition:
    """No nudge now, one reminder later."""
    return _schedule_requested_reminder(recovery, SNOOZE, event.minutes, now)


def set_quiet(flow: Flow, recovery: Recovery, event: SetQuiet, now: float) -> Transition:
    """Turn all nudges off, or on again."""
    nudge_reason = recovery.nudge_reason if event.is_quiet else initial_nudge_reason(flow, recovery.step)
    recovery = replace_fields(recovery, is_quiet=event.is_quiet, nudge_reason=nudge_reason)
    text_key = "quiet.on" if event.is_quiet else "quiet.off"
    return recovery, (
        SendPrivateMessage(event.actor, text_key),
        ShowCard(event.actor),
        *reset_step_nudge(flow, recovery, now),
    )


def keep_client_message(flow: Flow, recovery: Recovery, event: ClientWrote, now: float) -> Transition:
    """Keep the client's message so that it can be recorded, and begin the wait for a nudge again."""
    recovery = replace_fields(recovery, client_wrote_at=now, client_name=_client_name(recovery, event))
    text = event.text[:MAX_CLIENT_MESSAGE_CHARACTERS]
    if recovery.closed_at is not None or not text.strip():
        return recovery, ()
    waiting = (*recovery.earlier_client_messages, *filter(None, (recovery.client_message,)))
    earlier_messages = tuple(message for message in waiting if message != text)[1 - MAX_CLIENT_MESSAGES :]
    recovery = replace_fields(recovery, client_message=text, earlier_client_messages=earlier_messages)
    recovery = _with_cues(recovery, event.cues, now)
    return recovery, (*show_cards(recovery), *reset_step_nudge(flow, recovery, now))


def _client_name(recovery: Recovery, event: ClientWrote) -> str:
    """The name of the client who wrote last. In the practice room responders also play the client: that is no name."""
    is_responder = name_key(event.author_name) == name_key(recovery.responder.name)
    return recovery.client_name if is_responder else event.author_name or recovery.client_name


def _with_cues(recovery: Recovery, cues: tuple[ClientCue, ...], now: float) -> Recovery:
    feelings = tuple(cue for cue in cues if cue.kind is CueKind.FEELING)
    dangers = [cue for cue in cues if cue.kind is CueKind.DANGER]
    if feelings:
        recovery = replace_fields(recovery, client_cues=(*recovery.client_cues, *feelings)[-MAX_CLIENT_CUES:])
    return replace_fields(recovery, danger=dangers[-1], danger_at=now) if dangers else recovery


def keep_responder_activity(flow: Flow, recovery: Recovery, event: ResponderWrote, now: float) -> Transition:
    """Keep when the responder last wrote, and begin the wait for a nudge again. A grave fault is whispered."""
    recovery = replace_fields(recovery, responder_wrote_at=now)
    if recovery.closed_at is not None:
        return recovery, ()
    recovery, whisper = whisper_about(flow, recovery, event.hint)
    return recovery, (*whisper, *reset_step_nudge(flow, recovery, now))


def handle_due_timer(flow: Flow, recovery: Recovery, event: TimerDue, now: float) -> Transition:
    """Send what a timer stands for, if it still applies. Outside the working hours it waits until they begin."""
    if event.timer_name == NUDGE_TIMER:
        return _send_step_nudge(recovery, now)
    was_deferred = event.timer_name in recovery.deferred_timers
    if was_deferred:
        recovery = replace_fields(recovery, deferred_timers=without_deferred_timers(recovery, event.timer_name))
    kind, subject = parse_timer_name(event.timer_name)
    if kind == TimerKind.FOLLOW_UP:
        if subject not in flow.follow_ups or recovery.closed_at is None:
            return recovery, ()
        return _send_or_defer(recovery, event.timer_name, "nudge.follow_up", (("follow_up", subject),), now)
    entry = recovery.entry(subject)
    if entry is None or (isinstance(entry.value, Moment) and entry.value.is_done):
        return recovery, ()
    if kind == TimerKind.PROMISED_UPDATE and isinstance(entry.value, Moment):
        args = (("when", repr(entry.value.time)), ("entry", entry.id))
        return _send_or_defer(recovery, event.timer_name, "nudge.update", args, now)
    return _send_commitment_nudge(recovery, entry, event.timer_name, now, was_deferred=was_deferred)


def snooze_reminder(recovery: Recovery, event: SnoozeReminder, now: float) -> Transition:
    """Remind of a promise, or of a promised update, again later."""
    entry = recovery.entry(event.entry_id)
    kind = _reminder_kind(entry, now) if entry else None
    if entry is None or kind is None:
        return recovery, (SendPrivateMessage(event.actor, "record.gone"), *show_cards(recovery))
    if recovery.is_quiet:
        return recovery, (SendPrivateMessage(event.actor, "snooze.quiet"),)
    name = timer_name(kind, entry.id)
    names = (*without_deferred_timers(recovery, name), name)
    recovery = replace_fields(recovery, deferred_timers=names)
    confirmation = SendPrivateMessage(event.actor, "snooze.set", (("minutes", str(REMIND_LATER_MINUTES)),))
    return recovery, (SetTimer(name, now + REMIND_LATER_MINUTES * 60), confirmation)


def _reminder_kind(entry: Entry, now: float) -> TimerKind | None:
    """Of which kind the reminder of this entry is now; None if there is nothing to be reminded of."""
    match entry.value:
        case Moment(is_done=False):
            return TimerKind.PROMISED_UPDATE
        case Commitment(state=CommitmentState.LATE):
            return TimerKind.LATE
        case Commitment(state=CommitmentState.OPEN, due_at=due_at) if due_at is not None and due_at > now:
            return TimerKind.DUE_SOON
        case _:
            return None


def reschedule_deferred_timers(flow: Flow, recovery: Recovery, now: float) -> tuple[Effect, ...]:
    """Set the deferred timers again, because the responder or the working hours changed."""
    nudge_time = _next_nudge_time(recovery, now)
    return (*reset_step_nudge(flow, recovery, now), *(SetTimer(name, nudge_time) for name in recovery.deferred_timers))


def without_deferred_timers(recovery: Recovery, *timer_names: str) -> tuple[str, ...]:
    """The deferred timers without these."""
    if not recovery.deferred_timers:
        return ()
    return tuple(name for name in recovery.deferred_timers if name not in timer_names)


def _schedule_requested_reminder(recovery: Recovery, nudge_reason: str, minutes: float, now: float) -> Transition:
    """Set the reminder that the responder asked for. While nudges are off, say so instead."""
    if recovery.is_quiet or recovery.closed_at is not None:
        text_key = "stale.closed" if recovery.closed_at is not None else "snooze.quiet"
        return recovery, (SendPrivateMessage(recovery.responder, text_key),)
    recovery = replace_fields(recovery, nudge_reason=nudge_reason)
    confirmation = SendPrivateMessage(recovery.responder, "snooze.set", (("minutes", f"{minutes:g}"),))
    return recovery, (SetTimer(NUDGE_TIMER, now + minutes * 60), confirmation)


def _send_step_nudge(recovery: Recovery, now: float) -> Transition:
    """Send the step's nudge or a requested reminder. Only the step's nudge waits for the working hours."""
    kind, _, gate_id = recovery.nudge_reason.partition(":")
    is_step_nudge = kind == NO_PROGRESS
    if not kind or recovery.closed_at is not None or (is_step_nudge and recovery.was_nudged):
        return recovery, ()
    nudge_time = _next_nudge_time(recovery, now) if is_step_nudge else now
    if nudge_time > now and not recovery.is_quiet:
        return recovery, (SetTimer(NUDGE_TIMER, nudge_time),)
    messages = _nudge_message(recovery, f"nudge.{kind}", (("step", recovery.step), ("name", gate_id)))
    return replace_fields(recovery, was_nudged=True, nudge_reason=""), messages


def _send_commitment_nudge(
    recovery: Recovery, entry: Entry, timer_name: str, now: float, *, was_deferred: bool
) -> Transition:
    """Remind of a commitment before it is due, or mark it as late and say so.

    It becomes late at any hour; only the message may wait for the working hours.
    """
    commitment = entry.value
    if not isinstance(commitment, Commitment) or commitment.due_at is None:
        return recovery, ()
    args = (("who", commitment.who), ("what", without_end_mark(commitment.what)), ("entry", entry.id))
    is_open, is_over = commitment.state is CommitmentState.OPEN, commitment.due_at <= now
    is_late = commitment.state is CommitmentState.LATE
    if parse_timer_name(timer_name)[0] == TimerKind.DUE_SOON:
        is_due_soon = is_open and not is_over
        return _send_or_defer(recovery, timer_name, "nudge.due", args, now) if is_due_soon else (recovery, ())
    if was_deferred and is_late:
        return _send_or_defer(recovery, timer_name, "nudge.late", args, now)
    if not is_open or not is_over:
        return recovery, ()
    late_entry = replace(entry, value=replace(commitment, state=CommitmentState.LATE))
    recovery = replace_fields(recovery, entries=recovery.entries_with(late_entry))
    recovery, nudge_effects = _send_or_defer(recovery, timer_name, "nudge.late", args, now)
    return recovery, (SaveEntry(late_entry), ShowCard(recovery.responder), *nudge_effects)


def _send_or_defer(
    recovery: Recovery, timer_name: str, text_key: str, args: tuple[tuple[str, str], ...], now: float
) -> Transition:
    """Send a message that nobody asked for: now, or when the working hours begin. While nudges are off it is lost."""
    nudge_time = _next_nudge_time(recovery, now)
    if nudge_time <= now or recovery.is_quiet:
        return recovery, _nudge_message(recovery, text_key, args)
    recovery = replace_fields(recovery, deferred_timers=(*recovery.deferred_timers, timer_name))
    return recovery, (SetTimer(timer_name, nudge_time),)


def _nudge_message(recovery: Recovery, text_key: str, args: tuple[tuple[str, str], ...]) -> tuple[Effect, ...]:
    return () if recovery.is_quiet else (SendPrivateMessage(recovery.responder, text_key, args, is_nudge=True),)


def _next_nudge_time(recovery: Recovery, now: float) -> float:
    """When a nudge may be sent: now if the responder is active or at work, else when the working hours begin."""
    record_times = (entry.changed_at or entry.recorded_at for entry in recovery.entries)
    last_active_at = max(recovery.entered_at, recovery.responder_wrote_at, *record_times)
    was_this_responder = last_active_at > recovery.responder_since
    if was_this_responder and now - last_active_at < ACTIVE_SECONDS:
        return now
    return next_working_time(recovery.working_hours, recovery.timezone, now)
