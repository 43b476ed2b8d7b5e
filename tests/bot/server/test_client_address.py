"""The address of a visitor behind proxies: nobody can choose it."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.attempts import address_group
from bot.server.client_address import client_address
from bot.settings import Settings
from tests.examples import examples

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
VISITOR, PROXY, INNER_PROXY = "198.51.100.7", "10.1.2.3", "fd00::5"


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        (VISITOR, [], VISITOR),
        (VISITOR, ["203.0.113.9"], VISITOR),
        (PROXY, [VISITOR], VISITOR),
        (PROXY, [f"203.0.113.9, {VISITOR}"], VISITOR),
        (PROXY, ["203.0.113.9", VISITOR], VISITOR),
        (INNER_PROXY, [f"203.0.113.9, {VISITOR}, {PROXY}"], VISITOR),
        (PROXY, [f"{VISITOR}:4711"], VISITOR),
        (PROXY, ["[2001:db8::1]:4711"], "2001:db8::1"),
        (PROXY, ["2001:db8::1"], "2001:db8::1"),
        ("::ffff:10.1.2.3", [VISITOR], VISITOR),
        (PROXY, [], PROXY),
        (PROXY, ["unknown"], PROXY),
        (PROXY, [f"{VISITOR}, nonsense"], PROXY),
        (PROXY, [""], PROXY),
        (None, [VISITOR], None),
    ],
)
def test_the_last_address_that_no_proxy_of_ours_has_counts(
    peer: str | None, forwarded_for: list[str], address: str | None
) -> None:
    assert client_address(peer, forwarded_for, PROXIES) == address


@given(invented=st.lists(st.text(max_size=20) | st.ip_addresses().map(str), max_size=5))
@examples(200)
def test_what_a_visitor_sends_along_changes_nothing(invented: list[str]) -> None:
    assert client_address(PROXY, [",".join([*invented, VISITOR])], PROXIES) == VISITOR
    assert client_address(PROXY, [*invented, VISITOR], PROXIES) == VISITOR
    assert client_address(VISITOR, invented, PROXIES) == VISITOR
    assert client_address(VISITOR, invented, ()) == VISITOR


@given(network=st.ip_addresses(v=6), rest=st.integers(0, 2**64 - 1))
@examples(100)
def test_what_one_customer_has_of_ipv6_counts_as_one_address(network: object, rest: int) -> None:
    one = ip_address(str(network))
    other = ip_address(int(one) >> 64 << 64 | rest)
    if one.version == 6 and one.ipv4_mapped is None and int(one) >> 64:
        assert address_group(str(one)) == address_group(str(other))


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "proxy.example", "10.0.0.5/40", "10.0.0"])
def test_a_network_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies=text)
