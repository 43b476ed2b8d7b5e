"""An edited summary takes in what is new in the record, and keeps what the responder wrote or deleted."""

from flows.state.summaries import Draft
from flows.wording.document import Document


def merge_parts(draft: Draft, document: Document) -> str:
    """The responder's wording, with the changes between the summary that they edited and the one of now (`document`).

    - A part that is new is inserted at its place.
    - A part that says something else now is replaced where it stands as it was; else the responder's words stay.
    - A part that is no more is removed where it stands as it was.
    - What the responder deleted stays deleted.
    """
    lines = draft.text.split("\n")
    original_text_by_key = dict(draft.original_parts)
    keys = {block.key for block in document.blocks}
    for part in draft.original_parts:
        if part.key not in keys:
            lines = _without(lines, part.text.split("\n"))
    end_of_last_part = -1
    for block in document.blocks:
        text = block.plain_text.split("\n")
        original_text = original_text_by_key.get(block.key)
        if original_text is None:
            lines, end_of_last_part = _with_new_part(lines, text, end_of_last_part, block.empty_lines_above)
            continue
        position = _position(lines, original_text.split("\n"), end_of_last_part)
        if position is not None:
            lines[position : position + original_text.count("\n") + 1] = text
            end_of_last_part = position + len(text)
    return "\n".join(lines)


def _position(lines: list[str], part: list[str], start: int) -> int | None:
    """Where these lines stand together, from `start` on if possible; None if they stand nowhere."""
    positions = [i for i in range(len(lines) - len(part) + 1) if lines[i : i + len(part)] == part]
    return next((i for i in positions if i >= start), positions[0] if positions else None)


def _without(lines: list[str], part: list[str]) -> list[str]:
    """The lines without this part, and without the empty line that it leaves beside another one."""
    position = _position(lines, part, 0)
    if position is None:
        return lines
    before, after = lines[:position], lines[position + len(part) :]
    is_left_empty = (not before or not before[-1]) and (not after or not after[0])
    if is_left_empty and before:
        before.pop()
    elif is_left_empty and after:
        after.pop(0)
    return before + after


def _with_new_part(lines: list[str], part: list[str], end_of_last_part: int, empty_lines: int) -> tuple[list[str], int]:
    """The lines with a new part behind the one before it; at the end if none of those before it is there."""
    position = end_of_last_part if end_of_last_part >= 0 else len(lines)
    above = [""] * empty_lines if position and lines[position - 1] else []
    new_lines = [*lines[:position], *above, *part, *lines[position:]]
    end = position + len(above) + len(part)
    if end < len(new_lines) and new_lines[end] and empty_lines:
        new_lines.insert(end, "")
    return new_lines, end
