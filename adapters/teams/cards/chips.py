"""Choices that one tap makes: chips side by side, and sentences one below the other.

They are parts of the card that can be tapped, for Teams shows only six real buttons in a row.
"""

from adapters.shared.text_splitting import utf16_length
from adapters.teams.cards.elements import BOLD, SMALL, TARGET_HEIGHT, TeamsButtonCodec, line, lines, run
from adapters.teams.cards.markup import Json
from flows.screens.elements import ButtonKind, Chip, ChipRow

LINE_CHARACTERS = 32
"""Characters of chips that fit beside one another in a narrow pane."""
CHIP_PADDING_CHARACTERS = 4
"""Characters that the mark of a chip and the gap after it take."""
SELECTED_MARK, OPEN_MARK = "◉", "○"
"""Of choices of which one is made."""
TICKED_BOX, EMPTY_BOX = "☑", "☐"
"""Of choices of which several can be made."""


def chip_elements(row: ChipRow, taps: TeamsButtonCodec) -> list[Json]:
    """A row of chips, with its label; or a list, each line of which can be tapped as a whole."""
    label = [] if row.hides_label else lines(row.label, spacing="small", **SMALL)
    per_line = [[chip] for chip in row.chips] if row.is_list else _chips_by_line(row.chips)
    return [*label, *(_chip_line(chips, row, taps) for chips in per_line)]


def _chips_by_line(chips: tuple[Chip, ...]) -> list[list[Chip]]:
    """The chips of each line, as many as fit on a phone."""
    chip_lines: list[list[Chip]] = []
    width = LINE_CHARACTERS
    for chip in chips:
        chip_width = utf16_length(chip.label) + CHIP_PADDING_CHARACTERS
        if width + chip_width > LINE_CHARACTERS:
            chip_lines.append([])
            width = 0
        chip_lines[-1].append(chip)
        width += chip_width
    return chip_lines


def _chip_line(chips: list[Chip], row: ChipRow, taps: TeamsButtonCodec) -> Json:
    spacing = "small" if row.is_list else "none"
    return {"type": "ColumnSet", "columns": [_chip_column(chip, row, taps) for chip in chips], "spacing": spacing}


def _chip_column(chip: Chip, row: ChipRow, taps: TeamsButtonCodec) -> Json:
    mark = _mark(chip, row)
    words = run(chip.label) if row.is_list else run(chip.label, color="accent", **(BOLD if chip.is_selected else {}))
    return {
        "type": "Column",
        "width": "stretch" if row.is_list else "auto",
        "minHeight": TARGET_HEIGHT,
        "verticalContentAlignment": "center",
        "selectAction": taps.choice(chip),
        "items": [line(*([run(mark, color="accent")] if mark else []), words)],
    }


def _mark(chip: Chip, row: ChipRow) -> str:
    """What shows whether it is chosen; nothing before a chip that opens a form."""
    if chip.kind is ButtonKind.OPENS_DIALOG:
        return ""
    marks = (EMPTY_BOX, TICKED_BOX) if row.allows_several else (OPEN_MARK, SELECTED_MARK)
    return f"{marks[chip.is_selected]} "
