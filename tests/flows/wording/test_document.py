"""A document keeps the structure of a text, and the text to the letter."""

from hypothesis import given
from hypothesis import strategies as st

from flows.state.entries import Fact
from flows.state.summaries import SummaryVersion
from flows.wording.document import BlockKind, Document, TextBlock, blocks_text, paragraph_document, parse_document
from flows.wording.summaries.documents import document_from_record
from tests.flows.recovery_driver import begin_recovery

TITLE, HEADING, ITEM, PARAGRAPH = BlockKind.TITLE, BlockKind.HEADING, BlockKind.ITEM, BlockKind.PARAGRAPH
LINES = st.sampled_from(["", " ", "•", "• ", "• late", "Facts", "And so on.", "*", "x" * 81, "\t• no"]) | st.text(
    max_size=9
)


def kinds(document: Document) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in document.blocks]


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_what_somebody_wrote_is_kept_to_the_letter(text: str) -> None:
    assert parse_document(text).text == text


def test_title_headings_items_and_paragraphs_are_told_apart() -> None:
    document = parse_document(
        "Acme: where we stand\n\nFacts\n• late\n• empty\n\nWe are sorry.\nIt was us.\nNext\n• a call"
    )
    assert kinds(document) == [
        (TITLE, "Acme: where we stand"),
        (HEADING, "Facts"),
        (ITEM, "late"),
        (ITEM, "empty"),
        (PARAGRAPH, "We are sorry.\nIt was us."),
        (HEADING, "Next"),
        (ITEM, "a call"),
    ]
    assert [block.empty_lines_above for block in document.blocks] == [0, 1, 0, 0, 1, 0, 0]


def test_a_single_line_is_no_title() -> None:
    assert kinds(parse_document("Done: a fixed export")) == [(PARAGRAPH, "Done: a fixed export")]


def test_a_line_above_a_list_is_no_heading_if_it_is_long_or_begins_with_a_sign() -> None:
    for line in ("x" * 81, "* Facts", "(Facts)"):
        assert (PARAGRAPH, line) in kinds(parse_document(f"Title\n\n{line}\n• late"))
    assert (HEADING, "x" * 80) in kinds(parse_document(f"Title\n\n{'x' * 80}\n• late"))


def test_a_line_of_our_own_has_no_structure() -> None:
    assert kinds(paragraph_document("Done\n• late")) == [(PARAGRAPH, "Done\n• late")]


def test_blocks_have_their_empty_lines_between_them_and_none_above_the_first() -> None:
    assert blocks_text([TextBlock(ITEM, "a", 3), TextBlock(PARAGRAPH, "b", 1)]) == "• a\n\nb"


def test_a_summary_has_its_structure_from_the_record_whatever_was_noted() -> None:
    driver = begin_recovery()
    driver.note("facts", Fact("Late\n• again"))
    document = document_from_record(driver.flow, driver.recovery, SummaryVersion.INTERNAL, driver.localizer)
    assert (ITEM, "Late\n• again") in kinds(document)
    assert (HEADING, "Late") not in kinds(document)
    assert document.text == driver.summary(SummaryVersion.INTERNAL)


def test_a_summary_that_comes_back_unchanged_is_read_as_it_was_built() -> None:
    driver = begin_recovery()
    driver.note("facts", Fact("the export was empty"))
    built = document_from_record(driver.flow, driver.recovery, SummaryVersion.INTERNAL, driver.localizer)
    assert [block.plain_text for block in parse_document(built.text).blocks] == [b.plain_text for b in built.blocks]
