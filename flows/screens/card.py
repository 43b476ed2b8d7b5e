"""The card: a function of the recovery's state, for whoever looks at it."""

from flows.action_ids import ActionKind, FormKind
from flows.definition.model import Flow
from flows.engine.permission import may_see
from flows.screens import forms
from flows.screens.buttons import action_button
from flows.screens.elements import (
    ButtonRow,
    Card,
    TextLine,
    Tone,
)
from flows.screens.step_card import inline_form, step_elements
from flows.screens.summary_card import summary_elements
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.wording.localization import Localizer


def guide_card(flow: Flow, recovery: Recovery, viewer: Person, localizer: Localizer, now: float) -> Card:
    """What this person sees of the recovery at `now` (epoch seconds), which counts for the times to choose only."""
    title = localizer.text("card.title", account=recovery.account)
    if not may_see(recovery, viewer):
        line = TextLine(localizer.text("card.gone"), Tone.PLAIN)
        return Card(recovery.id, recovery.card_revision, localizer.text("card.title_gone"), (line,))
    leads = viewer == recovery.responder
    if recovery.is_previewing_summary:
        elements = summary_elements(flow, recovery, localizer, leads=leads)
    else:
        elements = step_elements(flow, recovery, localizer, now, leads=leads)
    if not leads:
        watching = TextLine(localizer.text("card.watching", name=recovery.responder.name))
        leave = action_button(localizer.text("button.leave"), ActionKind.UNOBSERVE, viewer.user_id)
        elements = (*elements, watching, inline_form(forms.tip_form(localizer), FormKind.TIP), ButtonRow((leave,)))
    return Card(recovery.id, recovery.card_revision, title, elements, is_open=recovery.closed_at is None)
