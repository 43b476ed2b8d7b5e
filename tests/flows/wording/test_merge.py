"""An edited summary takes in what is new: whatever the responder did to it, and whatever changed in the record."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flows.state.summaries import Draft, SummaryVersion
from flows.wording.document import BlockKind, Document, TextBlock
from flows.wording.summaries.documents import summary_parts
from flows.wording.summaries.merge import merge_parts

KEYS = ["greeting", "thanks", "frame", "e1", "e2", "e3", "update", "signature"]
"""Those with a number are items of a list."""


def document(texts: dict[str, str]) -> Document:
    """These parts, in the order of `KEYS`."""
    kinds = {True: BlockKind.ITEM, False: BlockKind.PARAGRAPH}
    keys = [key for key in KEYS if key in texts]
    is_item = {key: key.startswith("e") for key in keys}
    return Document(tuple(TextBlock(kinds[is_item[key]], texts[key], int(not is_item[key]), key) for key in keys))


def draft(text: str, original: Document) -> Draft:
    return Draft(SummaryVersion.CLIENT, text, summary_parts(original))


texts_of_parts = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 3), min_size=1).map(
    lambda versions: {key: f"{key} says {version}" for key, version in versions.items()}
)
"""Parts whose texts are of one part alone, in one of four wordings."""


@st.composite
def edits(draw: st.DrawFn, original: Document) -> str:
    """What a responder makes of it: lines deleted, reworded, moved, written; blanks added."""
    lines = original.text.split("\n")
    for number in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, max(0, len(lines) - 1)))
        match draw(st.sampled_from(["delete", "reword", "move", "write", "space", "empty"])):
            case "delete":
                del lines[at : at + 1]
            case "reword" if lines:
                lines[at] += f", mine {number}"
            case "move" if lines:
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "space" if lines:
                lines[at] = lines[at].replace(" ", "  ")
            case "empty":
                lines.insert(at, "")
            case _:
                lines.insert(at, f"my line {number}")
    return "\n".join(lines).strip()


@st.composite
def merges(draw: st.DrawFn) -> tuple[Draft, Document, Document]:
    """An edited summary with what it was made of, and what the record says now."""
    original, now = document(draw(texts_of_parts)), document(draw(texts_of_parts))
    return draft(draw(edits(original)), original), original, now


def stands(block: TextBlock, text: str) -> bool:
    """Whether this part stands in the text as a line of its own, however its blanks are."""
    return block.plain_text in [" ".join(line.split()) for line in text.split("\n")]


def own_lines(text: str, original: Document) -> list[str]:
    """The lines that are the responder's own."""
    return [line for line in text.split("\n") if line and not any(stands(block, line) for block in original.blocks)]


@given(merges())
def test_nothing_new_is_missing(merge: tuple[Draft, Document, Document]) -> None:
    edited, original, now = merge
    old_keys = {block.key for block in original.blocks}
    merged = merge_parts(edited, now)
    assert all(stands(block, merged) for block in now.blocks if block.key not in old_keys)


@given(merges())
def test_what_the_responder_deleted_or_reworded_does_not_come_back(merge: tuple[Draft, Document, Document]) -> None:
    edited, original, now = merge
    gone_keys = {block.key for block in original.blocks if not stands(block, edited.text)}
    merged = merge_parts(edited, now)
    assert not any(stands(block, merged) for block in (*original.blocks, *now.blocks) if block.key in gone_keys)


@given(merges())
def test_what_stands_untouched_says_what_the_record_says_now(merge: tuple[Draft, Document, Document]) -> None:
    edited, original, now = merge
    new_blocks = {block.key: block for block in now.blocks}
    merged = merge_parts(edited, now)
    for block in original.blocks:
        if stands(block, edited.text):
            new_block = new_blocks.get(block.key)
            assert new_block is None or stands(new_block, merged)
            assert (new_block is not None and new_block.text == block.text) or not stands(block, merged)


@given(merges())
def test_what_the_responder_wrote_stays_in_its_order(merge: tuple[Draft, Document, Document]) -> None:
    edited, original, now = merge
    lines = own_lines(edited.text, original)
    merged_lines = merge_parts(edited, now).split("\n")
    assert [line for line in merged_lines if line in lines] == lines


@given(merges())
def test_merging_twice_is_merging_once(merge: tuple[Draft, Document, Document]) -> None:
    edited, _, now = merge
    merged = merge_parts(edited, now)
    assert merge_parts(draft(merged, now), now) == merged


@given(merges())
def test_without_a_change_the_text_stays_to_the_letter(merge: tuple[Draft, Document, Document]) -> None:
    edited, original, _ = merge
    assert merge_parts(edited, original) == edited.text


@given(texts_of_parts, texts_of_parts)
def test_an_unedited_summary_becomes_what_the_record_says(before: dict[str, str], now: dict[str, str]) -> None:
    assume(set(before) & set(now))  # else there is no place to begin with
    merged = merge_parts(draft(document(before).text, document(before)), document(now))
    assert [line for line in merged.split("\n") if line] == [line for line in document(now).text.split("\n") if line]


# --- places and blanks


ORIGINAL = {"greeting": "Hello,", "thanks": "Thank you.", "e1": "I will call.", "signature": "Ana"}


def merged_text(edit: tuple[str, str], **new_texts: str) -> str:
    """The summary in which the responder replaced a text by another, after the record got these parts."""
    original = document(ORIGINAL)
    return merge_parts(draft(original.text.replace(*edit), original), document(ORIGINAL | new_texts))


@pytest.mark.parametrize(
    ("edit", "new_texts", "text"),
    [
        (("Hello,", "Dear Kim,"), {"e2": "I pay."}, "Dear Kim,\n\nThank you.\n• I will call.\n• I pay.\n\nAna"),
        (
            ("Hello,", "Dear Kim,"),
            {"frame": "So it is."},
            "Dear Kim,\n\nThank you.\n\nSo it is.\n• I will call.\n\nAna",
        ),
        (
            ("Hello,\n\nThank you.\n• I will call.", "My own."),
            {"frame": "So it is.", "e2": "I pay."},
            "My own.\n\nSo it is.\n• I pay.\n\nAna",
        ),
        (("Hello,\n\nThank you.\n• I will call.\n\nAna", "All mine."), {"e2": "I pay."}, "All mine.\n• I pay."),
        (("\n\nAna", ""), {"update": "On Friday."}, "Hello,\n\nThank you.\n• I will call.\n\nOn Friday."),
        (("x", "x"), {"e1": "I will write.\nAt once."}, "Hello,\n\nThank you.\n• I will write.\nAt once.\n\nAna"),
    ],
)
def test_a_new_part_stands_at_its_place(edit: tuple[str, str], new_texts: dict[str, str], text: str) -> None:
    assert merged_text(edit, **new_texts) == text


def test_of_two_parts_with_the_same_words_the_one_that_is_left_stays_one() -> None:
    original = document({"e1": "I will call.", "e2": "I will call.", "signature": "Ana"})
    now = document({"e1": "I will call.", "e2": "I will write.", "signature": "Ana"})
    assert merge_parts(draft("• I will call.\n\nAna", original), now) == "• I will call.\n\nAna"


def test_two_parts_with_the_same_key_are_two_parts() -> None:
    blocks = tuple(TextBlock(BlockKind.ITEM, text, 0, "levels") for text in ("4", "2"))
    original = Document(blocks)
    now = Document((blocks[0], replace(blocks[1], text="1")))
    assert merge_parts(draft("• 4\n• 2", original), now) == "• 4\n• 1"
