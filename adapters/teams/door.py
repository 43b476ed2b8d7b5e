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

from adapters.faults import described
from adapters.teams.openid import CHANNEL, Doubt, KeysAway, OpenIdKeys, Unproven
from flows.errors import TrustRecoverError

__all__ = ["Door", "Doubt", "KeysAway", "NoAppId", "Unproven"]

MOST_CHARACTERS = 8_192
"""Of a header. Microsoft's tokens have about 1,000."""
BELIEVED = 300.0
"""Seconds for which a token that was proven is not proven again. It lives an hour, and comes with every request."""
MOST_BELIEVED = 1_000
_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")
_NAMES = count()

log = logging.getLogger(__name__)


class NoAppId(TrustRecoverError):
    """Teams needs the id of your app. Set TRUST_RECOVER_TEAMS_APP_ID to the “Microsoft App ID” of your Azure Bot."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a token says that was proven. `ends_at`: epoch seconds."""

    audience: object
    service_url: object
    ends_at: float


class Door:
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
        keys: OpenIdKeys,
        tenants: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time,
    ) -> None:
        """Stand before this app. `issuer` signs; `keys` are those at `metadata_url`; no `tenants` are all of them.

        `clock`: epoch seconds; the SDK goes by its own.

        Raises:
            NoAppId: it is empty, which would switch the SDK's checks off.

        """
        if not app_id.strip():
            raise NoAppId
        self._app_id, self._issuer = app_id, issuer
        self._tenants = frozenset(tenant.lower() for tenant in tenants)
        self._believed: TLRUCache[bytes, Proof] = TLRUCache(MOST_BELIEVED, _believed_until, clock)
        # The SDK looks its keys up in a table of the whole process: under a name of our own, no two doors share them.
        name = f"{metadata_url}#door-{next(_NAMES)}"
        JwtTokenExtractor.metadataCache[name] = keys
        self._sdk = BotFrameworkAuthenticationFactory.create(
            credential_factory=PasswordServiceClientCredentialFactory(app_id),
            auth_configuration=AuthenticationConfiguration(),
            to_bot_from_channel_token_issuer=issuer,
            to_bot_from_channel_open_id_metadata_url=name,
            to_bot_from_emulator_open_id_metadata_url=name,
        )

    async def see(self, header: str | None, body: Mapping[str, object]) -> None:
        """Return if this `Authorization` header proves that Teams sent this body to us.

        Raises:
            Unproven: it does not: 401.
            KeysAway: nobody can say now: 503.

        """
        token = _token(header)
        url = _service_url(body)
        name = sha256(token.encode()).digest()
        known = self._believed.get(name)
        proof = known or await self._proof(token, url)
        if proof.audience != self._app_id:
            raise Unproven(Doubt.AUDIENCE)
        if proof.service_url != url:
            raise Unproven(Doubt.SERVICE)
        if known is None:
            self._believed[name] = proof

    def serves(self, tenant: str) -> bool:
        """Whether people of this tenant (an Entra id) may use the app."""
        return not self._tenants or tenant.lower() in self._tenants

    async def _proof(self, token: str, url: str) -> Proof:
        """What the token says, proven. The SDK takes more than half a millisecond: it parses the token five times."""
        self._look_at(token)
        claims = await self._checked(f"Bearer {token}", url)
        return Proof(claims.get("aud"), claims.get("serviceurl"), claims["exp"])

    def _look_at(self, token: str) -> None:
        """What an unproven token claims, before anybody works on it: the SDK chooses its way by these claims."""
        try:
            read = jwt.decode_complete(token, options={"verify_signature": False})
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise Unproven(Doubt.TOKEN) from None  # the error may quote it; older PyJWTs raise the last two
        head, claims = read["header"], read["payload"]
        if head.get("alg") != "RS256":
            raise Unproven(Doubt.ALGORITHM)
        if not head.get("kid"):
            raise Unproven(Doubt.NO_KEY)
        if claims.get("iss") != self._issuer:
            raise Unproven(Doubt.ISSUER)
        if type(claims.get("exp")) is not int:  # a bool is an int too
            raise Unproven(Doubt.EXPIRY)

    async def _checked(self, header: str, url: str) -> dict[str, Any]:
        """The claims, once the SDK has checked signature, times, audience and endorsement."""
        try:
            seen = await self._sdk.authenticate_request(Activity(channel_id=CHANNEL, service_url=url), header)
        except (KeysAway, Unproven):
            raise
        except Exception as error:  # noqa: BLE001 - it raises bare ones
            log.info("A request that says it is from Teams is refused: %s", described(error))
            raise Unproven(Doubt.REFUSED) from None  # the error may quote the token
        claims: dict[str, Any] = seen.claims_identity.claims
        return claims


def _believed_until(_name: bytes, proof: Proof, now: float) -> float:
    return min(now + BELIEVED, proof.ends_at)


def _token(header: str | None) -> str:
    bearer = _BEARER.fullmatch(header) if header and len(header) <= MOST_CHARACTERS else None
    if bearer is None:
        raise Unproven(Doubt.HEADER)
    return bearer.group(1)


def _service_url(body: Mapping[str, object]) -> str:
    """Where the sender wants to be answered."""
    if body.get("channelId") != CHANNEL:
        raise Unproven(Doubt.CHANNEL)
    url = body.get("serviceUrl")
    if not isinstance(url, str):
        raise Unproven(Doubt.SERVICE)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Unproven(Doubt.SERVICE) from None
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts.hostname))):
        return url
    raise Unproven(Doubt.SERVICE)


def _loopback(host: str) -> bool:
    """Whether this never leaves the machine: a local Teams for development."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
