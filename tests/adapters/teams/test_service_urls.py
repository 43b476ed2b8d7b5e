"""The addresses to which our token is sent: one spelling for each, and only hosts of the list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.service_urls import (
    SERVICE_HOSTS,
    ForbiddenServiceHost,
    InvalidServiceUrl,
    ServiceHosts,
    normalize_service_url,
)
from bot.errors import BadSettings
from bot.server.teams import service_hosts
from bot.settings import load_settings

PUBLIC = "https://smba.trafficmanager.net/emea"


@pytest.mark.parametrize(
    "url",
    [
        PUBLIC,
        PUBLIC + "/",
        PUBLIC + "//",
        "https://SMBA.TrafficManager.net/emea/",
        "HTTPS://smba.trafficmanager.net:443/emea",
        "https://smba.trafficmanager.net:0443/emea",
    ],
)
def test_an_address_has_one_spelling(url: str) -> None:
    assert normalize_service_url(url) == PUBLIC
    assert normalize_service_url(PUBLIC) == PUBLIC


def test_what_makes_another_address_is_kept() -> None:
    assert normalize_service_url("https://smba.trafficmanager.net:8443/EMEA/x") == (
        "https://smba.trafficmanager.net:8443/EMEA/x"
    )
    assert normalize_service_url("http://[::1]:80/") == "http://[::1]"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "smba.trafficmanager.net",
        "http://smba.trafficmanager.net/",
        "https://user@smba.trafficmanager.net/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://smba.trafficmanager.net\\@evil.example/",
        "https://smba.trafficmanager.net/?x=1",
        "https://smba.trafficmanager.net/#x",
        "https://smba.trafficmanager.net/ ",
        "https://smba.trafficmanager.net/\n",
        "https://smba.traffic\tmanager.net/",
        "https://smba.trafficmanager.net:99999999/",
        "https://smba.trafficmanager.nét/",
        "https://smba.trafficmanager.net./",
        "https:///emea",
        "//smba.trafficmanager.net/",
        "ftp://localhost/",
        PUBLIC + "/" + "x" * 500,
    ],
)
def test_what_is_no_plain_https_address_is_none(url: str) -> None:
    with pytest.raises(InvalidServiceUrl):
        normalize_service_url(url)


@given(st.text() | st.text("https://smba.trafficmanager.net:443/emea@?#\\%[] "))
def test_a_normalized_address_stays_as_it_is(url: str) -> None:
    try:
        normalized_url = normalize_service_url(url)
    except InvalidServiceUrl:
        return
    assert normalize_service_url(normalized_url) == normalized_url


@pytest.mark.parametrize("host", SERVICE_HOSTS)
def test_the_hosts_that_microsoft_documents_are_in_the_list(host: str) -> None:
    ServiceHosts().check(f"https://{host}/teams")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "smba.trafficmanager.net.evil.example",
        "xsmba.trafficmanager.net",
        "evil.trafficmanager.net",
        "trafficmanager.net",
        "localhost",
        "127.0.0.1",
        "169.254.169.254",
        "[::1]",
    ],
)
def test_another_host_is_forbidden_and_the_error_names_the_setting(host: str) -> None:
    with pytest.raises(ForbiddenServiceHost, match="TRUST_RECOVER_TEAMS_SERVICE_HOSTS"):
        ServiceHosts().check(f"https://{host}/teams")


def test_a_star_stands_for_all_names_below_a_domain() -> None:
    hosts = ServiceHosts(frozenset({"*.botframework.azure.cn"}))
    hosts.check("https://msteams.botframework.azure.cn/")
    hosts.check("https://a.b.botframework.azure.cn/")
    for host in ("botframework.azure.cn", "evilbotframework.azure.cn", "botframework.azure.cn.evil.example"):
        with pytest.raises(ForbiddenServiceHost):
            hosts.check(f"https://{host}/")


# --- the setting


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("", set(SERVICE_HOSTS)),
        ("SMBA.example", {"smba.example"}),
        ("https://smba.example/teams, *.Azure.cn", {"smba.example", "*.azure.cn"}),
        ("smba.example:443,", {"smba.example"}),
    ],
)
def test_the_setting_is_read_as_it_is_meant(value: str, names: set[str]) -> None:
    assert service_hosts(load_settings(teams_service_hosts=value)).names == names


@pytest.mark.parametrize("value", ["*", "https://", "smba_example!", "*.*.example", ","])
def test_what_is_no_host_is_refused_by_name(value: str) -> None:
    with pytest.raises(BadSettings, match="TRUST_RECOVER_TEAMS_SERVICE_HOSTS"):
        load_settings(teams_service_hosts=value)


@pytest.mark.parametrize(
    ("openid_url", "is_allowed"),
    [
        ("http://127.0.0.1:9/", True),
        ("http://localhost:9/", True),
        ("https://login.botframework.com/v1/x", False),
        ("https://localhost.example/", False),
        ("", False),
    ],
)
def test_this_machine_is_allowed_only_where_the_signing_keys_come_from_it_too(
    openid_url: str, *, is_allowed: bool
) -> None:
    assert service_hosts(load_settings(teams_openid_url=openid_url)).allows_loopback == is_allowed
