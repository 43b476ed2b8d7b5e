"""Groups of rows, as a panel and a home show them. Few rows have real buttons, for Teams shows only six at once.

Instead, lines and parts of lines can be tapped. Rows that do not fit are counted.
"""

from dataclasses import replace
from itertools import chain

from adapters.shared.row_fitting import FittedGroup, FittedRow, RowFitting
from adapters.shared.text_splitting import shorten, utf16_length
from adapters.teams.cards.elements import (
    BOLD,
    SMALL,
    TeamsButtonCodec,
    json_bytes,
    line,
    lines,
    run,
    with_title,
    word_column,
)
from adapters.teams.cards.markup import Json
from adapters.teams.cards.words import say
from flows.screens.elements import Button, ButtonKind, Group, Row

TEXT_LIMITS = (1000, 300)
"""Characters of each row's text, where all of them together would be too long."""

LINE_CHARACTERS, BESIDE_CHARACTERS = 36, 24
"""Characters of buttons that fit beside one another on a phone, and beside a text."""

HALF_LINE_CHARACTERS = 30
"""Characters of a button that has half of a line; on a phone they take two lines there."""

BUTTON_PADDING_CHARACTERS = 3
"""Characters that the padding of a button takes."""

MAX_MAIN_BUTTONS = 3
"""Real buttons in a row: only its most important ones."""


CURRENT_MARK = "◉"
"""Marks the step at which the recovery is, as the guide does."""


def group_elements(
    groups: tuple[Group, ...], taps: TeamsButtonCodec, language: str, max_bytes: int, *, newest_last: bool
) -> list[Json]:
    """The groups' blocks, of at most `most` bytes.

    Long texts are shortened first; then rows of the heaviest group are left out: see `RowFitting`.
    """
    fitting = RowFitting(say, language, _count_blocks, newest_last)
    blocks = fitting.blocks(_fitted_groups(groups, taps))
    if json_bytes(blocks) <= max_bytes:
        return blocks
    for max_characters in TEXT_LIMITS:
        short_groups = tuple(_shorten_rows(group, max_characters) for group in groups)
        note = lines(say(language, "shortened_list"), **SMALL) if short_groups != groups else []
        blocks = [*fitting.blocks(_fitted_groups(short_groups, taps)), *note]
        if json_bytes(blocks) <= max_bytes:
            return blocks
    return [*_fitting_blocks(_fitted_groups(short_groups, taps), fitting, max_bytes - json_bytes(note)), *note]


def _shorten_rows(group: Group, max_characters: int) -> Group:
    return replace(group, rows=tuple(replace(row, text=shorten(row.text, max_characters)) for row in group.rows))


def _fitting_blocks(groups: list[FittedGroup], fitting: RowFitting, max_bytes: int) -> list[Json]:
    """The groups' blocks, of at most `most` bytes if that can be done by leaving rows out."""
    blocks = fitting.blocks(groups)
    while (surplus := json_bytes(blocks) - max_bytes) > 0 and any(group.rows for group in groups):
        while surplus > 0 and any(group.rows for group in groups):  # the blocks are made again only after many rows
            surplus -= fitting.leave_one_out(groups)
        blocks = fitting.blocks(groups)
    return blocks


def _count_blocks(text: str) -> list[Json]:
    return lines(text, **SMALL)


def _fitted_groups(groups: tuple[Group, ...], taps: TeamsButtonCodec) -> list[FittedGroup]:
    return [_fitted_group(group, taps) for group in groups]


def _fitted_group(group: Group, taps: TeamsButtonCodec) -> FittedGroup:
    title = lines(group.title, spacing="medium", **BOLD)
    if title:
        title[0] |= {"separator": True}
    return FittedGroup(title, [_fitted_row(row, taps) for row in group.rows])


def _fitted_row(row: Row, taps: TeamsButtonCodec) -> FittedRow:
    row_taps = replace(taps, recovery_id=row.recovery_id or taps.recovery_id)
    thread_link = taps.thread_links.get(row.place, "") if row.place else ""
    text = lines(row.text, spacing="small")
    buttons = [button for button in row.buttons if button.kind is not ButtonKind.OPENS_THREAD or thread_link]
    main = [button for button in buttons if button.is_main][:MAX_MAIN_BUTTONS] if not text else []
    others = [button for button in buttons if button not in main]
    row_taps = replace(row_taps, thread_link=thread_link)
    blocks = _text_with_buttons(text, others, row_taps)
    if main:
        actions = [with_title(row_taps.action(button), button.label, is_main=True) for button in main]
        blocks = [{"type": "ActionSet", "actions": actions}, *blocks]
    return FittedRow(blocks, json_bytes(blocks), must_stay=row.must_stay or not (text and row.buttons))


def _text_with_buttons(text: list[Json], buttons: list[Button], taps: TeamsButtonCodec) -> list[Json]:
    """A text with a short button beside it, or with its buttons below."""
    width = sum(utf16_length(button.label) + BUTTON_PADDING_CHARACTERS for button in buttons)
    columns = [_column(button, taps) for button in buttons]
    if text and 0 < width <= BESIDE_CHARACTERS:
        text_column = {"type": "Column", "width": "stretch", "items": text, "verticalContentAlignment": "center"}
        words = [word_column(button, taps) for button in buttons]
        return [{"type": "ColumnSet", "columns": [text_column, *words], "spacing": "small"}]
    if len(buttons) > 1 and width <= LINE_CHARACTERS:
        return [*text, {"type": "ColumnSet", "columns": columns, "spacing": "small"}]
    pairs = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
    return [*text, *chain.from_iterable(_pair(pair, taps) for pair in pairs)]


def _pair(buttons: list[Button], taps: TeamsButtonCodec) -> list[Json]:
    """Two buttons of the same width side by side, for long lists must be scrolled; long labels have their own lines."""
    if len(buttons) == 1 or max(utf16_length(button.label) for button in buttons) > HALF_LINE_CHARACTERS:
        return [_line(button, taps) for button in buttons]
    columns = [_column(button, taps) | {"width": "stretch"} for button in buttons]
    return [{"type": "ColumnSet", "columns": columns, "spacing": "small"}]


def _column(button: Button, taps: TeamsButtonCodec) -> Json:
    return _tap_target(button, taps) | {"type": "Column", "width": "auto"}


def _line(button: Button, taps: TeamsButtonCodec) -> Json:
    return _tap_target(button, taps) | {"type": "Container", "spacing": "small"}


def _tap_target(button: Button, taps: TeamsButtonCodec) -> Json:
    """A label on a coloured background, large enough for a finger."""
    label = f"{CURRENT_MARK} {button.label}" if button.is_current else button.label
    words = line(run(label, color="accent", **(BOLD if button.is_current else {})))
    return {"style": "emphasis", "selectAction": taps.action(button), "items": [words]}
