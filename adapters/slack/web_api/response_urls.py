"""Addresses that Slack sends along, at which a request can be answered later: only hosts of a list are called."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from flows.errors import TrustRecoverError

RESPONSE_HOSTS = ("slack.com", "*.slack.com", "slack-gov.com", "*.slack-gov.com")
"""Slack's hosts, and those of its government cloud."""
HOSTS_SETTING = "TRUST_RECOVER_SLACK_RESPONSE_HOSTS"
MAX_URL_CHARACTERS = 2000


class ForbiddenResponseUrl(TrustRecoverError):
    """An address that is not one of Slack. Nothing is sent there."""

    def __init__(self) -> None:
        """Say what an operator can do. The address itself is not ours to repeat."""
        super().__init__(f"its response_url leads to a host that {HOSTS_SETTING} does not name")


@dataclass(frozen=True, slots=True)
class ResponseHosts:
    """The hosts that may be called, by https. `api_url`: of Slack's Web API, whose own host may be called too.

    A name that begins with `*.` stands for all names that end with the rest of it.
    """

    api_url: str
    names: frozenset[str] = frozenset(RESPONSE_HOSTS)

    def check(self, url: str) -> None:
        """Return if this address may be called.

        Raises:
            ForbiddenResponseUrl: it may not.

        """
        parts = _split(url)
        host = (parts.hostname or "").lower().rstrip(".")
        api = urlsplit(self.api_url)
        if parts.username is not None or parts.password is not None:
            raise ForbiddenResponseUrl
        if (parts.scheme, host) == (api.scheme, (api.hostname or "").lower()):
            return
        parents = (f"*{host[dot:]}" for dot, character in enumerate(host) if character == ".")
        if parts.scheme != "https" or (host not in self.names and self.names.isdisjoint(parents)):
            raise ForbiddenResponseUrl


def _split(url: str) -> SplitResult:
    """The parts of an address. Its port is read too: one that is no number is an error only then."""
    if len(url) > MAX_URL_CHARACTERS or not url.isascii() or not url.isprintable() or "\\" in url:
        raise ForbiddenResponseUrl
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ForbiddenResponseUrl from None
    return parts
