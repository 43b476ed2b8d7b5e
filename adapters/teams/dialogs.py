"""Forms and panels as dialogs, and what the chat shows besides the guide."""

from collections.abc import Mapping
from itertools import chain

from adapters.pieces import shortened, units
from adapters.teams.filled import held
from adapters.teams.inputs import Colleagues, Drawing, input_elements
from adapters.teams.kit import (
    BOLD,
    FILL,
    HOME,
    LARGE,
    LOUD,
    MOST,
    SMALL,
    WARNING,
    Taps,
    execute,
    lines,
    root,
    submit,
    titled,
    weight,
)
from adapters.teams.rows import rows
from adapters.teams.text import Json, sound
from adapters.teams.words import say
from flows.cards import Form, Home, Panel

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
TITLE = 60
"""Characters of a dialog's title that are seen."""
ROOM = "400px"
"""Height of a form with a long text to edit, which fits into a dialog of any size."""
TALL = 3000
"""Bytes of a card that needs a tall dialog."""
ANY_VISIT = 0
"""What can be tapped on a home means the same at any time."""
NOTHING: Mapping[str, str] = {}


def form_card(  # noqa: PLR0913 - all that can be told about a form
    form: Form,
    language: str,
    recovery: str,
    *,
    nth: int = 0,
    place: str = "",
    faults: Mapping[str, str] = NOTHING,
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
    how = Drawing(
        language, nth, strict=True, faults=faults, given=None if given is None else held(given), colleagues=colleagues
    )
    seen = {one.name for one in form.inputs}
    elsewhere = " ".join(fault for name, fault in faults.items() if name not in seen)
    data = {"recovery": recovery, "form": form.id, "nth": nth} | ({"place": place} if place else {})
    send = execute(FILL, data) if chat else submit(data)
    top = [
        *(_title(form.title) if chat else _in_full(form.title)),
        *lines(notice, **BOLD),
        *(lines(f"{WARNING} {elsewhere}", **LOUD) if elsewhere else []),
        *lines(form.note, **SMALL),
    ]
    inputs = {one.name: input_elements(one, how) for one in form.inputs}
    card = _form(top, inputs, send, form, language)
    for one in sorted(form.inputs, key=lambda one: weight(inputs[one.name]), reverse=True):
        if weight(card) <= MOST or given is not None:  # what somebody typed just now goes before a limit
            break
        inputs[one.name] = lines(say(language, "too_long", label=one.label), **BOLD)
        card = _form(top, inputs, send, form, language)
    return card


def _form(top: list[Json], inputs: dict[str, list[Json]], send: Json, form: Form, language: str) -> Json:
    body = [*top, *chain.from_iterable(inputs.values())]
    tall = {"minHeight": ROOM} if any(part.get("height") == "stretch" for part in body) else {}
    return root(body, language, [titled(send, form.submit, main=True)]) | tall


def panel_card(panel: Panel, language: str, notice: str = "") -> Json:
    """What "More" opens. `notice`: a word about the last tap."""
    top = [*_in_full(panel.title), *lines(notice, **BOLD), *lines(panel.where, **SMALL)]
    taps = Taps(panel.recovery, panel.visit, chat=False)
    room = MOST - weight(root(top, language))
    return root([*top, *rows(panel.groups, taps, language, room, newest_last=True)], language)


def confirm_card(label: str, sure: str, data: Mapping[str, object], language: str) -> Json:
    """Asks back before a tap of the panel counts. `data`: of that tap."""
    meant = {key: value for key, value in data.items() if key not in {"sure", "msteams"}}
    back = meant | {"action": "open:more"}
    actions = [
        titled(submit(meant), say(language, "yes", label=label), main=True),
        titled(submit(back), say(language, "back")),
    ]
    return root(lines(sure, **LARGE), language, actions)


def home_card(home: Home, language: str) -> Json:
    """A person's home, as a message in the chat."""
    top = _title(home.title)
    room = MOST - weight(root(top, language))
    taps = Taps("", ANY_VISIT, chat=True, verb=HOME)
    return root([*top, *rows(home.groups, taps, language, room, newest_last=False)], language)


def notice_card(text: str, language: str, link: tuple[str, str] | None = None) -> Json:
    """A word about what somebody did. `link`: its words and its address."""
    if link is None:
        return root(lines(text), language)
    label, url = link
    opens = {"type": "Action.OpenUrl", "url": url}
    return root(lines(text), language, [titled(opens, label)])


def again_card(text: str, data: Mapping[str, object], language: str) -> Json:
    """A word about a form that could not be taken: what was typed is to be read in it, and goes along with one tap.

    `data`: as it was sent.

    Raises:
        UnreadableCard: it has an input that no form of ours has.

    """
    typed = [parts.get("typed") or parts.get("") or "" for parts in held(data).parts.values()]
    body = [*lines(text), *chain.from_iterable(lines(one, **SMALL) for one in typed)]
    sent = {key: value for key, value in data.items() if key != "msteams"}
    return root(body, language, [titled(submit(sent), say(language, "again"), main=True)])


def task(title: str, card: Json) -> Json:
    """The answer to an invoke that shows this card as a dialog."""
    value = {
        "title": shortened(sound(title), TITLE),
        "height": "large" if weight(card) > TALL else "medium",
        "width": "medium",
        "card": {"contentType": ADAPTIVE, "content": card},
    }
    return {"task": {"type": "continue", "value": value}}


def _title(title: str) -> list[Json]:
    return lines(title, **LARGE)


def _in_full(title: str) -> list[Json]:
    """A title that is too long for its place."""
    return _title(title) if units(title) > TITLE else []
