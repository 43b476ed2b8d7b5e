"""Keys: what they encrypt and sign, how they are replaced, and what they never show."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from adapters.shared.crypto import InvalidKey, InvalidSignature, Keys, NoMatchingKey

OLD, NEW = "an old passphrase of some forty characters", Fernet.generate_key().decode()
TOKEN, OWNER = "xoxb-made-up-token", "slack:T1"
owners = st.text() | st.sampled_from([OWNER, "slack:T10", "slack:T", "slack:t1", "slack:T1 ", "teams:T1"])


@pytest.mark.parametrize("key", [OLD, NEW], ids=["a passphrase", "a Fernet key"])
def test_what_was_encrypted_is_read_again(key: str) -> None:
    stored = Keys([key]).encrypt(TOKEN, OWNER)
    assert TOKEN not in stored
    assert Keys([key]).decrypt(stored, OWNER) == TOKEN


def test_it_is_never_the_same_twice() -> None:
    keys = Keys([OLD])
    assert keys.encrypt(TOKEN, OWNER) != keys.encrypt(TOKEN, OWNER)


def test_what_an_earlier_release_encrypted_is_read_to_be_encrypted_again() -> None:
    stored = Fernet(NEW).encrypt(TOKEN.encode()).decode()
    assert Keys([OLD, NEW]).decrypt_unbound(stored) == TOKEN
    with pytest.raises(NoMatchingKey):
        Keys([NEW]).decrypt(stored, OWNER)
    with pytest.raises(NoMatchingKey):
        Keys([NEW]).decrypt_unbound(Keys([NEW]).encrypt(TOKEN, OWNER))


@given(owners, owners)
def test_it_is_read_under_its_owners_name_only(owner: str, other: str) -> None:
    stored = Keys([NEW]).encrypt(TOKEN, owner)
    assert Keys([NEW]).decrypt(stored, owner) == TOKEN
    if owner != other:
        with pytest.raises(NoMatchingKey):
            Keys([NEW]).decrypt(stored, other)


def test_an_older_key_still_reads_and_the_newest_writes() -> None:
    stored = Keys([OLD]).encrypt(TOKEN, OWNER)
    assert Keys([NEW, OLD]).decrypt(stored, OWNER) == TOKEN
    assert Keys([NEW]).decrypt(Keys([NEW, OLD]).encrypt(TOKEN, OWNER), OWNER) == TOKEN


@pytest.mark.parametrize(
    "stored", [Keys([OLD]).encrypt(TOKEN, OWNER), TOKEN, "", "ñ"], ids=["other", "plain", "empty", "ñ"]
)
def test_what_no_key_fits_says_what_to_do_and_not_what_it_was(stored: str) -> None:
    with pytest.raises(NoMatchingKey, match="install the app in that workspace again") as error:
        Keys([NEW]).decrypt(stored, OWNER)
    assert not stored or stored not in str(error.value)


@pytest.mark.parametrize("keys", [[], ["short"], [NEW, ""], ["x" * 31]], ids=["none", "short", "one empty", "31"])
def test_a_key_that_can_be_guessed_is_refused(keys: list[str]) -> None:
    with pytest.raises(InvalidKey, match="32 characters"):
        Keys(keys)


def test_keys_do_not_show_themselves() -> None:
    assert OLD not in repr(Keys([OLD]))
    assert OLD not in repr(Keys([OLD]).signer("form"))


@pytest.mark.parametrize("value", [{"recovery": "r1", "form": "Qué pasó"}, [1, "two", None], {}, []])
def test_what_was_sealed_comes_back(value: dict[str, object] | list[object]) -> None:
    seal = Keys([OLD]).signer("form")
    assert seal.verify(seal.sign(value)) == value
    assert Keys([NEW, OLD]).signer("form").verify(seal.sign(value)) == value


def test_a_seal_of_another_purpose_another_key_or_another_text_is_forged() -> None:
    sealed = Keys([OLD]).signer("form").sign({"recovery": "r1"})
    other = Keys([OLD]).signer("button").sign({"recovery": "r1"})
    foreign = Keys([NEW]).signer("form").sign({"recovery": "r1"})
    for text in (other, foreign, sealed[:-1], "A" + sealed, sealed.replace(".", ""), "", "ñ.ñ", "\ud800"):
        with pytest.raises(InvalidSignature, match="Open the guide again"):
            Keys([OLD]).signer("form").verify(text)


def test_a_seal_is_short() -> None:
    seal = Keys([OLD]).signer("form")
    assert len(seal.sign(["r" * 32, 4, "acknowledge"])) < 120
    assert len(seal.sign({"words": "and so on " * 1000})) < 300
