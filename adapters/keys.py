"""Keys: tokens at rest are encrypted, and what travels through a platform and comes back is signed."""

import base64
import hashlib
import re
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import BadData, URLSafeSerializer

from flows.errors import TrustRecoverError

LEAST = 32
"""Characters of a key: it is stretched to its purpose, not made stronger."""
_FERNET = re.compile(r"[A-Za-z0-9_-]{43}=")
_SALT = b"trust-recover"
_TOKENS, _SEALS = b"tokens at rest", b"seals"

Sealable = dict[str, Any] | list[Any]


class BadKey(TrustRecoverError):
    """An encryption key needs at least 32 characters. `openssl rand -base64 32` makes a good one."""


class NoKeyFits(TrustRecoverError):
    """A stored token cannot be read: none of the encryption keys fits.

    Add the key that it was written with behind the newest one, or install the app in that workspace again.
    """


class Forged(TrustRecoverError):
    """What came back is not what was sent. Open the guide again."""


class Seal:
    """Signs values for one purpose. They can be read by whoever carries them, but not changed.

    Short values, because platforms carry few characters (Slack 3,000): compressed if that helps.
    """

    def __init__(self, serializer: URLSafeSerializer) -> None:
        self._serializer = serializer

    def seal(self, value: Sealable) -> str:
        """The value as text that is safe in a URL."""
        return str(self._serializer.dumps(value))

    def unseal(self, text: str) -> Sealable:
        """The value again.

        Raises:
            Forged: we did not make it, or not for this purpose, or with no key of today.

        """
        try:
            value = self._serializer.loads(text)
        except (BadData, UnicodeError) as error:
            raise Forged from error
        if not isinstance(value, dict | list):
            raise Forged
        return value


class Keys:
    """The keys, newest first: the first encrypts and signs, all of them read.

    Each is a Fernet key, or any text of at least 32 characters.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the keys.

        Raises:
            BadKey: there is none, or one is too short.

        """
        if not keys or any(len(key) < LEAST for key in keys):
            raise BadKey
        self._keys = [_fernet(key) for key in keys]
        self._fernet = MultiFernet([Fernet(key) for key in self._keys])

    def encrypt(self, text: str) -> str:
        """The text as only these keys can read it; never the same twice."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, text: str) -> str:
        """The text again.

        Raises:
            NoKeyFits: it was encrypted with another key, or damaged.

        """
        try:
            return self._fernet.decrypt(text).decode()
        except (InvalidToken, ValueError) as error:
            raise NoKeyFits from error

    def signer(self, salt: str) -> Seal:
        """What signs for the purpose `salt`; what was sealed for another purpose is forged to it."""
        oldest_first = [_derived(key, _SEALS) for key in reversed(self._keys)]
        return Seal(URLSafeSerializer(oldest_first, salt=salt, signer_kwargs={"digest_method": hashlib.sha256}))


def _fernet(key: str) -> bytes:
    return key.encode() if _FERNET.fullmatch(key) else base64.urlsafe_b64encode(_derived(key.encode(), _TOKENS))


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=_SALT, info=purpose).derive(key)
