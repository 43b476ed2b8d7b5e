"""Groups of rows, as a panel and a home show them: one block a row where it can be; what does not fit is counted."""

import json
from dataclasses import replace

from adapters.shared.row_fitting import FittedGroup, FittedRow, RowFitting
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


def group_blocks(groups: tuple[Group, ...], codec: SlackButtonCodec, *, newest_last: bool) -> list[Json]:
    """The groups' blocks. Where they are too many, rows of the heaviest group are left out: see `RowFitting`."""
    fitting = RowFitting(say, codec.language, context_blocks, newest_last)
    fitted_groups = [_fitted_group(group, codec, newest_last=newest_last) for group in groups]
    while sum(map(len, fitted_groups)) > MAX_BLOCKS or sum(group.weight for group in fitted_groups) > MAX_BYTES:
        fitting.leave_one_out(fitted_groups)
    return fitting.blocks(fitted_groups)


def _fitted_group(group: Group, codec: SlackButtonCodec, *, newest_last: bool) -> FittedGroup:
    """A group with no more rows than could be shown if there were no other."""
    entries = [row for row in group.rows if not _must_stay(row)]
    hidden_count = max(len(entries) - MAX_BLOCKS, 0)
    hidden_rows = entries[:hidden_count] if newest_last else entries[len(entries) - hidden_count :]
    hidden_ids = set(map(id, hidden_rows))
    near = [row for row in group.rows if id(row) not in hidden_ids]
    return FittedGroup(header_blocks(group.title), [_fitted_row(row, codec) for row in near], hidden_count)


def _must_stay(row: Row) -> bool:
    """Whether other rows are left out first: text or buttons alone are no entry of a list."""
    return row.must_stay or not (row.text.strip() and row.buttons)


def _fitted_row(row: Row, codec: SlackButtonCodec) -> FittedRow:
    codec = replace(codec, recovery_id=row.recovery_id or codec.recovery_id)
    buttons = codec.usable(row.buttons)
    text = section_blocks(row.text)
    beside = button_menu(buttons, codec) if text else None
    if beside is None:
        blocks = [*text, *action_rows(buttons, codec)]
    else:
        text[0]["accessory"] = beside
        blocks = [*text, *full_labels(buttons)]
    weight = len(json.dumps(blocks, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return FittedRow(blocks, weight, must_stay=_must_stay(row))
