"""The access token: whether it can be guessed, whether somebody typed it, and what is stored of it."""

import hashlib
import hmac
import re
import secrets

from sqlalchemy import Connection, select, update

from adapters.shared.storage import per_dialect
from adapters.web.tables import access_token

MIN_DISTINCT_CHARACTERS = 6
"""Different characters that must be left when well-known words, rows of keys and runs like 1234 are taken away."""
MIN_RUN_CHARACTERS = 4
SCRYPT_COST, SCRYPT_BLOCK_SIZE, SCRYPT_MEMORY_BYTES = 2**15, 8, 64 * 1024 * 1024
"""A guess takes about a tenth of a second and 32 MB; the server makes one, when it starts."""
_WORDS = re.compile(
    "password|passwort|contraseña|secret|token|access|admin|changeme|change|letmein|welcome|default|example|test|demo|"
    "trust|recover|practice|room|company|hello|login|iloveyou|dragon|monkey|master|qwertyuiop|qwertzuiop|qwerty|"
    "qwertz|azerty|asdfghjkl|asdf|zxcvbnm|yxcvbnm|zxcv"
)
_WORKSPACE = "practice"
_MAKE_ROW = per_dialect(
    lambda insert: (
        insert(access_token)
        .values(workspace=_WORKSPACE, generation="", salt="", token_hash="")
        .on_conflict_do_nothing()
    )
)


def token_weakness(token: str) -> str:
    """Why this token is easy to guess, as the end of a sentence that begins with “it”; empty if it is not.

    How long it must be is a setting of its own.
    """
    plain = "".join(token.split()).casefold()
    if not plain:
        return "is blank"
    if _repeats_a_piece(plain):
        return "repeats a short piece"
    if len(set(plain)) < MIN_DISTINCT_CHARACTERS:
        return f"has less than {MIN_DISTINCT_CHARACTERS} different characters"
    if len(set(_without_runs(_WORDS.sub("", plain)))) < MIN_DISTINCT_CHARACTERS:
        return "consists of well-known words and runs of characters"
    return ""


class AccessToken:
    """The token in memory. It is compared in constant time, whatever somebody typed."""

    def __init__(self, token: str) -> None:
        self._key = secrets.token_bytes(32)
        self._digest = self._digest_of(token)

    def matches(self, text: str) -> bool:
        """Whether this is the token."""
        return hmac.compare_digest(self._digest_of(text), self._digest)

    def _digest_of(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")


def access_generation(tx: Connection, token: str) -> str:
    """A random id that stays the same as long as the token does: who was let in with it carries it.

    Of the token itself only a slow hash with a salt is stored, so that a copy of the database does not give it away.
    Processes that start at the same time get the same id. The caller commits.
    """
    tx.execute(_MAKE_ROW[tx.dialect.name])
    row = tx.execute(select(access_token).where(access_token.c.workspace == _WORKSPACE).with_for_update()).one()
    if row.salt and hmac.compare_digest(row.token_hash, _slow_hash(token, row.salt)):
        return str(row.generation)
    salt, generation = secrets.token_hex(16), secrets.token_hex(8)
    values = {"generation": generation, "salt": salt, "token_hash": _slow_hash(token, salt)}
    tx.execute(update(access_token).where(access_token.c.workspace == _WORKSPACE).values(values))
    return generation


def _slow_hash(token: str, salt: str) -> str:
    return hashlib.scrypt(
        token.encode("utf-8", "surrogatepass"),
        salt=bytes.fromhex(salt),
        n=SCRYPT_COST,
        r=SCRYPT_BLOCK_SIZE,
        p=1,
        maxmem=SCRYPT_MEMORY_BYTES,
    ).hex()


def _repeats_a_piece(text: str) -> bool:
    """Whether the text is a piece of at most half its length, again and again; the last time it may be cut off."""
    return any(text[length:] == text[:-length] for length in range(1, len(text) // 2 + 1))


def _without_runs(text: str) -> str:
    """The text without the parts in which each character is the one before or after its neighbour, as in 4321."""
    rest, start = [], 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _goes_on(text, start, end):
            continue
        if end - start < MIN_RUN_CHARACTERS:
            rest.append(text[start:end])
        start = end
    return "".join(rest)


def _goes_on(text: str, start: int, end: int) -> bool:
    difference = ord(text[end]) - ord(text[end - 1])
    return difference in {-1, 0, 1} and (end - start == 1 or difference == ord(text[end - 1]) - ord(text[end - 2]))
