"""Groups of rows as a platform shows them: where it takes no more, the oldest or the last give way and are counted."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class FittedRow:
    """A row's blocks, and their bytes. `stays`: it is words alone or buttons alone, and no entry."""

    blocks: list[Json]
    weight: int
    must_stay: bool


@dataclass(slots=True)
class FittedGroup:
    """A group, with how many of its rows were left out."""

    title: list[Json]
    rows: list[FittedRow] = field(default_factory=list)
    hidden_count: int = 0

    def __len__(self) -> int:
        return len(self.title) + sum(len(row.blocks) for row in self.rows) + bool(self.hidden_count)

    @property
    def weight(self) -> int:
        """Bytes of all rows."""
        return sum(row.weight for row in self.rows)

    @property
    def entries(self) -> list[FittedRow]:
        """The rows that may give way before others do."""
        return [row for row in self.rows if not row.must_stay]

    def drop_entry(self, *, first: bool) -> None:
        """Leave out the first or the last entry."""
        self.rows.remove((self.entries or self.rows)[0 if first else -1])
        self.hidden_count += 1
