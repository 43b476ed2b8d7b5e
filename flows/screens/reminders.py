"""The buttons of a message that comes by itself: what can be done about it at once."""

from flows.action_ids import ActionKind, FormKind
from flows.engine.nudges import REMIND_LATER_MINUTES
from flows.screens.buttons import action_button, form_button, guide_button
from flows.screens.elements import Button
from flows.state.effects import SendPrivateMessage
from flows.state.recovery import Recovery
from flows.wording.localization import Localizer


def reminder_buttons(recovery: Recovery, message: SendPrivateMessage, localizer: Localizer) -> tuple[Button, ...]:
    """The buttons of a reminder for the responder; none for other messages.

    A reminder of a promise or of a promised update can be done, moved and put off; each leads to the guide.
    """
    if not message.is_nudge or message.recipient != recovery.responder or not message.key.startswith("nudge."):
        return ()
    guide = guide_button(localizer)
    entry_id = dict(message.args).get("entry")
    if not entry_id:
        return (guide,)
    return (
        action_button(localizer.text("button.done"), ActionKind.KEPT, entry_id),
        form_button(localizer.text("button.move"), FormKind.EDIT, entry_id),
        action_button(
            localizer.text("button.remind_later", minutes=str(REMIND_LATER_MINUTES)), ActionKind.REMIND_LATER, entry_id
        ),
        guide,
    )
