"""Service URLs: the addresses to which our messages go, and our token with them. Only hosts of a list are used."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from flows.errors import TrustRecoverError

SERVICE_HOSTS = (
    "smba.trafficmanager.net",
    "smba.infra.gcc.teams.microsoft.com",
    "smba.infra.gov.teams.microsoft.us",
    "smba.infra.dod.teams.microsoft.us",
)
"""The hosts that Microsoft documents: the public cloud, GCC, GCC High and DoD. For China it documents none."""
HOSTS_SETTING = "TRUST_RECOVER_TEAMS_SERVICE_HOSTS"
MAX_URL_CHARACTERS = 500
_DEFAULT_PORTS = {"https": 443, "http": 80}
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]"
_URL = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?(?P<path>(?:/[\w.~!$&'()*+,;=:@%-]*)*)",
    re.IGNORECASE | re.ASCII,
)


class InvalidServiceUrl(TrustRecoverError):
    """Not an address to which messages can be sent: it is no https URL, or has a user, a query or blanks in it."""


class ForbiddenServiceHost(TrustRecoverError):
    """A service URL whose host is not in the list. Neither a message nor our token is sent there."""

    def __init__(self, host: str) -> None:
        """`host`: of the service URL."""
        super().__init__(
            f"answers would go to the host {host}, which {HOSTS_SETTING} does not name; add it if it is Microsoft's"
        )


@dataclass(frozen=True, slots=True)
class ServiceHosts:
    """The hosts to which messages may be sent. `allows_loopback`: this machine too, for a Teams of developers.

    A name that begins with `*.` stands for all names that end with the rest of it.
    """

    names: frozenset[str] = frozenset(SERVICE_HOSTS)
    allows_loopback: bool = False

    def check(self, service_url: str) -> None:
        """Return if messages may be sent to this address.

        Raises:
            InvalidServiceUrl: it is not one of Teams.
            ForbiddenServiceHost: its host is not in the list.

        """
        host = _match(service_url)["host"].lower().strip("[]")
        if self.allows_loopback and is_loopback(host):
            return
        parents = (f"*{host[dot:]}" for dot, character in enumerate(host) if character == ".")
        if host not in self.names and self.names.isdisjoint(parents):
            raise ForbiddenServiceHost(host)


def normalize_service_url(url: str) -> str:
    """One spelling for each address: a host in small letters, no port that goes without saying, no slash at the end.

    Raises:
        InvalidServiceUrl: it is not one of Teams.

    """
    url_parts = _match(url)
    scheme, host = url_parts["scheme"].lower(), url_parts["host"].lower()
    port = int(url_parts["port"] or _DEFAULT_PORTS[scheme])
    port_suffix = "" if port == _DEFAULT_PORTS[scheme] else f":{port}"
    return f"{scheme}://{host}{port_suffix}{url_parts['path'].rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether this host is this machine."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _match(url: str) -> re.Match[str]:
    """The parts of a service URL. Without TLS only this machine can be reached."""
    match = _URL.fullmatch(url) if len(url) <= MAX_URL_CHARACTERS else None
    if match is None or (match["scheme"].lower() == "http" and not is_loopback(match["host"].lower())):
        raise InvalidServiceUrl
    return match
