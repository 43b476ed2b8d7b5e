"""The card: a function of the recovery's state, for whoever looks at it."""

from flows.action_ids import ActionKind, FormKind
from flows.definition.model import Flow
from flows.engine.permission import may_see
from flows.screens import forms
from flows.screens.buttons import action_button, form_button, more_button
from flows.screens.elements import (
    Button,
    ButtonRow,
    Card,
    Element,
    Progress,
    SummaryText,
    TextLine,
    Tone,
)
from flows.screens.step_card import inline_form, step_elements
from flows.state.identity import Person
from flows.state.recovery import Recovery, SummaryVersion
from flows.wording.localization import Localizer
from flows.wording.summary import has_content, summary_document


def guide_card(flow: Flow, recovery: Recovery, viewer: Person, localizer: Localizer, now: float) -> Card:
    """What this person sees of the recovery at `now` (epoch seconds), which counts for the times to choose only."""
    title = localizer.text("card.title", account=recovery.account)
    if not may_see(recovery, viewer):
        line = TextLine(localizer.text("card.gone"), Tone.PLAIN)
        return Card(recovery.id, recovery.card_revision, localizer.text("card.title_gone"), (line,))
    leads = viewer == recovery.responder
    if recovery.is_previewing_summary:
        elements = _summary_elements(flow, recovery, localizer, leads=leads)
    else:
        elements = step_elements(flow, recovery, localizer, now, leads=leads)
    if not leads:
        watching = TextLine(localizer.text("card.watching", name=recovery.responder.name))
        leave = action_button(localizer.text("button.leave"), ActionKind.UNOBSERVE, viewer.user_id)
        elements = (*elements, watching, inline_form(forms.tip_form(localizer), FormKind.TIP), ButtonRow((leave,)))
    return Card(recovery.id, recovery.card_revision, title, elements, is_open=recovery.closed_at is None)


def _summary_elements(flow: Flow, recovery: Recovery, localizer: Localizer, *, leads: bool) -> tuple[Element, ...]:
    version = recovery.postable_version
    is_posted = version in recovery.posted_versions
    is_empty = not has_content(flow, recovery, version)
    state = "posted" if is_posted else "empty" if is_empty else "check"
    elements: list[Element] = [
        Progress(
            0, len(flow.numbered_steps), localizer.text(f"summary.name.{version}"), localizer.text("card.summary"), ()
        ),
        TextLine(localizer.text(f"summary.{state}"), Tone.INSTRUCTION),
    ]
    if recovery.has_external_users:
        elements.append(TextLine(localizer.text("summary.shared"), Tone.NOTICE))
    elements.append(SummaryText(summary_document(flow, recovery, version, localizer)))
    if leads:
        buttons = _summary_buttons(recovery, localizer, is_posted=is_posted, is_empty=is_empty)
        elements.append(ButtonRow((*buttons, _more_button(localizer))))
    return tuple(elements)


def _summary_buttons(recovery: Recovery, localizer: Localizer, *, is_posted: bool, is_empty: bool) -> list[Button]:
    version = recovery.postable_version
    other = SummaryVersion.CLIENT if version is SummaryVersion.INTERNAL else SummaryVersion.INTERNAL
    question = localizer.text("button.post_sure") if recovery.has_external_users else ""
    label = localizer.text("button.post_again" if is_posted else "button.post")
    post = action_button(label, ActionKind.POST, version, is_main=not is_posted, confirmation=question)
    buttons = [] if is_empty else [post]
    buttons.append(form_button(localizer.text("button.edit"), FormKind.SUMMARY, version))
    if not recovery.has_external_users:
        buttons.append(action_button(localizer.text(f"button.show.{other}"), ActionKind.PREVIEW, other))
    elif recovery.closed_at is None:
        buttons.append(action_button(localizer.text("button.resume"), ActionKind.BACK))
    return buttons


def _more_button(localizer: Localizer) -> Button:
    return more_button(localizer.text("button.more"))
