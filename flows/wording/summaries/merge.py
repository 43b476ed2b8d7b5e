"""An edited summary takes in what is new in the record, and keeps what the responder wrote or deleted."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flows.state.summaries import Draft
from flows.wording.document import Document, TextBlock

PartKey = tuple[str, int]
"""The key of a part, and how many parts with the same key stand before it."""


@dataclass(slots=True)
class _Passage:
    """Lines of an edited text: a part of the summary as it was made from the record (`key`), or one other line."""

    lines: list[str]
    key: PartKey | None = None

    @property
    def is_blank(self) -> bool:
        """Whether there is no word in it."""
        return not any(line.strip() for line in self.lines)


def merge_parts(draft: Draft, document: Document) -> str:
    """The responder's wording, with the changes between the summary that they edited and the one of now (`document`).

    - A part that is new is inserted at its place: behind the part before it, or else before the part behind it.
    - A part that says something else now is replaced where it stands as it was; else the responder's words stay.
    - A part that is no more is removed where it stands as it was.
    - What the responder deleted stays deleted.
    """
    keys = _numbered(block.key for block in document.blocks)
    blocks = dict(zip(keys, document.blocks, strict=True))
    original_keys = _numbered(part.key for part in draft.original_parts)
    original_texts = {key: part.text for key, part in zip(original_keys, draft.original_parts, strict=True)}
    passages = _passages(draft.text.split("\n"), original_texts)
    for passage in [one for one in passages if one.key is not None and one.key not in blocks]:
        _remove(passages, passage)
    for passage in passages:
        if passage.key is not None and blocks[passage.key].plain_text != original_texts[passage.key]:
            passage.lines = blocks[passage.key].plain_text.split("\n")
    for number, key in enumerate(keys):
        if key not in original_texts:
            _insert(passages, key, blocks, keys[:number], keys[number + 1 :])
    return "\n".join(line for passage in passages for line in passage.lines)


def _numbered(keys: Iterable[str]) -> list[PartKey]:
    counts: Counter[str] = Counter()
    numbered_keys = []
    for key in keys:
        numbered_keys.append((key, counts[key]))
        counts[key] += 1
    return numbered_keys


def _passages(lines: list[str], texts: dict[PartKey, str]) -> list[_Passage]:
    """The lines as passages: each part where it stands as it was, if it does. Blanks within a line do not count."""
    plain_lines = _plain(lines)
    lines_with: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(plain_lines):
        lines_with[line].append(number)
    spans: dict[int, tuple[PartKey, int]] = {}
    taken: set[int] = set()
    end_of_last_part = 0
    for key, text in texts.items():
        part = _plain(text.split("\n"))
        starts = [
            start
            for start in lines_with[part[0]]
            if plain_lines[start : start + len(part)] == part and taken.isdisjoint(range(start, start + len(part)))
        ]
        if starts and any(part):
            start = next((start for start in starts if start >= end_of_last_part), starts[0])
            end_of_last_part = start + len(part)
            spans[start] = key, end_of_last_part
            taken.update(range(start, end_of_last_part))
    passages, position = [], 0
    while position < len(lines):
        key_here, end = spans.get(position, (None, position + 1))
        passages.append(_Passage(lines[position:end], key_here))
        position = end
    return passages


def _plain(lines: list[str]) -> list[str]:
    return [" ".join(line.split()) for line in lines]


def _remove(passages: list[_Passage], passage: _Passage) -> None:
    """Take out a passage, and the empty line that it leaves beside another one or at an end of the text."""
    at = passages.index(passage)
    del passages[at]
    is_blank_before = at == 0 or passages[at - 1].is_blank
    is_blank_behind = at == len(passages) or passages[at].is_blank
    if passages and is_blank_before and is_blank_behind:
        del passages[at - 1 if at else 0]


def _insert(
    passages: list[_Passage],
    key: PartKey,
    blocks: dict[PartKey, TextBlock],
    keys_before: list[PartKey],
    keys_behind: list[PartKey],
) -> None:
    """Put a new part in: behind the nearest part before it that stands there, else before the nearest one behind it."""
    block = blocks[key]
    position_by_key = {passage.key: number for number, passage in enumerate(passages) if passage.key is not None}
    before = next((position_by_key[one] for one in reversed(keys_before) if one in position_by_key), None)
    behind = next((position_by_key[one] for one in keys_behind if one in position_by_key), None)
    at = before + 1 if before is not None else behind if behind is not None else len(passages)
    new_passages = [_Passage(block.plain_text.split("\n"), key)]
    if at and not passages[at - 1].is_blank:
        new_passages = _blank_passages(block.empty_lines_above) + new_passages
    if at < len(passages) and not passages[at].is_blank:
        key_behind = passages[at].key
        block_behind = block if key_behind is None else blocks[key_behind]
        new_passages += _blank_passages(block_behind.empty_lines_above)
    passages[at:at] = new_passages


def _blank_passages(count: int) -> list[_Passage]:
    return [_Passage([""]) for _ in range(count)]
