"""One line of the result: a figure, what it stands against, and the goal."""

from dataclasses import dataclass
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class Goal:
    """At most (`<=`) or at least (`>=`) so much: of the value, or of the ratio where the unit is `x`."""

    sign: str
    limit: float
    unit: str

    def met(self, figure: float) -> bool:
        """Whether this figure reaches the goal."""
        return figure <= self.limit if self.sign == "<=" else figure >= self.limit

    def __str__(self) -> str:
        """As the table shows it."""
        return f"{self.sign} {self.limit:g} {self.unit}"


class RowJson(TypedDict):
    """A row in `build/bench.json`."""

    name: str
    value: float
    unit: str
    against: str
    ratio: float | None
    goal: str | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. Without a goal it is there to compare others with.

    `against` is what `ratio` compares it with, or how it came about; both are empty for a figure that stands alone.
    """

    name: str
    value: float
    unit: str
    goal: Goal | None = None
    against: str = ""
    ratio: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached, by the ratio if there is one; None where there is no goal."""
        if self.goal is None:
            return None
        return self.goal.met(self.value if self.ratio is None else self.ratio)

    def json(self) -> RowJson:
        """The row as JSON types, rounded to what can be told apart."""
        ratio = None if self.ratio is None else round(self.ratio, 2)
        row: RowJson = {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "against": self.against,
            "ratio": ratio,
            "goal": None if self.goal is None else str(self.goal),
            "met": self.met,
        }
        return row
