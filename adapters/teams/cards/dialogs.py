"""The cards of dialogs, and those that the chat shows besides the guide: forms, panels, homes, notices."""

from collections.abc import Mapping
from itertools import chain

from adapters.shared.text_splitting import shorten, utf16_length
from adapters.teams.cards.elements import (
    ATTENTION,
    BOLD,
    FORM_VERB,
    HOME_VERB,
    LARGE,
    MAX_CARD_BYTES,
    SMALL,
    WARNING,
    TeamsButtonCodec,
    card_root,
    execute,
    json_bytes,
    lines,
    submit,
    with_title,
)
from adapters.teams.cards.folding import fold_elements
from adapters.teams.cards.form_layout import secondary_fold
from adapters.teams.cards.input_values import read_parts
from adapters.teams.cards.inputs import Colleagues, InputSettings, input_elements
from adapters.teams.cards.markup import Json, json_safe
from adapters.teams.cards.rows import group_elements
from adapters.teams.cards.words import say
from flows.screens.elements import Confirmation, HomeView, Panel
from flows.screens.inputs import Form
from flows.state.identity import Place

ADAPTIVE_CARD_TYPE = "application/vnd.microsoft.card.adaptive"
MAX_TITLE_CHARACTERS = 60
"""Characters of a dialog's title that are seen."""
EDITOR_HEIGHT = "400px"
"""Height of a form with a long text to edit, which fits into a dialog of any size."""
TALL_CARD_BYTES = 3000
"""Bytes of a card that needs a tall dialog."""
ANY_REVISION = 0
"""A home has no revision: its buttons mean the same at any time."""
NO_ERRORS: Mapping[str, str] = {}
NO_LINKS: Mapping[Place, str] = {}


def form_card(  # noqa: PLR0913 - all that can be told about a form
    form: Form,
    language: str,
    recovery_id: str,
    *,
    repeat: int = 0,
    signed_place: str = "",
    errors: Mapping[str, str] = NO_ERRORS,
    submitted_data: Mapping[str, object] | None = None,
    colleagues: Colleagues = (),
    is_chat: bool = False,
    notice: str = "",
) -> Json:
    """A form, as the card of a dialog or, in the chat, as a message.

    `repeat`: see `CardInputId`. `signed_place`: is sent back with the form. `errors`: by input name.
    `submitted_data`: what was sent, to be shown again. `notice`: a sentence above the form.

    Raises:
        UnknownCard: `submitted_data` has an input that no form of ours has.

    """
    settings = InputSettings(
        language,
        repeat,
        requires_answers=True,
        errors=errors,
        submitted_parts=None if submitted_data is None else read_parts(submitted_data),
        colleagues=colleagues,
        has_calendar=True,
    )
    input_names = {one.name for one in form.inputs}
    other_errors = " ".join(fault for name, fault in errors.items() if name not in input_names)
    data = {"recovery": recovery_id, "form": form.id, "nth": repeat} | ({"place": signed_place} if signed_place else {})
    action = execute(FORM_VERB, data) if is_chat else submit(data)
    top = [
        *(_title(form.title) if is_chat else _in_full(form.title)),
        *lines(notice, **BOLD),
        *(lines(f"{WARNING} {other_errors}", **ATTENTION) if other_errors else []),
        *lines(form.note, **SMALL),
    ]
    inputs = {one.name: input_elements(one, settings) for one in form.inputs if not one.is_secondary}
    fold = secondary_fold(form, settings)
    if fold:
        inputs[fold.id] = fold_elements([fold])
    card = _form(top, inputs, action, form, language)
    usual_inputs = [one for one in form.inputs if not one.is_secondary]
    for one in sorted(usual_inputs, key=lambda one: json_bytes(inputs[one.name]), reverse=True):
        if (
            json_bytes(card) <= MAX_CARD_BYTES or submitted_data is not None
        ):  # what somebody typed is more important than the limit
            break
        inputs[one.name] = lines(say(language, "too_long", label=one.label), **BOLD)
        card = _form(top, inputs, action, form, language)
    return card


def _form(top: list[Json], inputs: dict[str, list[Json]], action: Json, form: Form, language: str) -> Json:
    body = [*top, *chain.from_iterable(inputs.values())]
    height = {"minHeight": EDITOR_HEIGHT} if any(part.get("height") == "stretch" for part in body) else {}
    return card_root(body, language, [with_title(action, form.submit_label, is_main=True)]) | height


def panel_card(panel: Panel, language: str, notice: str = "") -> Json:
    """The panel that "More" opens. `notice`: a sentence about the last tap."""
    top = [*_in_full(panel.title), *lines(notice, **BOLD), *lines(panel.position, **SMALL)]
    taps = TeamsButtonCodec(panel.recovery_id, panel.card_revision, is_chat=False)
    room = MAX_CARD_BYTES - json_bytes(card_root(top, language))
    return card_root([*top, *group_elements(panel.groups, taps, language, room, newest_last=True)], language)


def confirmation_card(confirmation: Confirmation, language: str) -> Json:
    """Asks back before a tap counts."""
    codec = TeamsButtonCodec(confirmation.recovery_id, confirmation.card_revision, is_chat=False)
    actions = [
        with_title(submit(codec.data(confirmation.confirm)), confirmation.confirm.label, is_main=True),
        with_title(submit(codec.data(confirmation.cancel)), confirmation.cancel.label),
    ]
    return card_root(lines(confirmation.question, **LARGE), language, actions)


def home_card(home: HomeView, language: str, thread_links: Mapping[Place, str] = NO_LINKS) -> Json:
    """A person's home, as a card in the chat. `thread_links`: to the account threads that have one."""
    top = _title(home.title)
    room = MAX_CARD_BYTES - json_bytes(card_root(top, language))
    taps = TeamsButtonCodec("", ANY_REVISION, is_chat=True, verb=HOME_VERB, thread_links=thread_links)
    return card_root([*top, *group_elements(home.groups, taps, language, room, newest_last=False)], language)


def notice_card(text: str, language: str, link: tuple[str, str] | None = None) -> Json:
    """A sentence, with a button to open a link. `link`: its label and its URL."""
    if link is None:
        return card_root(lines(text), language)
    label, url = link
    opens = {"type": "Action.OpenUrl", "url": url}
    return card_root(lines(text), language, [with_title(opens, label)])


def retry_card(text: str, data: Mapping[str, object], language: str) -> Json:
    """A form that failed: a sentence, what was typed, and a button that sends it again.

    `data`: as it was sent.

    Raises:
        UnknownCard: it has an input that no form of ours has.

    """
    texts = [parts.get("typed") or parts.get("") or "" for parts in read_parts(data).parts.values()]
    body = [*lines(text), *chain.from_iterable(lines(one, **SMALL) for one in texts)]
    form_data = {key: value for key, value in data.items() if key != "msteams"}
    return card_root(body, language, [with_title(submit(form_data), say(language, "again"), is_main=True)])


def dialog_response(title: str, card: Json) -> Json:
    """The answer to an invoke that shows this card as a dialog."""
    value = {
        "title": shorten(json_safe(title), MAX_TITLE_CHARACTERS),
        "height": "large" if json_bytes(card) > TALL_CARD_BYTES else "medium",
        "width": "medium",
        "card": {"contentType": ADAPTIVE_CARD_TYPE, "content": card},
    }
    return {"task": {"type": "continue", "value": value}}


def _title(title: str) -> list[Json]:
    return lines(title, **LARGE)


def _in_full(title: str) -> list[Json]:
    """A title that is too long for the dialog's title bar, as lines."""
    return _title(title) if utf16_length(title) > MAX_TITLE_CHARACTERS else []
