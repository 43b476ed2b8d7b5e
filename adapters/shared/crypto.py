"""Encryption of stored tokens, and signatures of values that go through a platform and come back."""

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

MIN_KEY_CHARACTERS = 32
"""Characters of a key. Keys are derived from it, which does not make a weak key stronger."""
_FERNET = re.compile(r"[A-Za-z0-9_-]{43}=")
_SALT = b"trust-recover"
_TOKENS, _SIGNING, _OWNED_TOKEN = b"tokens at rest", b"seals", b"token of "
_BOUND_PREFIX = "bound:"
"""What an encrypted text begins with that can be read for its owner only. Earlier releases bound none."""

SignableValue = dict[str, Any] | list[Any]


class InvalidKey(TrustRecoverError):
    """An encryption key must have at least 32 characters. `openssl rand -base64 32` makes a good one."""


class NoMatchingKey(TrustRecoverError):
    """A stored token cannot be read: none of the encryption keys fits, or it is the token of another workspace.

    Add the key that it was written with behind the newest one, or install the app in that workspace again.
    """


class InvalidSignature(TrustRecoverError):
    """The signature does not match: this data was changed, or another key signed it. Open the guide again."""


class Signer:
    """Signs values for one purpose. They can be read by whoever carries them, but not changed.

    Short values, because platforms carry few characters (Slack 3,000): compressed if that helps.
    """

    def __init__(self, serializer: URLSafeSerializer) -> None:
        self._serializer = serializer

    def sign(self, value: SignableValue) -> str:
        """The signed value, as text that is safe in a URL."""
        return str(self._serializer.dumps(value))

    def verify(self, text: str) -> SignableValue:
        """The value of a signed text.

        Raises:
            InvalidSignature: it was not signed for this purpose with one of the keys.

        """
        try:
            value = self._serializer.loads(text)
        except (BadData, UnicodeError) as error:
            raise InvalidSignature from error
        if not isinstance(value, dict | list):
            raise InvalidSignature
        return value


class Keys:
    """The keys, newest first. The first encrypts and signs; all of them decrypt and verify.

    Each is a Fernet key, or any text of at least 32 characters.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the keys.

        Raises:
            InvalidKey: there is none, or one is too short.

        """
        if not keys or any(len(key) < MIN_KEY_CHARACTERS for key in keys):
            raise InvalidKey
        self._keys = [_fernet_key(key) for key in keys]

    def encrypt(self, text: str, owner: str) -> str:
        """Encrypt a text for its owner: under another one's name it cannot be read. It is different each time."""
        return _BOUND_PREFIX + self._fernet_of(owner).encrypt(text.encode()).decode()

    def decrypt(self, text: str, owner: str) -> str:
        """Decrypt the text of this owner.

        Raises:
            NoMatchingKey: it was encrypted with another key, for another owner or for none, or damaged.

        """
        if not is_bound(text):
            raise NoMatchingKey
        return _decrypt(self._fernet_of(owner), text.removeprefix(_BOUND_PREFIX))

    def decrypt_unbound(self, text: str) -> str:
        """Decrypt a text that an earlier release encrypted, for no owner. Only to encrypt it again.

        Raises:
            NoMatchingKey: it was encrypted with another key, or damaged.

        """
        return _decrypt(MultiFernet([Fernet(key) for key in self._keys]), text)

    def _fernet_of(self, owner: str) -> MultiFernet:
        purpose = _OWNED_TOKEN + owner.encode()
        return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive_key(key, purpose))) for key in self._keys])

    def signer(self, salt: str) -> Signer:
        """A signer for the purpose `salt`. It rejects values that were signed for another purpose."""
        oldest_first = [_derive_key(key, _SIGNING) for key in reversed(self._keys)]
        return Signer(URLSafeSerializer(oldest_first, salt=salt, signer_kwargs={"digest_method": hashlib.sha256}))


def is_bound(text: str) -> bool:
    """Whether this text was encrypted for an owner."""
    return text.startswith(_BOUND_PREFIX)


def _decrypt(fernet: MultiFernet, text: str) -> str:
    try:
        return fernet.decrypt(text).decode()
    except (InvalidToken, ValueError) as error:
        raise NoMatchingKey from error


def _fernet_key(key: str) -> bytes:
    return key.encode() if _FERNET.fullmatch(key) else base64.urlsafe_b64encode(_derive_key(key.encode(), _TOKENS))


def _derive_key(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=_SALT, info=purpose).derive(key)
