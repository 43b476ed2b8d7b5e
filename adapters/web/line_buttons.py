"""The buttons of a private line, as they are stored with it."""

from dataclasses import dataclass

from flows.screens.elements import Button


@dataclass(frozen=True, slots=True)
class LineButtons:
    """What can be tapped at a line, and of which recovery: nothing, where there are no buttons."""

    recovery_id: str = ""
    buttons: tuple[Button, ...] = ()
