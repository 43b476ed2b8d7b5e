"""Groups of rows, as a panel and a home show them: one block a row where it can be; what does not fit is counted."""

import json
from collections.abc import Iterator

from adapters.shared.row_fitting import FittedGroup, FittedRow
from adapters.slack.blocks.elements import (
    SlackButtonCodec,
    action_rows,
    button_menu,
    context_blocks,
    full_labels,
    header_blocks,
    section_blocks,
)
from adapters.slack.blocks.mrkdwn import Json
from adapters.slack.blocks.words import say
from flows.screens.elements import Group, Row

MAX_BLOCKS = 95
"""Blocks of all groups. A modal and a home take 100; the others are for what stands above."""

MAX_BYTES = 200_000
"""Bytes of all rows. A view may have 250,000."""


def group_blocks(groups: tuple[Group, ...], taps: SlackButtonCodec, *, newest_last: bool) -> list[Json]:
    """The groups' blocks. The heaviest group gives way: its oldest rows, or else its last ones."""
    drawn = [_fitted_group(group, taps, newest_last=newest_last) for group in groups]
    while sum(map(len, drawn)) > MAX_BLOCKS or sum(group.weight for group in drawn) > MAX_BYTES:
        max(drawn, key=lambda group: group.weight).drop_entry(first=newest_last)
    return [block for group in drawn for block in _blocks_of_group(group, taps.language, newest_last=newest_last)]


def _fitted_group(group: Group, taps: SlackButtonCodec, *, newest_last: bool) -> FittedGroup:
    """A group with no more rows than could be shown if there were no other."""
    near = group.rows[-MAX_BLOCKS:] if newest_last else group.rows[:MAX_BLOCKS]
    return FittedGroup(
        header_blocks(group.title), [_fitted_row(row, taps) for row in near], len(group.rows) - len(near)
    )


def _blocks_of_group(group: FittedGroup, language: str, *, newest_last: bool) -> Iterator[Json]:
    told = context_blocks(
        say(language, "hidden_earlier" if newest_last else "hidden_later", count=str(group.hidden_count))
    )
    yield from group.title
    yield from told if group.hidden_count and newest_last else []
    for row in group.rows:
        yield from row.blocks
    yield from told if group.hidden_count and not newest_last else []


def _fitted_row(row: Row, taps: SlackButtonCodec) -> FittedRow:
    taps = SlackButtonCodec(row.recovery_id or taps.recovery_id, taps.card_revision, taps.language)
    text = section_blocks(row.text)
    beside = button_menu(row.buttons, taps) if text else None
    if beside is None:
        blocks = [*text, *action_rows(row.buttons, taps)]
    else:
        text[0]["accessory"] = beside
        blocks = [*text, *full_labels(row.buttons)]
    weight = len(json.dumps(blocks, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return FittedRow(blocks, weight, must_stay=not (text and row.buttons))
