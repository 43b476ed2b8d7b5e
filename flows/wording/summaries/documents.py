"""A summary as it would be posted now."""

from flows.definition.model import Flow
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryPart, SummaryVersion
from flows.wording.document import Document, parse_document, parse_message
from flows.wording.localization import Localizer
from flows.wording.summaries.client_message import client_message
from flows.wording.summaries.internal_report import internal_report
from flows.wording.summaries.merge import merge_parts


def summary_document(flow: Flow, recovery: Recovery, version: SummaryVersion, localizer: Localizer) -> Document:
    """The summary as it would be posted now: the responder's own wording with what is new, or that of the record."""
    draft = recovery.draft(version)
    document = document_from_record(flow, recovery, version, localizer)
    if draft is None:
        return document
    parse = parse_message if version is SummaryVersion.CLIENT else parse_document
    return parse(merge_parts(draft, document) if draft.original_parts else draft.text)


def document_from_record(flow: Flow, recovery: Recovery, version: SummaryVersion, localizer: Localizer) -> Document:
    """The summary as the record alone makes it."""
    make_document = client_message if version is SummaryVersion.CLIENT else internal_report
    return make_document(flow, recovery, localizer)


def summary_parts(document: Document) -> tuple[SummaryPart, ...]:
    """The parts of a document that the record made."""
    return tuple(SummaryPart(block.key, block.plain_text) for block in document.blocks)
