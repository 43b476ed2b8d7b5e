"""Forms and panels as modals."""

from collections.abc import Callable

from adapters.slack.inputs import input_blocks
from adapters.slack.kit import Taps, contexts, header, named, sections
from adapters.slack.pieces import size
from adapters.slack.rows import rows
from adapters.slack.text import Json, plain
from adapters.slack.words import say
from flows.cards import Form, Panel

FORM, PANEL, NOTE = "form", "panel", "note"
"""Callback ids."""

TITLE = 24
"""Characters of a modal's title and of its buttons."""

Seal = Callable[[Json], str]
"""Signs what travels with a modal and comes back."""


def form_view(form: Form, recovery: str, language: str, seal: Seal, *, nth: int = 0) -> Json:
    """A form. `nth`: how often it was shown in a row, so that it comes up empty again."""
    inputs = [block for field in form.inputs for block in input_blocks(field, nth, language)]
    close = say(language, "done" if form.again else "cancel")
    meaning: Json = {"recovery": recovery, "form": form.id, "nth": nth}
    top = [] if any(field.label == form.title for field in form.inputs) else _in_full(form.title)
    view = _view(FORM, form.title, close, [*top, *contexts(form.note), *inputs])
    return view | {"submit": plain(form.submit, TITLE), "private_metadata": seal(meaning)}


def panel_view(panel: Panel, language: str, seal: Seal) -> Json:
    """What "More" opens."""
    groups = rows(panel.groups, Taps(panel.recovery, panel.visit, language), newest_last=True)
    top = [*_in_full(panel.title), *contexts(panel.where)]
    view = _view(PANEL, panel.title, say(language, "close"), [*top, *groups])
    return view | {"private_metadata": seal({"recovery": panel.recovery})}


def note_view(title: str, text: str, language: str) -> Json:
    """Something to read."""
    return _view(NOTE, title, say(language, "close"), [*_in_full(title), *sections(text)])


def notice_view(text: str, language: str) -> Json:
    """A word about what somebody did."""
    return note_view(say(language, "note_title"), text, language)


def _view(callback: str, title: str, close: str, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, TITLE),
        "close": plain(close, TITLE),
        "blocks": named(blocks, callback),
    }


def _in_full(title: str) -> list[Json]:
    """A title that is too long for its place."""
    return header(title) if size(title) > TITLE else []
