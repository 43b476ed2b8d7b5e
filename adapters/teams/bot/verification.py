"""Verifies that Microsoft signed a request, for our app, from Teams.

Microsoft's archived SDK judges the token; what it does not check is checked here. Its types do not leave this module.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from time import time
from typing import Any

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
from adapters.teams.service_urls import InvalidServiceUrl, ServiceHosts, normalize_service_url
from flows.errors import TrustRecoverError

__all__ = ["KeysUnavailable", "MissingAppId", "RejectionReason", "TeamsVerifier", "UnverifiedRequest"]

MAX_HEADER_CHARACTERS = 8_192
"""Characters of the Authorization header. Microsoft's tokens have about 1,000."""
CACHE_SECONDS = 300.0
"""Seconds for which a verified token is not verified again. It is valid for an hour, and comes with every request."""
MAX_CACHED_TOKENS = 1_000
_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")
_METADATA_NUMBERS = count()

log = logging.getLogger(__name__)


class MissingAppId(TrustRecoverError):
    """Teams needs the id of your app. Set TRUST_RECOVER_TEAMS_APP_ID to the “Microsoft App ID” of your Azure Bot."""


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """What a verified token says. `service_url`: in its one spelling. `expires_at`: epoch seconds."""

    audience: object
    service_url: str
    expires_at: float


class TeamsVerifier:
    """Accepts only requests that are proven to come from Teams.

    The SDK alone would accept everybody where the app id is empty, a body without `serviceUrl`, a token that never
    expires and a key without endorsement, and it also accepts its emulator and other bots. All that is refused before
    the SDK is asked, and audience and `serviceUrl` are checked once more after it. Nor does the SDK ask whose host a
    `serviceUrl` names, although our token is sent there: that is checked last.
    """

    def __init__(
        self,
        app_id: str,
        issuer: str,
        metadata_url: str,
        keys: SigningKeys,
        tenants: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time,
        service_hosts: ServiceHosts = ServiceHosts(),  # noqa: B008 - frozen
    ) -> None:
        """Verify requests to this app. `issuer` signs with the `keys` at `metadata_url`; no `tenants` means all.

        `clock`: epoch seconds. The SDK uses its own clock.

        Raises:
            MissingAppId: it is empty, which would switch the SDK's checks off.

        """
        if not app_id.strip():
            raise MissingAppId
        self._app_id, self._issuer = app_id, issuer
        self._service_hosts = service_hosts
        self._tenants = frozenset(tenant.lower() for tenant in tenants)
        self._verified_tokens: TLRUCache[bytes, VerifiedToken] = TLRUCache(MAX_CACHED_TOKENS, _cache_expiry, clock)
        # The SDK keeps its keys in a table of the whole process: with a name of our own, no two verifiers share them.
        name = f"{metadata_url}#verifier-{next(_METADATA_NUMBERS)}"
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
            UnverifiedRequest: it does not: answer 401.
            KeysUnavailable: that cannot be checked now: answer 503.
            ForbiddenServiceHost: it does, but answers would go to a host that is not in the list: answer 403.

        """
        token = _token(header)
        url = _service_url(body)
        digest = sha256(token.encode()).digest()
        cached_proof = self._verified_tokens.get(digest)
        proof = cached_proof or await self._verify_token(token)
        if proof.audience != self._app_id:
            raise UnverifiedRequest(RejectionReason.AUDIENCE)
        if proof.service_url != url:
            raise UnverifiedRequest(RejectionReason.SERVICE)
        if cached_proof is None:
            self._verified_tokens[digest] = proof
        self._service_hosts.check(url)

    def serves_tenant(self, tenant: str) -> bool:
        """Whether people of this tenant (an Entra id) may use the app."""
        return not self._tenants or tenant.lower() in self._tenants

    async def _verify_token(self, token: str) -> VerifiedToken:
        """The verified claims of the token. It takes the SDK 0.5 ms and more: it parses the token five times."""
        url = self._check_unverified_claims(token)
        claims = await self._verified_claims(f"Bearer {token}", url)
        return VerifiedToken(claims.get("aud"), _normalized_url(claims.get("serviceurl")), claims["exp"])

    def _check_unverified_claims(self, token: str) -> str:
        """Refuse a token by what it claims, before it is verified: the SDK chooses what it checks by these claims.

        Returns the service URL as it is spelled there: the SDK compares spellings, we compare addresses.
        """
        try:
            token_parts = jwt.decode_complete(token, options={"verify_signature": False})
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise UnverifiedRequest(
                RejectionReason.TOKEN
            ) from None  # the error may quote it; older PyJWTs raise the last two
        header, claims = token_parts["header"], token_parts["payload"]
        if header.get("alg") != "RS256":
            raise UnverifiedRequest(RejectionReason.ALGORITHM)
        if not header.get("kid"):
            raise UnverifiedRequest(RejectionReason.NO_KEY)
        if claims.get("iss") != self._issuer:
            raise UnverifiedRequest(RejectionReason.ISSUER)
        if type(claims.get("exp")) is not int:  # a bool is an int too
            raise UnverifiedRequest(RejectionReason.EXPIRY)
        url = claims.get("serviceurl")
        if not isinstance(url, str) or not url:  # without one the SDK compares nothing
            raise UnverifiedRequest(RejectionReason.SERVICE)
        return url

    async def _verified_claims(self, header: str, url: str) -> dict[str, Any]:
        """The claims, once the SDK has checked signature, times, audience and endorsement."""
        try:
            result = await self._sdk.authenticate_request(Activity(channel_id=CHANNEL, service_url=url), header)
        except (KeysUnavailable, UnverifiedRequest):
            raise
        except Exception as error:  # noqa: BLE001 - it raises bare ones
            log.info("a request that claims to come from Teams was refused: %s", safe_description(error))
            raise UnverifiedRequest(RejectionReason.REFUSED) from None  # the error may quote the token
        claims: dict[str, Any] = result.claims_identity.claims
        return claims


def _cache_expiry(_digest: bytes, token: VerifiedToken, now: float) -> float:
    return min(now + CACHE_SECONDS, token.expires_at)


def _token(header: str | None) -> str:
    bearer = _BEARER.fullmatch(header) if header and len(header) <= MAX_HEADER_CHARACTERS else None
    if bearer is None:
        raise UnverifiedRequest(RejectionReason.HEADER)
    return bearer.group(1)


def _service_url(body: Mapping[str, object]) -> str:
    """The address to which the sender wants answers, in its one spelling.

    Raises:
        UnverifiedRequest: there is none, or it is neither https nor on this machine.

    """
    if body.get("channelId") != CHANNEL:
        raise UnverifiedRequest(RejectionReason.CHANNEL)
    return _normalized_url(body.get("serviceUrl"))


def _normalized_url(url: object) -> str:
    try:
        return normalize_service_url(url if isinstance(url, str) else "")
    except InvalidServiceUrl:
        raise UnverifiedRequest(RejectionReason.SERVICE) from None
