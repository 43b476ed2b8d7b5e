"""The home of one person: the recoveries that they lead or observe, the promises, and their settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.action_ids import ActionKind, FormKind
from flows.definition.model import Flow
from flows.engine.draft_check import DISMISSED, SHOWN, TAKEN
from flows.screens.buttons import action_button, form_button, guide_button, more_button, thread_button
from flows.screens.elements import Group, HomeView, Row
from flows.screens.panel import position_text
from flows.state.entries import Commitment, CommitmentState
from flows.state.local_time.working_hours import WorkingHours
from flows.state.recovery import Recovery
from flows.text import without_end_mark
from flows.wording.languages import language_name
from flows.wording.localization import Localizer

MAX_RECOVERIES = 15
MAX_COMMITMENTS = 15


@dataclass(frozen=True, slots=True)
class RecoveryWithFlow:
    """A recovery with the flow that it runs under."""

    flow: Flow
    recovery: Recovery


@dataclass(frozen=True, slots=True)
class OpenCommitment:
    """A promise that is open or late (`entry_id`: its id), and the recovery in which it was made."""

    recovery_id: str
    account: str
    entry_id: str
    commitment: Commitment


def home_screen(
    led: list[RecoveryWithFlow],
    watched: list[RecoveryWithFlow],
    owed: list[OpenCommitment],
    localizer: Localizer,
    hours: WorkingHours,
    hint_counts: Mapping[str, int],
) -> HomeView:
    """The home of the person to whom `localizer` speaks. `led` and `watched`: newest first. `owed`: by due date.

    `hint_counts`: how often hints on this person's own words were shown, taken and dismissed, by outcome. Recoveries
    with a late promise come first.
    """
    start = form_button(localizer.text("home.start"), FormKind.START, is_main=True)
    by_urgency = sorted(led, key=lambda item: not _late_promises(item.recovery))
    rows = [_led_row(item, localizer) for item in by_urgency[:MAX_RECOVERIES]] or [Row(localizer.text("home.none"), ())]
    groups = (
        Group(
            localizer.text("home.mine"),
            (*rows, *_hidden_count_row(led, MAX_RECOVERIES, localizer), Row("", (start,))),
        ),
        Group(
            localizer.text("home.promises"),
            (*_commitment_rows(owed, localizer), *_hidden_count_row(owed, MAX_COMMITMENTS, localizer)),
        ),
        Group(
            localizer.text("home.watching"),
            (
                *(_watched_row(item, localizer) for item in watched[:MAX_RECOVERIES]),
                *_hidden_count_row(watched, MAX_RECOVERIES, localizer),
            ),
        ),
        Group(
            localizer.text("home.settings"),
            (_settings_row(localizer, hours), *_hint_counts_row(localizer, hint_counts)),
        ),
    )
    return HomeView(localizer.text("home.title"), tuple(group for group in groups if group.rows))


def _led_row(item: RecoveryWithFlow, localizer: Localizer) -> Row:
    text = localizer.text(
        "home.recovery", account=item.recovery.account, where=position_text(item.flow, item.recovery, localizer)
    )
    if late_promises := _late_promises(item.recovery):
        text = localizer.text("home.late", line=text, what=without_end_mark(late_promises[0].what))
    thread = (thread_button(localizer),) if item.recovery.place.conversation else ()
    buttons = (guide_button(localizer), *thread, more_button(localizer.text("button.more")))
    return Row(text, buttons, item.recovery.id, item.recovery.place)


def _late_promises(recovery: Recovery) -> list[Commitment]:
    promises = (entry.value for entry in recovery.entries if isinstance(entry.value, Commitment))
    return [promise for promise in promises if promise.state is CommitmentState.LATE]


def _watched_row(item: RecoveryWithFlow, localizer: Localizer) -> Row:
    recovery = item.recovery
    text = localizer.text(
        "home.leads",
        account=recovery.account,
        where=position_text(item.flow, recovery, localizer),
        name=recovery.responder.name or recovery.responder.user_id,
    )
    return Row(text, (form_button(localizer.text("form.tip"), FormKind.TIP),), recovery.id)


def _commitment_rows(owed: list[OpenCommitment], localizer: Localizer) -> list[Row]:
    label = localizer.text("button.kept")
    return [
        Row(_commitment_line(one, localizer), (action_button(label, ActionKind.KEPT, one.entry_id),), one.recovery_id)
        for one in owed[:MAX_COMMITMENTS]
    ]


def _commitment_line(owed: OpenCommitment, localizer: Localizer) -> str:
    promise = owed.commitment
    return localizer.text(
        "home.promise",
        when=localizer.text("home.no_date") if promise.due_at is None else localizer.format_time(promise.due_at),
        who=promise.who,
        what=without_end_mark(promise.what),
        account=owed.account,
        state=localizer.text(f"promise.{promise.state}"),
    )


def _hidden_count_row(
    rows: list[RecoveryWithFlow] | list[OpenCommitment], limit: int, localizer: Localizer
) -> tuple[Row, ...]:
    hidden_count = len(rows) - limit
    return (Row(localizer.text("home.more", count=str(hidden_count)), ()),) if hidden_count > 0 else ()


def _settings_row(localizer: Localizer, hours: WorkingHours) -> Row:
    language = language_name(localizer.language)
    text = localizer.text(
        "home.speaks", language=language, hours=localizer.format_hours(hours), timezone=localizer.timezone
    )
    return Row(text, (form_button(localizer.text("home.change"), FormKind.SETTINGS),))


def _hint_counts_row(localizer: Localizer, hint_counts: Mapping[str, int]) -> tuple[Row, ...]:
    """What became of the hints on this person's words, once there was one."""
    shown, taken, kept = (localizer.format_number(hint_counts.get(name, 0)) for name in (SHOWN, TAKEN, DISMISSED))
    text = localizer.text("home.hints", shown=shown, taken=taken, kept=kept)
    return (Row(text, ()),) if hint_counts.get(SHOWN) else ()
