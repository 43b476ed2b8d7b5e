"""The keys with which Microsoft signs its requests to us: fetched, cached, and fetched again when they change."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from time import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import InvalidKeyError
from jwt.algorithms import RSAAlgorithm

from adapters.shared.caching.clocks import SteadyClock
from adapters.shared.outgoing import proxy_for, tls_context
from adapters.shared.safe_logging import safe_description
from flows.errors import TrustRecoverError

CHANNEL = "msteams"
"""What a key must be endorsed for: Microsoft signs for other channels too."""
TIMEOUT_SECONDS = 5.0
"""For both documents together. Teams waits about 10 for an answer."""
FRESH_SECONDS = 24 * 3600.0
"""Seconds for which the keys are not asked for again, as Microsoft's guide to connectors says."""
MAX_KEY_AGE_SECONDS = 5 * 24 * 3600.0
"""Seconds after which keys that could not be fetched again are no longer used, by the same guide."""
MIN_FETCH_SECONDS = 60.0
"""Seconds between fetches because of an unknown key id: anybody can invent one."""
RETRY_SECONDS = 10.0
MAX_DOCUMENT_BYTES = 1_000_000
MIN_KEY_BITS = 2048
OK = 200
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})

log = logging.getLogger(__name__)


class RejectionReason(StrEnum):
    """Why a request was rejected: for the log, not for its sender."""

    HEADER = "no bearer token"
    TOKEN = "not a token"  # noqa: S105 - no token
    ALGORITHM = "algorithm"
    NO_KEY = "no key id"
    KEY = "unknown key"
    CHANNEL = "other channel"
    ENDORSEMENT = "key of other channels"
    ISSUER = "issuer"
    EXPIRY = "no expiry"
    AUDIENCE = "audience"
    SERVICE = "serviceUrl"
    REFUSED = "signature, times or audience"


class UnverifiedRequest(TrustRecoverError):
    """The request is not proven to come from Microsoft Teams."""

    def __init__(self, reason: RejectionReason) -> None:
        """Keep the reason beside the message: the sender is told nothing."""
        super().__init__()
        self.reason = reason


class KeysUnavailable(TrustRecoverError):
    """Microsoft's signing keys cannot be fetched, so no request can be verified now. Send it again later."""


class InvalidKeyDocument(TrustRecoverError):
    """The answer from the address of the OpenID metadata cannot be used. Check TRUST_RECOVER_TEAMS_OPENID_URL."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key, and the channels for which it may sign."""

    public_key: RSAPublicKey
    endorsements: tuple[str, ...]


class SigningKeys:
    """The keys of one OpenID provider, whose metadata must name this issuer. `clock`: epoch seconds."""

    def __init__(
        self,
        metadata_url: str,
        issuer: str,
        session: aiohttp.ClientSession,
        clock: Callable[[], float] = time,
        seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._url, self._issuer, self._session, self._clock, self._seconds = (
            metadata_url,
            issuer,
            session,
            SteadyClock(clock),
            seconds,
        )
        self._keys: dict[str, SigningKey] = {}
        self._fetched_at = self._next_fetch_at = -inf
        self._last_fetch_failed = False
        self._fetch_task: asyncio.Task[None] | None = None

    async def get(self, key_id: str | None) -> SigningKey:
        """The key of this id, endorsed for Teams. Named and awaited as Microsoft's SDK does it.

        Raises:
            UnverifiedRequest: there is no such key, or it may not sign for Teams.
            KeysUnavailable: the key is not known, and the keys cannot be fetched.

        """
        if not key_id:
            raise UnverifiedRequest(RejectionReason.NO_KEY)
        if key_id not in self._keys or self._clock() >= self._fetched_at + FRESH_SECONDS:
            await self._refresh()
        key = self._keys.get(key_id) if self._clock() < self._fetched_at + MAX_KEY_AGE_SECONDS else None
        if key is None:
            raise KeysUnavailable if self._last_fetch_failed else UnverifiedRequest(RejectionReason.KEY)
        if CHANNEL not in key.endorsements:
            raise UnverifiedRequest(RejectionReason.ENDORSEMENT)
        return key

    async def close(self) -> None:
        """Cancel a fetch that is under way."""
        if self._fetch_task is not None:
            self._fetch_task.cancel()
            with suppress(asyncio.CancelledError):
                await self._fetch_task

    async def _refresh(self) -> None:
        """Fetch the keys, unless that was done a moment ago. All callers during a fetch wait for the same one."""
        if self._fetch_task is None:
            if self._clock() < self._next_fetch_at:
                return
            self._fetch_task = asyncio.create_task(self._fetch())
        await asyncio.shield(self._fetch_task)  # a sender who hangs up must not cancel it for the others

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                metadata = await self._document(self._url)
                self._keys = _usable_keys(await self._document(self._address(metadata)))
        except (aiohttp.ClientError, OSError, ValueError, InvalidKeyDocument) as error:  # TimeoutError is an OSError
            self._last_fetch_failed, self._next_fetch_at = True, self._clock() + RETRY_SECONDS
            log.warning("Microsoft's signing keys could not be fetched: %s", safe_description(error))
        else:
            self._last_fetch_failed, self._fetched_at = False, self._clock()
            self._next_fetch_at = self._fetched_at + MIN_FETCH_SECONDS
        finally:
            self._fetch_task = None

    async def _document(self, url: str) -> dict[str, Any]:
        # A redirect could lead from https to http.
        async with self._session.get(url, allow_redirects=False, proxy=proxy_for(url)) as response:
            if response.status != OK:
                message = f"The OpenID server answered HTTP {response.status}."
                raise InvalidKeyDocument(message)
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > MAX_DOCUMENT_BYTES:
                    message = f"The OpenID server sends more than {MAX_DOCUMENT_BYTES:,} bytes."
                    raise InvalidKeyDocument(message)
        document = json.loads(body)
        if not isinstance(document, dict):
            raise InvalidKeyDocument
        return document

    def _address(self, metadata: dict[str, Any]) -> str:
        """The address of the keys, if these are the metadata of our issuer."""
        if metadata.get("issuer") != self._issuer:
            message = "The OpenID metadata are of another issuer than TRUST_RECOVER_TEAMS_ISSUER."
            raise InvalidKeyDocument(message)
        url = metadata.get("jwks_uri")
        if not isinstance(url, str):
            raise InvalidKeyDocument
        keys_url, own_url = urlsplit(url), urlsplit(self._url)
        if keys_url.scheme != "https" and (keys_url.scheme, keys_url.hostname) != (own_url.scheme, own_url.hostname):
            message = "The OpenID metadata name an address of the keys that is not https."
            raise InvalidKeyDocument(message)
        return url


@asynccontextmanager
async def open_keys(metadata_url: str, issuer: str, clock: Callable[[], float] = time) -> AsyncIterator[SigningKeys]:
    """The keys whose metadata are at this address, until the end of the block; fetched when first needed."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls_context())) as session:
        keys = SigningKeys(metadata_url, issuer, session, clock)
        try:
            yield keys
        finally:
            await keys.close()


def _usable_keys(document: dict[str, Any]) -> dict[str, SigningKey]:
    """The keys that can verify a request of Teams, by id. Others are left out."""
    entries = document.get("keys")
    keys = {
        key["kid"]: signing_key
        for key in (entries if isinstance(entries, list) else ())
        if (signing_key := _usable_key(key)) is not None
    }
    if not keys:  # the keys fetched before are better than none
        message = "The OpenID server sent no key that can be used."
        raise InvalidKeyDocument(message)
    return keys


def _usable_key(jwk: Any) -> SigningKey | None:  # noqa: ANN401 - JSON
    if not isinstance(jwk, dict) or _PRIVATE & jwk.keys():
        return None
    usable = jwk.get("kty") == "RSA" and jwk.get("use", "sig") == "sig" and jwk.get("alg", "RS256") == "RS256"
    if not usable or not isinstance(jwk.get("kid"), str):
        return None
    try:
        public_key = RSAAlgorithm.from_jwk(jwk)
    except (InvalidKeyError, ValueError, TypeError):
        return None
    if not isinstance(public_key, RSAPublicKey) or public_key.key_size < MIN_KEY_BITS:
        return None
    endorsements = jwk.get("endorsements")
    return SigningKey(public_key, tuple(endorsements) if isinstance(endorsements, list) else ())
