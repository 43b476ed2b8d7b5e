"""The rows as plain text, in columns."""

from collections.abc import Sequence

from tests.bench.row import Row

_HEADINGS = ("name", "value", "against", "ratio", "goal", "met")


def table(rows: Sequence[Row]) -> str:
    """All rows under their headings."""
    lines = [_HEADINGS, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f} x"
    return row.name, f"{row.value:.3g} {row.unit}", row.against, ratio, str(row.goal), "yes" if row.met else "NO"
