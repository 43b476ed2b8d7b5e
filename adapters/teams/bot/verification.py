"""Who may come in: requests that Microsoft signed, for our app, from Teams.

The only module that knows Microsoft's archived SDK. Its types do not leave it, and it is slow to import.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from itertools import count
from time import time
from typing import Any
from urllib.parse import urlsplit

import jwt
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticationConfiguration,
    BotFrameworkAuthenticationFactory,
    PasswordServiceClientCredentialFactory,
)
from botframework.connector.auth.jwt_token_extractor import JwtTokenExtractor
from cachetools import TLRUCache

from adapters.shared.safe_logging import safe_description
from adapters.teams.bot.signing_keys import CHANNEL, KeysUnavailable, RejectionReason, SigningKeys, UnverifiedRequest
from flows.errors import TrustRecoverError

__all__ = ["KeysUnavailable", "MissingAppId", "RejectionReason", "TeamsVerifier", "UnverifiedRequest"]

MAX_HEADER_CHARACTERS = 8_192
"""Of a header. Microsoft's tokens have about 1,000."""
CACHE_SECONDS = 300.0
"""Seconds for which a token that was proven is not proven again. It lives an hour, and comes with every request."""
MAX_CACHED_TOKENS = 1_000
_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")
_METADATA_NUMBERS = count()

log = logging.getLogger(__name__)


class MissingAppId(TrustRecoverError):
    """Teams needs the id of your app. Set TRUST_RECOVER_TEAMS_APP_ID to the “Microsoft App ID” of your Azure Bot."""


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """What a token says that was proven. `ends_at`: epoch seconds."""

    audience: object
    service_url: object
    expires_at: float


class TeamsVerifier:
    """Lets in what is proven to come from Teams.

    The SDK alone would let in everybody where the app id is empty, a body without `serviceUrl`, a token that never
    expires and a key that nobody endorsed, and it has ways in for its emulator and for other bots. All that is shut
    before it is asked, and what matters most is checked once more after it.
    """

    def __init__(
        self,
        app_id: str,
        issuer: str,
        metadata_url: str,
        keys: SigningKeys,
        tenants: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time,
    ) -> None:
        """Stand before this app. `issuer` signs; `keys` are those at `metadata_url`; no `tenants` are all of them.

        `clock`: epoch seconds; the SDK goes by its own.

        Raises:
            NoAppId: it is empty, which would switch the SDK's checks off.

        """
        if not app_id.strip():
            raise MissingAppId
        self._app_id, self._issuer = app_id, issuer
        self._tenants = frozenset(tenant.lower() for tenant in tenants)
        self._verified_tokens: TLRUCache[bytes, VerifiedToken] = TLRUCache(MAX_CACHED_TOKENS, _cache_expiry, clock)
        # The SDK looks its keys up in a table of the whole process: under a name of our own, no two doors share them.
        name = f"{metadata_url}#door-{next(_METADATA_NUMBERS)}"
        JwtTokenExtractor.metadataCache[name] = keys
        self._sdk = BotFrameworkAuthenticationFactory.create(
            credential_factory=PasswordServiceClientCredentialFactory(app_id),
            auth_configuration=AuthenticationConfiguration(),
            to_bot_from_channel_token_issuer=issuer,
            to_bot_from_channel_open_id_metadata_url=name,
            to_bot_from_emulator_open_id_metadata_url=name,
        )

    async def verify(self, header: str | None, body: Mapping[str, object]) -> None:
        """Return if this `Authorization` header proves that Teams sent this body to us.

        Raises:
            Unproven: it does not: 401.
            KeysAway: nobody can say now: 503.

        """
        token = _token(header)
        url = _service_url(body)
        name = sha256(token.encode()).digest()
        known = self._verified_tokens.get(name)
        proof = known or await self._verify_token(token, url)
        if proof.audience != self._app_id:
            raise UnverifiedRequest(RejectionReason.AUDIENCE)
        if proof.service_url != url:
            raise UnverifiedRequest(RejectionReason.SERVICE)
        if known is None:
            self._verified_tokens[name] = proof

    def serves_tenant(self, tenant: str) -> bool:
        """Whether people of this tenant (an Entra id) may use the app."""
        return not self._tenants or tenant.lower() in self._tenants

    async def _verify_token(self, token: str, url: str) -> VerifiedToken:
        """What the token says, proven. The SDK takes more than half a millisecond: it parses the token five times."""
        self._check_unverified_claims(token)
        claims = await self._verified_claims(f"Bearer {token}", url)
        return VerifiedToken(claims.get("aud"), claims.get("serviceurl"), claims["exp"])

    def _check_unverified_claims(self, token: str) -> None:
        """What an unproven token claims, before anybody works on it: the SDK chooses its way by these claims."""
        try:
            read = jwt.decode_complete(token, options={"verify_signature": False})
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise UnverifiedRequest(
                RejectionReason.TOKEN
            ) from None  # the error may quote it; older PyJWTs raise the last two
        head, claims = read["header"], read["payload"]
        if head.get("alg") != "RS256":
            raise UnverifiedRequest(RejectionReason.ALGORITHM)
        if not head.get("kid"):
            raise UnverifiedRequest(RejectionReason.NO_KEY)
        if claims.get("iss") != self._issuer:
            raise UnverifiedRequest(RejectionReason.ISSUER)
        if type(claims.get("exp")) is not int:  # a bool is an int too
            raise UnverifiedRequest(RejectionReason.EXPIRY)

    async def _verified_claims(self, header: str, url: str) -> dict[str, Any]:
        """The claims, once the SDK has checked signature, times, audience and endorsement."""
        try:
            seen = await self._sdk.authenticate_request(Activity(channel_id=CHANNEL, service_url=url), header)
        except (KeysUnavailable, UnverifiedRequest):
            raise
        except Exception as error:  # noqa: BLE001 - it raises bare ones
            log.info("a request that claims to come from Teams was refused: %s", safe_description(error))
            raise UnverifiedRequest(RejectionReason.REFUSED) from None  # the error may quote the token
        claims: dict[str, Any] = seen.claims_identity.claims
        return claims


def _cache_expiry(_name: bytes, proof: VerifiedToken, now: float) -> float:
    return min(now + CACHE_SECONDS, proof.expires_at)


def _token(header: str | None) -> str:
    bearer = _BEARER.fullmatch(header) if header and len(header) <= MAX_HEADER_CHARACTERS else None
    if bearer is None:
        raise UnverifiedRequest(RejectionReason.HEADER)
    return bearer.group(1)


def _service_url(body: Mapping[str, object]) -> str:
    """Where the sender wants to be answered."""
    if body.get("channelId") != CHANNEL:
        raise UnverifiedRequest(RejectionReason.CHANNEL)
    url = body.get("serviceUrl")
    if not isinstance(url, str):
        raise UnverifiedRequest(RejectionReason.SERVICE)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise UnverifiedRequest(RejectionReason.SERVICE) from None
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))):
        return url
    raise UnverifiedRequest(RejectionReason.SERVICE)


def _is_loopback(host: str) -> bool:
    """Whether this never leaves the machine: a local Teams for development."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
