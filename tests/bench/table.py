"""The rows as plain text, in columns."""

from collections.abc import Sequence

from tests.bench.row import Row

_MET = {None: "", True: "yes", False: "NO"}
_HEADINGS = ("name", "value", "against", "ratio", "goal", "met")


def table(rows: Sequence[Row]) -> str:
    """All rows under their headings."""
    lines = [_HEADINGS, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f} x"
    goal = "" if row.goal is None else str(row.goal)
    return row.name, f"{_digits(row.value)} {row.unit}", row.against, ratio, goal, _MET[row.met]


def _digits(value: float) -> str:
    """Three digits that mean something; whole numbers from a hundred on."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
