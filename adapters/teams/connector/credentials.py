"""Our credentials for Teams: tokens from Microsoft's login, by the app's secret or by a managed identity."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from time import time
from typing import Any, Protocol
from urllib.parse import urlsplit

import msal
import requests
from requests.adapters import HTTPAdapter

from adapters.port import Unavailable
from adapters.shared.caching.clocks import SteadyClock
from adapters.shared.outgoing import proxy_for, tls_context
from adapters.shared.safe_logging import safe_description
from flows.errors import TrustRecoverError

SCOPE = "https://api.botframework.com/.default"
RESOURCE = "https://api.botframework.com"
LOGIN_URL = "https://login.microsoftonline.com"
ANY_TENANT = "botframework.com"
"""The tenant in which an app that is registered for several asks for its tokens."""
TIMEOUT_SECONDS = 8.0
"""Seconds for a token in all. Delivery gives a message 18."""
REQUEST_TIMEOUT_SECONDS = 5.0
"""Seconds to connect, and between two pieces of an answer. MSAL makes two requests."""
RENEW_EARLY_SECONDS = 300.0
"""Seconds before its end at which a token is replaced."""
RETRY_SECONDS = 30.0
"""Seconds without another try, while a token that should be replaced still works."""
SERVER_ERROR = 500
TOO_MANY_REQUESTS = 429
_TEMPORARY_ERRORS = frozenset({"temporarily_unavailable", "server_error", "timeout"})

log = logging.getLogger(__name__)
# MSAL logs an answer that it cannot read, whatever is in it.
logging.getLogger("msal").setLevel(logging.CRITICAL)


class InvalidCredentials(TrustRecoverError):
    """Microsoft gives this app no token. Check TRUST_RECOVER_TEAMS_APP_ID and TRUST_RECOVER_TEAMS_APP_SECRET."""


class Credentials(Protocol):
    """What gives us the tokens for Teams."""

    async def token(self) -> str:
        """A token that is valid for some minutes at least, for the header `Authorization: Bearer …`.

        Raises:
            Unavailable: Microsoft's login does not answer.
            InvalidCredentials: it refuses; the message says what to do.

        """
        ...

    def forget(self, token: str) -> None:
        """Teams refused this token with 401: fetch another one the next time, unless that was done already."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class _CachedToken:
    token: str
    renew_at: float
    ends_at: float


class _TokenCache:
    """Keeps a token until shortly before it expires. All callers during a fetch wait for the same token."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock, self._seconds = SteadyClock(clock), seconds
        self._cached_token: _CachedToken | None = None
        self._paused_until = -inf
        self._fetch_task: asyncio.Task[str] | None = None

    async def token(self) -> str:
        """See `Credentials`."""
        cached_token, now = self._cached_token, self._clock()
        if cached_token is not None and now < max(cached_token.renew_at, min(self._paused_until, cached_token.ends_at)):
            return cached_token.token
        try:
            return await self._wait_for_fetch()
        except (Unavailable, InvalidCredentials) as error:
            if cached_token is None or self._cached_token is not cached_token or self._clock() >= cached_token.ends_at:
                raise
            self._paused_until = self._clock() + RETRY_SECONDS
            log.warning(
                "Teams' token could not be renewed yet; the old one is still valid: %s", safe_description(error)
            )
            return cached_token.token

    def forget(self, token: str) -> None:
        """See `Credentials`."""
        if self._cached_token is not None and self._cached_token.token == token:
            self._cached_token = None

    async def _wait_for_fetch(self) -> str:
        if self._fetch_task is None:
            self._fetch_task = asyncio.create_task(self._fetch())
            self._fetch_task.add_done_callback(_mark_retrieved)
        try:
            # A thread cannot be stopped: it goes on, and the next caller waits for it instead of starting one more.
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(self._fetch_task)
        except TimeoutError:
            message = "Microsoft's login did not answer in time."
            raise Unavailable(message) from None

    async def _fetch(self) -> str:
        try:
            return await self._fetch_now()
        finally:
            self._fetch_task = None

    async def _fetch_now(self) -> str:
        asked_at = self._clock()
        try:
            response = await asyncio.to_thread(self._ask)
        except requests.RequestException as error:
            message = f"Microsoft's login: {type(error).__name__}"
            raise Unavailable(message) from None  # it holds the request, and so the secret
        except (ValueError, KeyError) as error:
            raise self._unusable(error) from None
        token = response.get("access_token")
        if not isinstance(token, str):
            raise self._refusal(response)
        lifetime_seconds = int(response.get("expires_in") or 0)
        early_seconds = min(RENEW_EARLY_SECONDS, lifetime_seconds / 2)
        self._cached_token = _CachedToken(
            token, asked_at + lifetime_seconds - early_seconds, asked_at + lifetime_seconds
        )
        return token

    def _ask(self) -> dict[str, Any]:
        """Ask MSAL for a token. It blocks, so it runs in a thread."""
        raise NotImplementedError

    def _unusable(self, error: Exception) -> TrustRecoverError:
        """The error for an answer that MSAL could not read: the page of a gateway, or a wrong setting."""
        if any(isinstance(one, json.JSONDecodeError) for one in (error, error.__context__)):
            message = "Microsoft's login: no JSON"
            return Unavailable(message)
        return InvalidCredentials(self._advice(type(error).__name__))

    def _refusal(self, response: dict[str, Any]) -> TrustRecoverError:
        """The error for an answer without a token."""
        error_code = _error_code(response)
        if response.get("error") in _TEMPORARY_ERRORS:
            message = f"Microsoft's login: {error_code}"
            return Unavailable(message)
        return InvalidCredentials(self._advice(error_code))

    def _advice(self, error_code: str) -> str:
        raise NotImplementedError


class AppSecret(_TokenCache):
    """The credentials of an app with a secret. `tenant`: its own, or `ANY_TENANT` if it is registered for several."""

    def __init__(
        self,
        app_id: str,
        secret: str,
        tenant: str = ANY_TENANT,
        login_url: str = LOGIN_URL,
        scope: str = SCOPE,
        clock: Callable[[], float] = time,
        seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(clock, seconds)
        self._app_id, self._secret, self._scope = app_id, secret, scope
        self._tenant, self._authority = tenant, f"{login_url.rstrip('/')}/{tenant}"

    def _ask(self) -> dict[str, Any]:
        # Made anew each time: its own cache would return the token that Teams refused, and a failure for 5 s.
        with _session() as session:
            app = msal.ConfidentialClientApplication(
                self._app_id,
                client_credential=self._secret,
                authority=self._authority,
                instance_discovery=False,
                http_client=session,
            )
            return app.acquire_token_for_client(scopes=[self._scope]) or {}

    def _advice(self, error_code: str) -> str:
        return (
            f"Microsoft gives app {self._app_id} of tenant {self._tenant} no token: {error_code}. Make a new client "
            "secret at “Certificates & secrets” of its registration and set TRUST_RECOVER_TEAMS_APP_SECRET to its "
            "value. "
            "TRUST_RECOVER_TEAMS_APP_ID and TRUST_RECOVER_TEAMS_TENANT_ID must be of the same registration."
        )


class ManagedIdentity(_TokenCache):
    """The credentials of an app without a secret: Azure knows the machine. `app_id`: the client id of the identity."""

    def __init__(
        self,
        app_id: str,
        resource: str = RESOURCE,
        clock: Callable[[], float] = time,
        seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(clock, seconds)
        self._app_id, self._resource = app_id, resource

    def _ask(self) -> dict[str, Any]:
        identity = msal.UserAssignedManagedIdentity(client_id=self._app_id)
        with _session() as session:
            client = msal.ManagedIdentityClient(identity, http_client=session)
            return client.acquire_token_for_client(resource=self._resource) or {}

    def _advice(self, error_code: str) -> str:
        return (
            f"Azure gives this machine no token for the managed identity {self._app_id}: {error_code}. Assign that "
            "identity to the machine, or look at TRUST_RECOVER_TEAMS_APP_ID; outside Azure, use a secret."
        )


def _mark_retrieved(flight: asyncio.Task[str]) -> None:
    """Retrieve the error of a fetch, for asyncio warns of errors that nobody retrieved when all callers have left."""
    if not flight.cancelled():
        flight.exception()


class _TimeoutAdapter(HTTPAdapter):
    """Gives each request a time limit, and raises for server errors, which MSAL partly takes for refusals.

    Proxies and certificates are those of all our connections, not those that requests would choose.
    """

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - the signature of requests
        """Make the pool of direct connections."""
        super().init_poolmanager(*args, **options, ssl_context=tls_context())

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:  # noqa: ANN401 - requests' signature
        """Make the pool of connections by a proxy."""
        context = tls_context()
        return super().proxy_manager_for(proxy, **options, ssl_context=context, proxy_ssl_context=context)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ANN401, ARG002 - requests' signature
        """Verify by our context, without the authorities that requests would add to it."""
        conn.cert_reqs = "CERT_REQUIRED"

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:  # noqa: ANN401 - as requests
        """Send a request with a time limit."""
        url = request.url or ""
        proxy = proxy_for(url)
        own_options = {
            "timeout": more.get("timeout") or REQUEST_TIMEOUT_SECONDS,
            "proxies": {urlsplit(url).scheme: proxy} if proxy else {},
        }
        response = super().send(request, *args, **(more | own_options))
        if response.status_code >= SERVER_ERROR or response.status_code == TOO_MANY_REQUESTS:
            response.close()
            response.raise_for_status()
        return response


@contextmanager
def _session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", _TimeoutAdapter())
        session.mount("http://", _TimeoutAdapter())
        yield session


def _error_code(response: dict[str, Any]) -> str:
    """Microsoft's error code, with its numbers, by which the meaning can be looked up."""
    error, codes = response.get("error"), response.get("error_codes")
    name = error if isinstance(error, str) and error.replace("_", "").isalnum() else "refused"
    numbers = [f"AADSTS{code}" for code in (codes if isinstance(codes, list) else ()) if isinstance(code, int)]
    return " ".join([name, *numbers])
