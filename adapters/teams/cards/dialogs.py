"""Forms and panels as dialogs, and what the chat shows besides the guide."""

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
from adapters.teams.cards.input_values import read_parts
from adapters.teams.cards.inputs import Colleagues, InputSettings, input_elements
from adapters.teams.cards.markup import Json, json_safe
from adapters.teams.cards.rows import group_elements
from adapters.teams.cards.words import say
from flows.screens.elements import Confirmation, Form, HomeView, Panel

ADAPTIVE_CARD_TYPE = "application/vnd.microsoft.card.adaptive"
MAX_TITLE_CHARACTERS = 60
"""Characters of a dialog's title that are seen."""
EDITOR_HEIGHT = "400px"
"""Height of a form with a long text to edit, which fits into a dialog of any size."""
TALL_CARD_BYTES = 3000
"""Bytes of a card that needs a tall dialog."""
ANY_REVISION = 0
"""What can be tapped on a home means the same at any time."""
NO_ERRORS: Mapping[str, str] = {}


def form_card(  # noqa: PLR0913 - all that can be told about a form
    form: Form,
    language: str,
    recovery: str,
    *,
    nth: int = 0,
    place: str = "",
    faults: Mapping[str, str] = NO_ERRORS,
    given: Mapping[str, object] | None = None,
    colleagues: Colleagues = (),
    chat: bool = False,
    notice: str = "",
) -> Json:
    """A form, as the card of a dialog or, in the chat, as a message.

    `nth`: how often it was shown in a row, so that it comes up empty again. `place`: sealed, it comes back.
    `faults`: by input name. `given`: what was submitted, as it came: it is put in again. `notice`: a word above.

    Raises:
        UnreadableCard: `given` has an input that no form of ours has.

    """
    how = InputSettings(
        language,
        nth,
        requires_answers=True,
        errors=faults,
        submitted_parts=None if given is None else read_parts(given),
        colleagues=colleagues,
    )
    seen = {one.name for one in form.inputs}
    elsewhere = " ".join(fault for name, fault in faults.items() if name not in seen)
    data = {"recovery": recovery, "form": form.id, "nth": nth} | ({"place": place} if place else {})
    send = execute(FORM_VERB, data) if chat else submit(data)
    top = [
        *(_title(form.title) if chat else _in_full(form.title)),
        *lines(notice, **BOLD),
        *(lines(f"{WARNING} {elsewhere}", **ATTENTION) if elsewhere else []),
        *lines(form.note, **SMALL),
    ]
    inputs = {one.name: input_elements(one, how) for one in form.inputs}
    card = _form(top, inputs, send, form, language)
    for one in sorted(form.inputs, key=lambda one: json_bytes(inputs[one.name]), reverse=True):
        if json_bytes(card) <= MAX_CARD_BYTES or given is not None:  # what somebody typed just now goes before a limit
            break
        inputs[one.name] = lines(say(language, "too_long", label=one.label), **BOLD)
        card = _form(top, inputs, send, form, language)
    return card


def _form(top: list[Json], inputs: dict[str, list[Json]], send: Json, form: Form, language: str) -> Json:
    body = [*top, *chain.from_iterable(inputs.values())]
    tall = {"minHeight": EDITOR_HEIGHT} if any(part.get("height") == "stretch" for part in body) else {}
    return card_root(body, language, [with_title(send, form.submit_label, main=True)]) | tall


def panel_card(panel: Panel, language: str, notice: str = "") -> Json:
    """What "More" opens. `notice`: a word about the last tap."""
    top = [*_in_full(panel.title), *lines(notice, **BOLD), *lines(panel.position, **SMALL)]
    taps = TeamsButtonCodec(panel.recovery_id, panel.card_revision, is_chat=False)
    room = MAX_CARD_BYTES - json_bytes(card_root(top, language))
    return card_root([*top, *group_elements(panel.groups, taps, language, room, newest_last=True)], language)


def confirmation_card(confirmation: Confirmation, language: str) -> Json:
    """Asks back before a tap counts."""
    codec = TeamsButtonCodec(confirmation.recovery_id, confirmation.card_revision, is_chat=False)
    actions = [
        with_title(submit(codec.data(confirmation.confirm)), confirmation.confirm.label, main=True),
        with_title(submit(codec.data(confirmation.cancel)), confirmation.cancel.label),
    ]
    return card_root(lines(confirmation.question, **LARGE), language, actions)


def home_card(home: HomeView, language: str) -> Json:
    """A person's home, as a message in the chat."""
    top = _title(home.title)
    room = MAX_CARD_BYTES - json_bytes(card_root(top, language))
    taps = TeamsButtonCodec("", ANY_REVISION, is_chat=True, verb=HOME_VERB)
    return card_root([*top, *group_elements(home.groups, taps, language, room, newest_last=False)], language)


def notice_card(text: str, language: str, link: tuple[str, str] | None = None) -> Json:
    """A word about what somebody did. `link`: its words and its address."""
    if link is None:
        return card_root(lines(text), language)
    label, url = link
    opens = {"type": "Action.OpenUrl", "url": url}
    return card_root(lines(text), language, [with_title(opens, label)])


def retry_card(text: str, data: Mapping[str, object], language: str) -> Json:
    """A word about a form that could not be taken: what was typed is to be read in it, and goes along with one tap.

    `data`: as it was sent.

    Raises:
        UnreadableCard: it has an input that no form of ours has.

    """
    typed = [parts.get("typed") or parts.get("") or "" for parts in read_parts(data).parts.values()]
    body = [*lines(text), *chain.from_iterable(lines(one, **SMALL) for one in typed)]
    sent = {key: value for key, value in data.items() if key != "msteams"}
    return card_root(body, language, [with_title(submit(sent), say(language, "again"), main=True)])


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
    """A title that is too long for its place."""
    return _title(title) if utf16_length(title) > MAX_TITLE_CHARACTERS else []
