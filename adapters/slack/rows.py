"""Groups of rows, as a panel and a home show them: one block a row where it can be; what does not fit is counted."""

import json
from collections.abc import Iterator

from adapters.groups import DrawnGroup, DrawnRow
from adapters.slack.kit import Taps, actions, contexts, header, in_full, menu, sections
from adapters.slack.text import Json
from adapters.slack.words import say
from flows.cards import Group, Row

MOST = 95
"""Blocks of all groups. A modal and a home take 100; the others are for what stands above."""

HEAVIEST = 200_000
"""Bytes of all rows. A view may have 250,000."""


def rows(groups: tuple[Group, ...], taps: Taps, *, newest_last: bool) -> list[Json]:
    """The groups' blocks. The heaviest group gives way: its oldest rows, or else its last ones."""
    drawn = [_drawn(group, taps, newest_last=newest_last) for group in groups]
    while sum(map(len, drawn)) > MOST or sum(group.weight for group in drawn) > HEAVIEST:
        max(drawn, key=lambda group: group.weight).shed(first=newest_last)
    return [block for group in drawn for block in _blocks(group, taps.language, newest_last=newest_last)]


def _drawn(group: Group, taps: Taps, *, newest_last: bool) -> DrawnGroup:
    """A group with no more rows than could be shown if there were no other."""
    near = group.rows[-MOST:] if newest_last else group.rows[:MOST]
    return DrawnGroup(header(group.title), [_row(row, taps) for row in near], len(group.rows) - len(near))


def _blocks(group: DrawnGroup, language: str, *, newest_last: bool) -> Iterator[Json]:
    told = contexts(say(language, "earlier" if newest_last else "later", count=str(group.hidden)))
    yield from group.title
    yield from told if group.hidden and newest_last else []
    for row in group.rows:
        yield from row.blocks
    yield from told if group.hidden and not newest_last else []


def _row(row: Row, taps: Taps) -> DrawnRow:
    taps = Taps(row.recovery or taps.recovery, taps.visit, taps.language)
    text = sections(row.text)
    beside = menu(row.buttons, taps) if text else None
    if beside is None:
        blocks = [*text, *actions(row.buttons, taps)]
    else:
        text[0]["accessory"] = beside
        blocks = [*text, *in_full(row.buttons)]
    weight = len(json.dumps(blocks, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return DrawnRow(blocks, weight, stays=not (text and row.buttons))
