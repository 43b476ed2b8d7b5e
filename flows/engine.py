"""The heart: one pure function from what is and what happens to what is next and what must be done."""

from flows import ending, notes, people_in_talk, talk, timing, undelivered
from flows.effects import Effect, SendPrivateMessage, ShowDialog
from flows.events import (
    AddObserver,
    BindThread,
    ChooseGate,
    ClientWrote,
    CloseRecovery,
    DeliveryFailed,
    DeliverySucceeded,
    EditEntry,
    EditSummary,
    Event,
    GoBack,
    HandOver,
    JumpToStep,
    OpenDialog,
    PostSummary,
    PreviewSummary,
    RecordEntry,
    RemoveEntry,
    RemoveObserver,
    ReopenRecovery,
    ResponderWrote,
    SendTip,
    SetQuiet,
    SetWorkingHours,
    SkipStep,
    SnoozeNudge,
    StartRecovery,
    ThreadReadersChanged,
    TimerDue,
)
from flows.flow import Flow
from flows.permission import refusal
from flows.recovery import Recovery

Transition = tuple[Recovery, tuple[Effect, ...]]


def advance(flow: Flow, recovery: Recovery | None, event: Event, now: float) -> Transition:  # noqa: C901, PLR0911, PLR0912 - one line an event: a table that types check
    """Return the recovery after `event` at `now` (epoch seconds), and what must be done.

    Whatever cannot be done (a stale button, somebody who may not) changes nothing and is answered with a whisper. Pass
    None as the recovery with `Start` only.

    Raises:
        ValueError: there is no recovery and the event is not `Start`.

    """
    if isinstance(event, StartRecovery):
        return talk.start_recovery(flow, event, now) if recovery is None else (recovery, ())
    if recovery is None:
        message = f"{type(event).__name__} needs a recovery; only Start makes one."
        raise ValueError(message)
    if refused := refusal(recovery, event):
        return recovery, (SendPrivateMessage(refused.recipient, refused.key),)
    match event:
        case ChooseGate():
            return talk.choose_gate(flow, recovery, event, now)
        case GoBack():
            return talk.go_back(flow, recovery, event, now)
        case SkipStep():
            return talk.skip_step(flow, recovery, event, now)
        case JumpToStep():
            return talk.jump_to_step(flow, recovery, event, now)
        case RecordEntry():
            return notes.record_entry(flow, recovery, event, now)
        case EditEntry():
            return notes.edit_entry(flow, recovery, event, now)
        case RemoveEntry():
            return notes.remove_entry(flow, recovery, event, now)
        case SnoozeNudge():
            return timing.snooze_nudge(recovery, event, now)
        case SetQuiet():
            return timing.set_quiet(flow, recovery, event, now)
        case TimerDue():
            return timing.handle_due_timer(flow, recovery, event, now)
        case ClientWrote():
            return timing.client_wrote(flow, recovery, event, now)
        case ResponderWrote():
            return timing.responder_wrote(flow, recovery, now)
        case HandOver():
            return people_in_talk.hand_over(flow, recovery, event, now)
        case SetWorkingHours():
            return people_in_talk.set_working_hours(flow, recovery, event, now)
        case AddObserver():
            return people_in_talk.add_observer(recovery, event)
        case RemoveObserver():
            return people_in_talk.remove_observer(recovery, event)
        case SendTip():
            return people_in_talk.send_tip(recovery, event)
        case ThreadReadersChanged():
            return ending.change_readers(recovery, event)
        case BindThread():
            return ending.bind_thread(recovery, event)
        case OpenDialog():
            return recovery, (ShowDialog(event.actor, event.dialog_id),)
        case PreviewSummary():
            return ending.preview_summary(recovery, event)
        case EditSummary():
            return ending.edit_summary(recovery, event)
        case PostSummary():
            return ending.post_summary(flow, recovery, event)
        case CloseRecovery():
            return ending.close_recovery(flow, recovery, "close", now)
        case ReopenRecovery():
            return ending.reopen_recovery(flow, recovery, now)
        case DeliveryFailed():
            return undelivered.report_failure(recovery, event)
        case DeliverySucceeded():
            return undelivered.report_success(flow, recovery, event)
