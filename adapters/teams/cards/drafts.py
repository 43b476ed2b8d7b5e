"""What somebody typed on a guide and has not sent, while a tap or a message changes the card around it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cachetools import TTLCache

from adapters.shared.caching.clocks import SteadyClock
from adapters.teams.cards.guide_elements import input_repeat
from adapters.teams.cards.input_values import RejectedForm, SubmittedData
from flows.screens.elements import Card

MAX_DRAFTS, DRAFT_SECONDS = 10_000, 900.0
"""This process keeps so many of them, each for so long: as long as somebody may still be typing."""


@dataclass(slots=True)
class FormDrafts:
    """The drafts of all people, by workspace, person and recovery. They are in memory only."""

    clock: Callable[[], float]
    _drafts: TTLCache[tuple[str, str, str], tuple[int, SubmittedData]] = field(init=False)

    def __post_init__(self) -> None:
        self._drafts = TTLCache(MAX_DRAFTS, DRAFT_SECONDS, SteadyClock(self.clock))

    def keep(self, workspace: str, user_id: str, card: Card, data: SubmittedData) -> RejectedForm:
        """Keep what came with a tap, for as long as this card has the same form; return it to be shown."""
        inputs = {key: value for key, value in data.items() if key.startswith("in.")}
        self._drafts[workspace, user_id, card.recovery_id] = (input_repeat(card), inputs)
        return RejectedForm({}, inputs, is_draft=True)

    def find(self, workspace: str, user_id: str, card: Card) -> RejectedForm | None:
        """What this person typed in the form of this card; None if nothing is kept, or if it was of another form."""
        repeat, data = self._drafts.get((workspace, user_id, card.recovery_id), (0, None))
        return RejectedForm({}, data, is_draft=True) if data is not None and repeat == input_repeat(card) else None

    def forget(self, workspace: str, user_id: str, recovery_id: str) -> None:
        """They sent it, or tapped what notes it."""
        self._drafts.pop((workspace, user_id, recovery_id), None)
