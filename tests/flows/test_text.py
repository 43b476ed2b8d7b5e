"""What people type is made harmless without losing a character."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.json_codec import load_json
from flows.state.identity import Person
from flows.text import clean_name, clean_text, is_blank, name_key, split_text

LTR, RTL, OVERRIDE, POP = "\u202a", "\u202b", "\u202e", "\u202c"
ISOLATE, END = "\u2066", "\u2069"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plain", "plain"),
        (f"{OVERRIDE}gnol", f"{OVERRIDE}gnol{POP}"),
        (f"{ISOLATE}a{RTL}b", f"{ISOLATE}a{RTL}b{POP}{END}"),
        (f"{LTR}a{POP}", f"{LTR}a{POP}"),
        (f"a{POP}b", f"a{POP}b"),
        (f"{OVERRIDE}a\nb", f"{OVERRIDE}a{POP}\nb"),
    ],
)
def test_a_change_of_direction_ends_with_its_line(text: str, wanted: str) -> None:
    assert clean_text(text) == wanted


def test_line_ends_become_one_kind() -> None:
    assert clean_text(" a\r\nb\rc\n") == "a\nb\nc"


def test_what_no_database_stores_is_gone_or_marked() -> None:
    assert clean_text("a\x00b") == "ab"
    assert clean_text("a\ud800b") == "a\ufffdb"
    assert clean_text("👩🏽‍🚒") == "👩🏽‍🚒"


@given(st.text())
def test_nothing_that_can_be_seen_is_lost(text: str) -> None:
    def seen(of: str) -> list[str]:
        return [letter for letter in of if unicodedata.category(letter)[0] in "LNPSM"]

    assert seen(clean_text(text)) == seen(text)


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u2060\u200d", "\u3164", "\u2800\n", "\u202e\u202c"])
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200ba", "👍", "é", "."])
def test_what_shows_something_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize("name", ["acme", "ACME", " Acme ", "Ａｃｍｅ", "Ac\u200bme"])
def test_a_name_is_known_however_it_is_typed(name: str) -> None:
    assert name_key(name) == name_key("Acme")


def test_other_names_are_others() -> None:
    assert len({name_key(name) for name in ("Acme", "Acme Inc", "Ácme", "Akme")}) == 4


@given(st.text(max_size=400), st.integers(1, 50))
def test_parts_are_short_enough_and_lose_no_word(text: str, most: int) -> None:
    parts = split_text(text, most)
    assert all(0 < len(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_split_between_paragraphs_first() -> None:
    assert split_text("one two\n\nthree four\nfive", 20) == ["one two\n\nthree four", "five"]


# --- names


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Ana", "Ana"),
        ("  Ana \n María ", "Ana María"),
        (f"Ana{OVERRIDE}moc", f"Ana{OVERRIDE}moc{POP}"),
        (f"{ISOLATE}{RTL}a", f"{ISOLATE}{RTL}a{POP}{END}"),
        ("Ana\x00\x1b[31m\x07", "Ana [31m"),
        ("Ana\u2028Eve", "Ana Eve"),
        ("\ud800Ana", "\ufffdAna"),
        ("שרה", "שרה"),
        ("👩🏽‍🚒", "👩🏽‍🚒"),
        ("x" * 81, "x" * 79 + "…"),
        (OVERRIDE * 100 + "a", "a"),
    ],
)
def test_a_name_is_one_short_line_that_changes_nothing_around_it(name: str, wanted: str) -> None:
    assert clean_name(name) == wanted
    assert Person("test", "north", "u1", name).name == wanted


@given(st.text(max_size=300))
def test_a_person_has_a_name_that_can_be_shown(name: str) -> None:
    shown = load_json(Person, {"platform": "p", "workspace": "w", "user_id": "u", "name": clean_text(name)}).name
    assert len(shown) <= 80
    assert clean_text(shown) == shown == " ".join(shown.split())
    assert not any(unicodedata.category(sign) == "Cc" for sign in shown)
    assert clean_name(shown) == shown
