"""Documents that are too long for one place lose nothing when they are split, and say so when they are shortened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.shared.documents import shorten_document, split_document
from flows.wording.document import BlockKind, TextBlock, parse_document

TEXTS = st.lists(st.sampled_from(["", "• late", "Facts", "word " * 30, "x" * 90, "😀" * 20]), min_size=1, max_size=20)


def size(block: TextBlock) -> int:
    return len("\n" * (block.empty_lines_above + 1) + block.plain_text)


@given(TEXTS.map("\n".join), st.integers(20, 400))
def test_the_parts_fit_and_hold_every_word(text: str, limit: int) -> None:
    parts = split_document(parse_document(text), limit, size)
    assert all(sum(map(size, part.blocks)) <= limit for part in parts)
    letters = "".join(part.text for part in parts).replace("•", "")
    assert "".join(letters.split()) == "".join(text.replace("•", "").split())


@given(TEXTS.map("\n".join), st.integers(20, 400))
def test_the_beginning_fits(text: str, limit: int) -> None:
    document = parse_document(text)
    assert len(shorten_document(document, limit, len).text) <= limit


def test_a_short_document_stays_as_it_is() -> None:
    document = parse_document("Acme\n\nFacts\n• late")
    assert shorten_document(document, 100) == document
    assert split_document(document, 100, size) == [document]


@pytest.mark.parametrize("limit", [12, 20, 40])
def test_what_is_cut_off_is_told_by_an_ellipsis(limit: int) -> None:
    short = shorten_document(parse_document("Acme\n\nFacts\n• the export was empty\n• nobody called back"), limit)
    assert short.text.endswith("…")
    assert short.blocks[0].kind is BlockKind.TITLE
