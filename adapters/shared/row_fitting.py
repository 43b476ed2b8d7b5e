"""Groups of rows in a panel or home. Where a platform takes no more, some rows are left out, and a text counts them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.shared.i18n import MessageCatalog

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class FittedRow:
    """A row's blocks. `weight`: their bytes. `must_stay`: text or buttons alone, which is left out last."""

    blocks: list[Json]
    weight: int
    must_stay: bool


@dataclass(slots=True)
class FittedGroup:
    """A group of rows. `hidden_count`: how many of its rows are left out."""

    title: list[Json]
    rows: list[FittedRow] = field(default_factory=list)
    hidden_count: int = 0

    def __len__(self) -> int:
        """How many blocks it takes, with the text that counts what is left out."""
        return len(self.title) + sum(len(row.blocks) for row in self.rows) + bool(self.hidden_count)

    @property
    def weight(self) -> int:
        """Bytes of all rows."""
        return sum(row.weight for row in self.rows)

    @property
    def entries(self) -> list[FittedRow]:
        """The rows that are left out before others are."""
        return [row for row in self.rows if not row.must_stay]


@dataclass(frozen=True, slots=True)
class RowFitting:
    """How a platform shows groups. `text_blocks`: draws the text that counts what is left out.

    `newest_last`: then the oldest rows are left out, and are counted above the others; otherwise the last ones, below.
    """

    say: MessageCatalog
    language: str
    text_blocks: Callable[[str], list[Json]]
    newest_last: bool

    def leave_one_out(self, groups: Sequence[FittedGroup]) -> int:
        """Leave a row out of the heaviest group that has entries; how many bytes that saves. One group has a row."""
        group = max(groups, key=lambda group: (bool(group.entries), group.weight))
        row = (group.entries or group.rows)[0 if self.newest_last else -1]
        group.rows.remove(row)
        group.hidden_count += 1
        return row.weight

    def blocks(self, groups: Sequence[FittedGroup]) -> list[Json]:
        """The blocks of all groups."""
        return [block for group in groups for block in self._group_blocks(group)]

    def _group_blocks(self, group: FittedGroup) -> Iterator[Json]:
        count = self._count_blocks(group.hidden_count) if group.hidden_count else []
        yield from group.title
        yield from count if self.newest_last else []
        for row in group.rows:
            yield from row.blocks
        yield from [] if self.newest_last else count

    def _count_blocks(self, hidden_count: int) -> list[Json]:
        key = "hidden_earlier" if self.newest_last else "hidden_later"
        return self.text_blocks(self.say(self.language, key, count=str(hidden_count)))
