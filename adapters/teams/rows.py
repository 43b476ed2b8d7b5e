"""Groups of rows, as a panel and a home show them. No row has a real button, for Teams shows six of them at once.

Instead one taps on a line or on a part of it. What does not fit is counted.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from adapters.groups import DrawnGroup, DrawnRow
from adapters.pieces import shortened, units
from adapters.teams.kit import BOLD, SMALL, Taps, line, lines, run, titled, weight
from adapters.teams.text import Json
from adapters.teams.words import say
from flows.cards import Button, Group, Row

CAPS = (1000, 300)
"""Characters of each row's text, where all of them together would be too long."""

IN_LINE, BESIDE = 36, 18
"""Characters of buttons that fit beside one another on a phone, and beside a text."""

HALF = 30
"""Characters of a button that has half of a line; on a phone they take two lines there."""

GAP = 3
"""Characters that the ground around a button's words takes."""

MOST_MAIN = 3
"""Real buttons: those that people come for."""


def rows(groups: tuple[Group, ...], taps: Taps, language: str, most: int, *, newest_last: bool) -> list[Json]:
    """The groups' blocks, of at most so many bytes.

    Long texts give way first, then the heaviest group: its oldest rows, or else its last ones.
    """
    drawn = _all(groups, taps, language, newest_last=newest_last)
    if weight(drawn) <= most:
        return drawn
    told = lines(say(language, "shortened_list"), **SMALL)
    for cap in CAPS:
        short = tuple(replace(group, rows=tuple(_brief(row, cap) for row in group.rows)) for group in groups)
        note = told if short != groups else []
        drawn = [*_all(short, taps, language, newest_last=newest_last), *note]
        if weight(drawn) <= most:
            return drawn
    return [*_fewer(short, taps, language, most - weight(note), newest_last=newest_last), *note]


def _brief(row: Row, most: int) -> Row:
    return replace(row, text=shortened(row.text, most))


def _all(groups: tuple[Group, ...], taps: Taps, language: str, *, newest_last: bool) -> list[Json]:
    drawn = [_drawn(group, taps) for group in groups]
    return [block for group in drawn for block in _blocks(group, language, newest_last=newest_last)]


def _fewer(groups: tuple[Group, ...], taps: Taps, language: str, most: int, *, newest_last: bool) -> list[Json]:
    drawn = [_drawn(group, taps) for group in groups]
    # Ever so many rows can be left out before the words about it are written.
    while (total := [b for group in drawn for b in _blocks(group, language, newest_last=newest_last)]) and (
        over := weight(total) - most
    ) > 0:
        while over > 0 and any(group.rows for group in drawn):
            before = sum(group.weight for group in drawn)
            max(drawn, key=lambda group: (bool(group.entries), group.weight)).shed(first=newest_last)
            over -= before - sum(group.weight for group in drawn)
        if not any(group.rows for group in drawn):
            break
    return total


def _drawn(group: Group, taps: Taps) -> DrawnGroup:
    title = lines(group.title, spacing="medium", **BOLD)
    if title:
        title[0] |= {"separator": True}
    return DrawnGroup(title, [_row(row, taps) for row in group.rows])


def _blocks(group: DrawnGroup, language: str, *, newest_last: bool) -> Iterator[Json]:
    told = lines(say(language, "earlier" if newest_last else "later", count=str(group.hidden)), **SMALL)
    yield from group.title
    yield from told if group.hidden and newest_last else []
    for row in group.rows:
        yield from row.blocks
    yield from told if group.hidden and not newest_last else []


def _row(row: Row, taps: Taps) -> DrawnRow:
    own = replace(taps, recovery=row.recovery or taps.recovery)
    text = lines(row.text, spacing="small")
    main = [button for button in row.buttons if button.main][:MOST_MAIN] if not text else []
    others = [button for button in row.buttons if button not in main]
    blocks = _worded(text, others, own)
    if main:
        shown = [titled(own.act(button), button.label, main=True) for button in main]
        blocks = [{"type": "ActionSet", "actions": shown}, *blocks]
    return DrawnRow(blocks, weight(blocks), stays=not (text and row.buttons))


def _worded(text: list[Json], buttons: list[Button], taps: Taps) -> list[Json]:
    """A text, with its one button beside it or its buttons below."""
    room = sum(units(button.label) + GAP for button in buttons)
    columns = [_column(button, taps) for button in buttons]
    if text and 0 < room <= BESIDE:
        words = {"type": "Column", "width": "stretch", "items": text, "verticalContentAlignment": "center"}
        return [{"type": "ColumnSet", "columns": [words, *columns], "spacing": "small"}]
    if len(buttons) > 1 and room <= IN_LINE:
        return [*text, {"type": "ColumnSet", "columns": columns, "spacing": "small"}]
    pairs = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
    return [*text, *chain.from_iterable(_pair(pair, taps) for pair in pairs)]


def _pair(buttons: list[Button], taps: Taps) -> list[Json]:
    """Two of the same width beside each other, for long lists are long to scroll; long words have a line each."""
    if len(buttons) == 1 or max(units(button.label) for button in buttons) > HALF:
        return [_line(button, taps) for button in buttons]
    columns = [_column(button, taps) | {"width": "stretch"} for button in buttons]
    return [{"type": "ColumnSet", "columns": columns, "spacing": "small"}]


def _column(button: Button, taps: Taps) -> Json:
    return _tappable(button, taps) | {"type": "Column", "width": "auto"}


def _line(button: Button, taps: Taps) -> Json:
    return _tappable(button, taps) | {"type": "Container", "spacing": "small"}


def _tappable(button: Button, taps: Taps) -> Json:
    """Words on a ground of their own, as large as a finger."""
    words = line(run(button.label, color="accent"))
    return {"style": "emphasis", "selectAction": taps.act(button), "items": [words]}
