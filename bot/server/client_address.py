"""From which address a request comes, where proxies stand in between."""

import ipaddress
from collections.abc import Collection, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Network = IPv4Network | IPv6Network
_MAX_HOPS = 20
"""Addresses in X-Forwarded-For that are looked at, from the end."""


def client_address(peer: str | None, forwarded_for: Sequence[str], trusted_proxies: Collection[Network]) -> str | None:
    """The address that may not be forged: the last one that no trusted proxy has.

    `peer`: who opened the connection. `forwarded_for`: the values of X-Forwarded-For; each proxy adds at the end the
    address that it saw, and what stands before it can be invented.
    """
    address = peer
    hops = [hop for value in forwarded_for for hop in value.split(",")][-_MAX_HOPS:]
    for hop in reversed(hops):
        if not is_trusted(address, trusted_proxies):
            break
        parsed_address = _parse(hop.strip())
        if parsed_address is None:
            break
        address = str(parsed_address)
    return address


def is_trusted(address: str | None, trusted_proxies: Collection[Network]) -> bool:
    """Whether a trusted proxy has this address."""
    parsed_address = _parse(address or "") if trusted_proxies else None
    return parsed_address is not None and any(parsed_address in network for network in trusted_proxies)


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """An address as it stands in the header: some proxies add the port. None if it is none."""
    host = text.partition("]")[0].removeprefix("[") if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
