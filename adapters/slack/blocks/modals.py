"""Forms and panels as modals."""

from collections.abc import Callable

from adapters.slack.blocks.elements import SlackButtonCodec, context_blocks, header_blocks, section_blocks, with_ids
from adapters.slack.blocks.inputs import input_blocks
from adapters.slack.blocks.limits import size
from adapters.slack.blocks.mrkdwn import Json, plain_text
from adapters.slack.blocks.rows import group_blocks
from adapters.slack.blocks.words import say
from flows.screens.elements import Panel
from flows.screens.inputs import Form

FORM_CALLBACK, PANEL_CALLBACK, NOTE_CALLBACK = "form", "panel", "note"
"""Callback ids."""

MAX_TITLE_CHARACTERS = 24
"""Characters of a modal's title and of its buttons."""

SignMetadata = Callable[[Json], str]
"""Signs what travels with a modal and comes back."""


def form_view(form: Form, recovery: str, language: str, sign: SignMetadata, *, nth: int = 0) -> Json:
    """A form. `nth`: how often it was shown in a row, so that it comes up empty again."""
    inputs = _blocks_of(form, nth, language, is_secondary=False)
    if secondary_inputs := _blocks_of(form, nth, language, is_secondary=True):
        inputs += [{"type": "divider"}, *secondary_inputs]
    close = say(language, "done" if form.may_repeat else "cancel")
    metadata: Json = {"recovery": recovery, "form": form.id, "nth": nth}
    is_label = any(field.label == form.title for field in form.inputs)
    top = [] if is_label else _in_full(form.title)
    note_title = say(language, "note_title")
    title = note_title if is_label else _short_title(form.title, note_title)
    view = _view(FORM_CALLBACK, title, close, [*top, *context_blocks(form.note), *inputs])
    return view | {"submit": plain_text(form.submit_label, MAX_TITLE_CHARACTERS), "private_metadata": sign(metadata)}


def panel_view(panel: Panel, language: str, sign: SignMetadata) -> Json:
    """What "More" opens."""
    groups = group_blocks(
        panel.groups, SlackButtonCodec(panel.recovery_id, panel.card_revision, language), newest_last=True
    )
    short_title = say(language, "more_title")
    title = _short_title(panel.title, short_title)
    full_title = _in_full(panel.title) and header_blocks(panel.title.removeprefix(f"{short_title} · "))
    top = [*full_title, *context_blocks(panel.position)]
    view = _view(PANEL_CALLBACK, title, say(language, "close"), [*top, *groups])
    return view | {"private_metadata": sign({"recovery": panel.recovery_id})}


def note_view(title: str, text: str, language: str) -> Json:
    """Something to read."""
    short_title = _short_title(title, say(language, "app_title"))
    return _view(NOTE_CALLBACK, short_title, say(language, "close"), [*_in_full(title), *section_blocks(text)])


def notice_view(text: str, language: str) -> Json:
    """A word about what somebody did."""
    return note_view(say(language, "app_title"), text, language)


def _view(callback: str, title: str, close: str, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain_text(title, MAX_TITLE_CHARACTERS),
        "close": plain_text(close, MAX_TITLE_CHARACTERS),
        "blocks": with_ids(blocks, callback),
    }


def _blocks_of(form: Form, nth: int, language: str, *, is_secondary: bool) -> list[Json]:
    """The blocks of the inputs that are, or are not, seldom needed."""
    inputs = (field for field in form.inputs if field.is_secondary is is_secondary)
    return [block for field in inputs for block in input_blocks(field, nth, language)]


def _short_title(title: str, short: str) -> str:
    """The title of a modal. One that Slack would cut stands in the modal instead, in full, and a short one above."""
    return title if size(title) <= MAX_TITLE_CHARACTERS else short


def _in_full(title: str) -> list[Json]:
    """A title that is too long for its place."""
    return header_blocks(title) if size(title) > MAX_TITLE_CHARACTERS else []
