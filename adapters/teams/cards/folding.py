"""What is seldom needed folds: a tap on its label shows it, without a request."""

from dataclasses import dataclass

from adapters.teams.cards.elements import TARGET_HEIGHT, line, run, toggle
from adapters.teams.cards.markup import Json

FOLD_MARK = "▾"
SECONDARY_LABEL = "…"
"""The label of questions that seldom have another answer than the usual one."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Elements behind a label. `id`: no other element of the card has it. `is_open`: they are in view at first."""

    id: str
    label: str
    elements: list[Json]
    is_open: bool = False


def fold_elements(folds: list[Fold]) -> list[Json]:
    """The labels of all folds on one line, and below it what each shows."""
    if not folds:
        return []
    label_line = {"type": "ColumnSet", "columns": [fold_label(fold) for fold in folds], "spacing": "medium"}
    return [label_line, *map(fold_content, folds)]


def fold_label(fold: Fold) -> Json:
    """The part of a line that shows and hides what folds."""
    is_ellipsis = fold.label == SECONDARY_LABEL
    label = (
        run(fold.label, color="accent", weight="bolder")
        if is_ellipsis
        else run(f"{fold.label} {FOLD_MARK}", color="accent", size="small")
    )
    target = {"minHeight": TARGET_HEIGHT, "verticalContentAlignment": "center", "items": [line(label)]}
    column = {"type": "Column", "width": "auto", "selectAction": toggle(fold.id)}
    if not is_ellipsis:
        return column | target
    # Beside a button, which stands at the lower edge of the line: at the height of its label.
    return column | {"verticalContentAlignment": "bottom", "items": [{"type": "Container"} | target]}


def fold_content(fold: Fold) -> Json:
    """What the label shows and hides."""
    container = {"type": "Container", "id": fold.id, "items": fold.elements, "spacing": "small"}
    return container if fold.is_open else container | {"isVisible": False}
