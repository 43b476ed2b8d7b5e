"""Host names and URLs of the settings, in the one form in which they are compared and shown."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from yarl import URL

from bot.settings.text import unbroken

DEFAULT_PORTS = {"https": 443, "http": 80}
LOCALHOST = "localhost"
ANY_SUBDOMAIN = "*."
_HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_loopback_host(host: str) -> bool:
    """Whether this name or address can only mean this machine. Of other names nobody knows where they lead."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == LOCALHOST


def host_name(text: str) -> str:
    """A host name or address as browsers send it: small letters, IDNA, without brackets and final dot.

    Raises:
        ValueError: it is neither.

    """
    name = text.strip("[]").removesuffix(".").lower()
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        pass
    if not name.isascii():
        try:
            name = URL.build(scheme="https", host=name).raw_host or ""
        except ValueError:
            name = ""
    if not _HOST_NAME.fullmatch(name):
        message = "this is no host name; write it as in bot.example.com"
        raise ValueError(message)
    return name


def listening_host(text: str) -> str:
    """The address or name to listen on.

    Raises:
        ValueError: there is a scheme, a port or a path, or it is no host name.

    """
    if text == "*":
        message = "write 0.0.0.0 for all addresses, or :: for those of IPv6 too"
        raise ValueError(message)
    address, _, zone = text.strip("[]").partition("%")
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        pass
    else:
        return f"{ip}%{zone}" if zone else str(ip)
    if re.search(r"[:/]", text):
        message = "write the address or the host name alone; the port is in TRUST_RECOVER_PORT"
        raise ValueError(message)
    return host_name(text)


def public_host(text: str) -> str:
    """The host name in a name, a name with a port, or an address: browsers' names, without their ports.

    Raises:
        ValueError: there is no host name in it, or a wildcard.

    """
    if "*" in text:
        message = "wildcards are not possible; name each host"
        raise ValueError(message)
    try:
        return host_name(str(ipaddress.ip_address(text.strip("[]"))))
    except ValueError:
        pass
    parts = _split(text if _SCHEME.match(text) else f"//{text}")
    return host_name(parts.hostname or "")


def service_host(text: str) -> str:
    """The same, or all names below a domain, which are written as in *.example.com.

    Raises:
        ValueError: there is no host name in it.

    """
    is_pattern = text.startswith(ANY_SUBDOMAIN)
    return ANY_SUBDOMAIN + host_name(text.removeprefix(ANY_SUBDOMAIN)) if is_pattern else public_host(text)


def web_url(text: str) -> str:
    """An address that begins with https://, or with http:// on this machine.

    Raises:
        ValueError: it is none, or contains a password or a fragment; the message does not repeat it.

    """
    parts, port = _web_parts(text)
    return parts._replace(scheme=parts.scheme.lower(), netloc=_netloc(parts, port)).geturl()


def base_url(text: str) -> str:
    """An address to which paths are added: as `web_url`, without a slash at its end and without a query.

    Raises:
        ValueError: as `web_url`, and if there is a query.

    """
    parts, port = _web_parts(text)
    if parts.query:
        message = "leave away the question mark and what comes after it"
        raise ValueError(message)
    return f"{parts.scheme.lower()}://{_netloc(parts, port)}{parts.path.rstrip('/')}"


def base_url_with_slash(text: str) -> str:
    """The same with a slash at its end, as Slack's library needs it.

    Raises:
        ValueError: as `base_url`.

    """
    return f"{base_url(text)}/"


def _web_parts(text: str) -> tuple[SplitResult, int | None]:
    parts = _split(unbroken(text))
    if parts.username is not None or parts.password is not None:
        message = "leave away the user name and the password before the @"
        raise ValueError(message)
    if parts.scheme.lower() not in DEFAULT_PORTS or not parts.hostname:
        message = "write the whole address, https:// first"
        raise ValueError(message)
    if parts.fragment:
        message = "leave away the # and what comes after it"
        raise ValueError(message)
    if re.search(r"[<>{}|\\^`\"']", text):
        message = "there is a character in it that an address cannot have"
        raise ValueError(message)
    host = host_name(parts.hostname)
    if parts.scheme.lower() != "https" and not is_loopback_host(host):
        message = "write https://; only an address of this machine may have http://"
        raise ValueError(message)
    return parts, parts.port


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # read late by urlsplit, and then it raises
    except ValueError as error:
        message = "this is no address; write it as in https://bot.example.com"
        raise ValueError(message) from error
    return parts


def _netloc(parts: SplitResult, port: int | None) -> str:
    host = host_name(parts.hostname or "")
    bracketed_host = f"[{host}]" if ":" in host else host
    is_default_port = port is None or port == DEFAULT_PORTS[parts.scheme.lower()]
    return bracketed_host if is_default_port else f"{bracketed_host}:{port}"


def network(text: str) -> str:
    """An address, or a network such as 10.0.0.0/8.

    Raises:
        ValueError: it is none, or means every address.

    """
    try:
        parsed_network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        message = "it has something that is no address and no network; write 10.0.0.5 or 10.0.0.0/8"
        raise ValueError(message) from None
    if parsed_network.prefixlen == 0:
        message = "it names every address there is; name those of your proxies"
        raise ValueError(message)
    return str(parsed_network)
