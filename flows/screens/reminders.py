"""The buttons of a message that comes by itself: what can be done about it at once."""

from collections.abc import Iterator

from flows.action_ids import ActionKind, FormKind
from flows.definition.model import Flow, FollowUp
from flows.engine.nudges import REMIND_LATER_MINUTES
from flows.screens.buttons import action_button, form_button, guide_button
from flows.screens.elements import Button
from flows.state.effects import SendPrivateMessage
from flows.state.recovery import Recovery
from flows.wording.localization import Localizer


def reminder_buttons(
    flow: Flow, recovery: Recovery, message: SendPrivateMessage, localizer: Localizer
) -> tuple[Button, ...]:
    """The buttons of a reminder for the responder; none for other messages.

    A reminder of a promise or of a promised update can be done, moved and put off, a follow-up can be answered; each
    leads to the guide.
    """
    if not message.is_nudge or message.recipient != recovery.responder or not message.key.startswith("nudge."):
        return ()
    guide = guide_button(localizer)
    args = dict(message.args)
    entry_id = args.get("entry")
    if not entry_id:
        follow_up = flow.follow_ups.get(args.get("follow_up", ""))
        return (*_answer_buttons(flow, follow_up, localizer), guide) if follow_up else (guide,)
    return (
        action_button(localizer.text("button.done"), ActionKind.KEPT, entry_id),
        form_button(localizer.text("button.move"), FormKind.EDIT, entry_id),
        action_button(
            localizer.text("button.remind_later", minutes=str(REMIND_LATER_MINUTES)), ActionKind.REMIND_LATER, entry_id
        ),
        guide,
    )


def _answer_buttons(flow: Flow, follow_up: FollowUp, localizer: Localizer) -> Iterator[Button]:
    """The buttons that open the fields of a follow-up."""
    for field_id in follow_up.fields:
        if field := flow.field(field_id):
            yield form_button(localizer(field.label), FormKind.NOTE, field_id)
