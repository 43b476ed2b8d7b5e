"""Buttons, made from what they do."""

from flows.action_ids import Action, ActionKind, FormId, FormKind
from flows.screens.elements import Button, ButtonKind
from flows.wording.localization import Localizer


def action_button(
    label: str, kind: ActionKind, subject: str = "", *, is_main: bool = False, confirmation: str = ""
) -> Button:
    """A button that does this."""
    button_kind = ButtonKind.POSTS_SUMMARY if kind is ActionKind.POST else ButtonKind.ORDINARY
    return Button(label, Action(kind, subject).encode(), button_kind, is_main, confirmation)


def form_button(label: str, kind: FormKind, subject: str = "", *, is_main: bool = False) -> Button:
    """A button that opens this form."""
    action = Action(ActionKind.OPEN, FormId(kind, subject).encode())
    return Button(label, action.encode(), ButtonKind.OPENS_DIALOG, is_main)


def more_button(label: str) -> Button:
    """A button that opens the panel with everything else that can be done."""
    action = Action(ActionKind.OPEN, FormId(FormKind.MORE).encode())
    return Button(label, action.encode(), ButtonKind.OPENS_MORE)


def guide_button(localizer: Localizer) -> Button:
    """A button that leads to this person's card of the recovery."""
    return Button(localizer.text("button.guide"), Action(ActionKind.GUIDE).encode(), ButtonKind.OPENS_GUIDE)


def thread_button(localizer: Localizer) -> Button:
    """A button that leads to the account thread."""
    return Button(localizer.text("button.thread"), Action(ActionKind.THREAD).encode(), ButtonKind.OPENS_THREAD)


def edit_button(entry_id: str, localizer: Localizer) -> Button:
    """The button that opens an entry."""
    return form_button(localizer.text("button.edit"), FormKind.EDIT, entry_id)
