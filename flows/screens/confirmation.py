"""The question that some buttons ask before their tap counts, for platforms whose buttons cannot ask it themselves."""

from collections.abc import Iterator

from flows.definition.model import Flow
from flows.screens.buttons import more_button
from flows.screens.card import guide_card
from flows.screens.elements import Button, ButtonKind, ButtonRow, Confirmation
from flows.screens.panel import more_panel, panel_title
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.wording.localization import Localizer


def confirmation_dialog(
    flow: Flow, recovery: Recovery, viewer: Person, action: str, card_revision: int, localizer: Localizer, now: float
) -> Confirmation | None:
    """The question that this person's button with this action asks now; None if it asks none.

    `card_revision`: of the card that was tapped. "Cancel" leads back to the panel.
    """
    buttons = _buttons_of(flow, recovery, viewer, localizer, now)
    button = next((button for button in buttons if button.action == action and button.confirmation), None)
    if button is None:
        return None
    confirm = Button(localizer.text("button.confirm", label=button.label), action, ButtonKind.ORDINARY, is_main=True)
    cancel = more_button(localizer.text("button.cancel"))
    title = panel_title(recovery, localizer)
    return Confirmation(recovery.id, card_revision, title, button.confirmation, confirm, cancel)


def _buttons_of(flow: Flow, recovery: Recovery, viewer: Person, localizer: Localizer, now: float) -> Iterator[Button]:
    """All buttons that this person can have in view."""
    for element in guide_card(flow, recovery, viewer, localizer, now).elements:
        if isinstance(element, ButtonRow):
            yield from element.buttons
    if viewer == recovery.responder:
        for group in more_panel(flow, recovery, localizer).groups:
            for row in group.rows:
                yield from row.buttons
