"""Connections that we open: one rule for all of them about proxies and certificates.

The libraries have rules of their own: Slack's obeys HTTPS_PROXY but not NO_PROXY, aiohttp neither, requests both;
aiohttp takes certificates of authorities from SSL_CERT_FILE, requests from REQUESTS_CA_BUNDLE.
"""

import ipaddress
import os
import ssl
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

import certifi
from requests.utils import get_environ_proxies, select_proxy

from flows.errors import TrustRecoverError

PROXY_VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
CA_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""The first two stand in for the system's authorities, the others are added to them."""
_HTTP_SCHEMES = {"wss": "https", "ws": "http"}
_PROXY_SCHEMES = frozenset({"http", "https"})


class UnusableNetworkSettings(TrustRecoverError):
    """A variable of the environment for outgoing connections cannot be used."""


def proxy_for(url: str) -> str | None:
    """The proxy for this address, by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY; None: connect directly.

    This machine, and what only it can reach (the address of a managed identity), is always connected to directly.
    """
    parts = urlsplit(url)
    if _is_local(parts.hostname or ""):
        return None
    http_url = parts._replace(scheme=_HTTP_SCHEMES.get(parts.scheme, parts.scheme)).geturl()
    proxy = (select_proxy(http_url, get_environ_proxies(http_url)) or "").strip()
    if not proxy:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def tls_context() -> ssl.SSLContext:
    """How servers must prove who they are. Made once for the same environment.

    Raises:
        UnusableNetworkSettings: certificates that the environment names cannot be read.

    """
    return _tls_context(*(os.environ.get(name, "").strip() for name in CA_VARIABLES))


def check_environment() -> None:
    """See that the environment's proxies and certificates can be used.

    Raises:
        UnusableNetworkSettings: they cannot.

    """
    for name, value in network_variables().items():
        scheme = urlsplit(value if "://" in value else f"http://{value}").scheme.lower()
        if name.upper() in PROXY_VARIABLES and name.upper() != "NO_PROXY" and scheme not in _PROXY_SCHEMES:
            message = f"{name} names a proxy of the kind {scheme}. Only http:// and https:// proxies can be used."
            raise UnusableNetworkSettings(message)
    tls_context()


def network_variables(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables of the environment that have a value and by which outgoing connections go."""
    names = {*PROXY_VARIABLES, *map(str.lower, PROXY_VARIABLES), *CA_VARIABLES}
    return {name: environment[name] for name in sorted(names) if environment.get(name, "").strip()}


@lru_cache(maxsize=4)  # one in a process, more in tests
def _tls_context(file: str, folder: str, *further_files: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    paths = ssl.get_default_verify_paths()
    if file or folder:
        _load(context, "SSL_CERT_FILE or SSL_CERT_DIR", file, folder)
    elif paths.cafile or paths.capath:
        context.load_default_certs()
    else:
        context.load_verify_locations(certifi.where())
    for name, further_file in zip(CA_VARIABLES[2:], further_files, strict=True):
        if further_file:
            is_folder = os.path.isdir(further_file)  # noqa: PTH112 - requests takes either
            _load(context, name, "" if is_folder else further_file, further_file if is_folder else "")
    return context


def _load(context: ssl.SSLContext, name: str, file: str, folder: str) -> None:
    try:
        context.load_verify_locations(file or None, folder or None)
    except OSError as error:  # SSLError too: the file holds no certificate
        reason = "no certificate is in it" if isinstance(error, ssl.SSLError) else error.strerror
        message = f"The certificates of {name}={file or folder} cannot be read ({reason}). Name a file in PEM format."
        raise UnusableNetworkSettings(message) from error


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_link_local
