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
    goal: str
    met: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `against` is what `ratio` compares it with; both are empty for a figure that stands alone."""

    name: str
    value: float
    unit: str
    goal: Goal
    against: str = ""
    ratio: float | None = None

    @property
    def met(self) -> bool:
        """Whether the goal is reached, by the ratio if there is one."""
        return self.goal.met(self.value if self.ratio is None else self.ratio)

    def json(self) -> RowJson:
        """The row as JSON types, rounded to what can be told apart."""
        ratio = None if self.ratio is None else round(self.ratio, 2)
        found: RowJson = {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "against": self.against,
            "ratio": ratio,
            "goal": str(self.goal),
            "met": self.met,
        }
        return found
