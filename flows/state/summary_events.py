"""What the responder does with the two summaries."""

from dataclasses import dataclass

from flows.state.identity import Person
from flows.state.summaries import SummaryPart, SummaryVersion


@dataclass(frozen=True, slots=True)
class PreviewSummary:
    """Show a summary on the responder's card."""

    actor: Person
    summary_version: SummaryVersion


@dataclass(frozen=True, slots=True)
class EditSummary:
    """Give a summary another text; with an empty one, it is made from the record again.

    `original_parts`: the summary that was made from the record when the text was written.
    """

    actor: Person
    summary_version: SummaryVersion
    text: str
    original_parts: tuple[SummaryPart, ...] = ()


@dataclass(frozen=True, slots=True)
class PostSummary:
    """Post the summary that is on the card. `text`: as it reads there (empty: stored by an earlier release)."""

    actor: Person
    summary_version: SummaryVersion
    card_revision: int
    text: str = ""
