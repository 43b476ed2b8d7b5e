"""The engine's one entry: from a recovery and an event to the next recovery and the effects."""

from flows.definition.model import Flow
from flows.engine import (
    choices,
    closing,
    delivery_reports,
    draft_check,
    navigation,
    nudges,
    participants,
    publishing,
    record,
)
from flows.engine.permission import refusal
from flows.engine.transitions import Transition
from flows.state.draft_events import CheckDraft, DismissHint, ShowMoreHints, UndoDraft, UseBetterWording
from flows.state.effects import SendPrivateMessage, ShowCard, ShowDialog
from flows.state.events import (
    AddObserver,
    BindThread,
    ChooseGate,
    ClientWrote,
    CloseRecovery,
    ConversationIdChange,
    DeliveryFailed,
    DeliverySucceeded,
    Event,
    GoBack,
    HandOver,
    JumpToStep,
    OpenDialog,
    RemoveObserver,
    ReopenRecovery,
    RequestCard,
    ResponderWrote,
    SendTip,
    SetQuiet,
    SetWorkingHours,
    SkipStep,
    SnoozeNudge,
    StartRecovery,
    ThreadReadersChange,
    TimerDue,
)
from flows.state.record_events import (
    ChooseOption,
    EditEntry,
    RecordEntry,
    RemoveEntry,
    RepeatFact,
    RestoreEntry,
    SnoozeReminder,
)
from flows.state.recovery import Recovery
from flows.state.summary_events import DismissSummaryHint, EditSummary, PostSummary, PreviewSummary


def advance(flow: Flow, recovery: Recovery | None, event: Event, now: float) -> Transition:  # noqa: C901, PLR0911, PLR0912 - one line an event: a table that types check
    """Return the recovery after `event` at `now` (epoch seconds), and what must be done.

    What cannot be done (a stale button, a person without permission) changes nothing and is answered with a private
    message. Only with `StartRecovery` may the recovery be None.

    Raises:
        ValueError: there is no recovery and the event is not `StartRecovery`.

    """
    if isinstance(event, StartRecovery):
        return navigation.start_recovery(flow, event, now) if recovery is None else (recovery, ())
    if recovery is None:
        message = f"{type(event).__name__} needs a recovery; only StartRecovery makes one."
        raise ValueError(message)
    if denial := refusal(recovery, event):
        return recovery, (SendPrivateMessage(denial.recipient, denial.key),)
    match event:
        case ChooseGate():
            return navigation.choose_gate(flow, recovery, event, now)
        case GoBack():
            return navigation.go_back(flow, recovery, event, now)
        case SkipStep():
            return navigation.skip_step(flow, recovery, event, now)
        case JumpToStep():
            return navigation.jump_to_step(flow, recovery, event, now)
        case RecordEntry():
            return record.record_entry(flow, recovery, event, now)
        case EditEntry():
            return record.edit_entry(flow, recovery, event, now)
        case RemoveEntry():
            return record.remove_entry(flow, recovery, event, now)
        case RestoreEntry():
            return record.restore_entry(flow, recovery, event, now)
        case ChooseOption():
            return choices.choose_option(flow, recovery, event, now)
        case RepeatFact():
            return choices.repeat_fact(recovery, event)
        case SnoozeReminder():
            return nudges.snooze_reminder(recovery, event, now)
        case SnoozeNudge():
            return nudges.snooze_nudge(recovery, event, now)
        case SetQuiet():
            return nudges.set_quiet(flow, recovery, event, now)
        case TimerDue():
            return nudges.handle_due_timer(flow, recovery, event, now)
        case ClientWrote():
            return nudges.keep_client_message(flow, recovery, event, now)
        case ResponderWrote():
            return nudges.keep_responder_activity(flow, recovery, event, now)
        case HandOver():
            return participants.hand_over(flow, recovery, event, now)
        case SetWorkingHours():
            return participants.set_working_hours(flow, recovery, event, now)
        case AddObserver():
            return participants.add_observer(recovery, event)
        case RemoveObserver():
            return participants.remove_observer(recovery, event)
        case SendTip():
            return participants.send_tip(recovery, event)
        case ThreadReadersChange():
            return closing.change_readers(recovery, event)
        case ConversationIdChange():
            return closing.change_conversation_id(recovery, event)
        case BindThread():
            return closing.bind_thread(recovery, event)
        case RequestCard():
            return recovery, (ShowCard(event.actor),)
        case OpenDialog():
            return recovery, (ShowDialog(event.actor, event.dialog_id),)
        case PreviewSummary():
            return publishing.preview_summary(recovery, event)
        case EditSummary():
            return publishing.edit_summary(recovery, event)
        case DismissSummaryHint():
            return publishing.dismiss_hint(recovery, event)
        case PostSummary():
            return publishing.post_summary(flow, recovery, event, now)
        case CheckDraft():
            return draft_check.check_draft(recovery, event)
        case UseBetterWording():
            return draft_check.use_better_wording(recovery, event)
        case DismissHint():
            return draft_check.dismiss_hint(recovery, event)
        case UndoDraft():
            return draft_check.undo_draft(recovery, event)
        case ShowMoreHints():
            return draft_check.show_more_hints(recovery, event)
        case CloseRecovery():
            return closing.close_recovery(flow, recovery, "close", now)
        case ReopenRecovery():
            return closing.reopen_recovery(flow, recovery, now)
        case DeliveryFailed():
            return delivery_reports.report_failure(recovery, event)
        case DeliverySucceeded():
            return delivery_reports.report_success(recovery, event)
