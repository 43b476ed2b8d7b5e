"""What the responder does with the two summaries."""

from dataclasses import dataclass

from flows.state.identity import Person
from flows.state.summaries import SummaryPart, SummaryVersion
from flows.state.words import WordHint


@dataclass(frozen=True, slots=True)
class PreviewSummary:
    """Show a summary on the responder's card."""

    actor: Person
    summary_version: SummaryVersion


@dataclass(frozen=True, slots=True)
class EditSummary:
    """Give a summary another text; with an empty one, it is made from the record again.

    `hints`: the coach's, on a text that external users will read. `taken_hint`: the one whose better sentence is now in
    the text. `original_parts`: the summary that was made from the record when the text was written.
    """

    actor: Person
    summary_version: SummaryVersion
    text: str
    original_parts: tuple[SummaryPart, ...] = ()
    hints: tuple[WordHint, ...] = ()
    taken_hint: WordHint | None = None


@dataclass(frozen=True, slots=True)
class PostSummary:
    """Post the summary that is on the card. `text`: as it reads there (empty: stored by an earlier release)."""

    actor: Person
    summary_version: SummaryVersion
    card_revision: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class DismissSummaryHint:
    """Put a hint on the client's summary away: the words are meant."""

    actor: Person
    hint_key: str
