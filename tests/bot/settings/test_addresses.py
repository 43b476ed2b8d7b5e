"""Hosts and URLs: one form for each, and only what can be decided counts as this machine."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadSettings
from bot.settings import Settings, describe_settings, load_settings
from bot.settings.database_urls import database_url, masked_url
from tests.bot.settings.sample_settings import use_environment
from tests.examples import examples


def settings_of(**values: str) -> Settings:
    return Settings(**values, _env_file=None)  # type: ignore[arg-type]  # pydantic reads the texts


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "[::1]", "localhost", "LocalHost.", " localhost "])
def test_this_machine(host: str) -> None:
    assert settings_of(host=host).is_loopback


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",
        "::",
        "[::]",
        "0",
        "127.1",
        "2130706433",
        "::ffff:127.0.0.1",
        "::ffff:0.0.0.0",
        "10.0.0.1",
        "fe80::1%eth0",
        "localhost.example.com",
        "ip6-localhost",
        "my-laptop",
        "localhost.localdomain",
    ],
)
def test_what_others_may_reach_needs_a_token(host: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_environment(monkeypatch, tmp_path, host=host)
    with pytest.raises(BadSettings, match="needs an access token"):
        load_settings()
    use_environment(monkeypatch, tmp_path, host=host, access_token="correct horse battery staple")
    assert not load_settings().is_loopback


@pytest.mark.parametrize(
    "host", ["*", "http://127.0.0.1", "localhost:9090", "127.0.0.1:80", "[::1]:80", "a/b", "a_\x00b", "a,b", "a b", "-"]
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="host"):
        settings_of(host=host)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Bot.Example.COM", "bot.example.com"),
        ("bot.example.com:8443", "bot.example.com"),
        ("https://bot.example.com/slack?x=1", "bot.example.com"),
        ("bot.example.com.", "bot.example.com"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("[2001:DB8::0:1]:8080", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("192.0.2.7:80", "192.0.2.7"),
        ("my_service", "my_service"),
    ],
)
def test_a_public_host_is_what_browsers_send(text: str, host: str) -> None:
    assert settings_of(public_hosts=f"{text}; other.example").host_names == (host, "other.example")


@pytest.mark.parametrize(
    "text", ["*.example.com", "*", "bot..example.com", "https://", "bot.example.com:port", "a@b_c!/"]
)
def test_what_names_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="public_hosts"):
        settings_of(public_hosts=text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://bot.example.com", "https://bot.example.com"),
        ("HTTPS://Bot.Example.com./", "https://bot.example.com"),
        ("https://bot.example.com:443/guide///", "https://bot.example.com/guide"),
        ("https://bot.example.com:8443", "https://bot.example.com:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("“https://bot.example.com”\n", "https://bot.example.com"),
    ],
)
def test_the_public_address_has_one_form(text: str, url: str) -> None:
    assert settings_of(public_url=text).public_url == url


@pytest.mark.parametrize(
    "name", ["public_url", "slack_api_url", "slack_authorize_url", "teams_login_url", "teams_openid_url"]
)
@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("bot.example.com", "https:// first"),
        ("bot.example.com:8443/x", "https:// first"),
        ("//bot.example.com", "https:// first"),
        ("ftp://bot.example.com", "https:// first"),
        ("https:///path", "https:// first"),
        ("http://bot.example.com", "write https://"),
        ("http://localhost.example.com", "write https://"),
        ("https://ana:s3cret@bot.example.com", "user name and the password"),
        ("https://bot.example.com/#top", "#"),
        ("https://bot.example.com:port", "no address"),
        ("https://[bot", "no address"),
        ('https://bot.example.com/"quoted"/x', "character"),
        ("https://bot example.com", "blank"),
        ("https://bot.example.com,https://b.example.com", "host name"),
    ],
)
def test_an_address_that_cannot_work_is_refused(
    name: str, text: str, remedy: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_environment(monkeypatch, tmp_path, **{name: text})
    with pytest.raises(BadSettings) as error:
        load_settings()
    assert f"TRUST_RECOVER_{name.upper()}" in str(error.value)
    assert remedy.lower() in str(error.value).lower()
    assert "s3cret" not in str(error.value)


def test_slack_gets_the_slash_that_its_library_needs() -> None:
    assert settings_of(slack_api_url="https://slack-gov.com/api").slack_api_url == "https://slack-gov.com/api/"


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("postgresql+asyncpg://ana:s3cret@db/room", "leave away +asyncpg"),
        ("postgresql+psycopg2://ana:s3cret@db/room", "leave away +psycopg2"),
        ("postgres+pg8000://ana:s3cret@db/room", "leave away +pg8000"),
        ("sqlite+aiosqlite:///room.db", "leave away +aiosqlite"),
        ("mysql://ana:s3cret@db/room", "does not work with mysql"),
        ("mysql+pymysql://ana:s3cret@db/room", "does not work with mysql"),
        ("mssql+pyodbc://ana:s3cret@dsn", "does not work with mssql"),
        ("https://ana:s3cret@db/room", "does not work with https"),
        ("sqlite://var/room.db", "three slashes"),
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("sqlite:///file:room?mode=memory&uri=true", "name a file"),
        ("sqlite:///~/room.db", "instead of ~"),
        ("sqlite:///room.db?mode=ro", "no parameter mode"),
        ("sqlite:var/room.db", "not a database URL"),
        ("var/room.db", "not a database URL"),
        ("postgresql://ana:s3cret@db:port/room", "port is no number"),
        ("postgresql://ana:s3@cret@db/room", "write %40 for @"),
        ("postgresql://ana:s3cret@db/ro\nom", "cannot be seen"),
    ],
)
def test_a_database_url_that_cannot_work_is_refused(
    url: str, remedy: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_environment(monkeypatch, tmp_path, database_url=url)
    with pytest.raises(BadSettings) as error:
        load_settings()
    assert "TRUST_RECOVER_DATABASE_URL: " in str(error.value)
    assert remedy.lower() in str(error.value).lower()
    assert "cret" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("PostgreSQL://db/room", "postgresql://db/room"),
        ("postgres://db/room", "postgres://db/room"),
        ("postgresql+psycopg://db/room", "postgresql+psycopg://db/room"),
        ("postgresql:///room?host=/var/run/postgresql", "postgresql:///room?host=/var/run/postgresql"),
        ("postgresql://ana:s3%40cret@[::1]:5433/room", "postgresql://ana:s3%40cret@[::1]:5433/room"),
        ("SQLite:////var/room.db", "sqlite:////var/room.db"),
    ],
)
def test_a_database_url_that_works_is_kept(url: str, form: str) -> None:
    assert database_url(url) == form


SECRETS = st.text("abcXYZ019_-~!", min_size=8, max_size=20).map(lambda text: f"hunter2{text}")


@given(
    password=SECRETS,
    name=st.sampled_from(
        ["password", "sslpassword", "passfile", "oauth_client_secret", "PASSWORD", "pwd", "token", "x"]
    ),
    is_user_info=st.booleans(),
)
@examples(100)
def test_no_password_of_a_url_is_shown_wherever_it_stands(password: str, name: str, *, is_user_info: bool) -> None:
    url = (
        f"postgresql://ana:{password}@db/room"
        if is_user_info
        else f"postgresql://ana@db/room?sslmode=require&{name}={password}"
    )
    shown = "\n".join(describe_settings(settings_of(database_url=url)))
    assert "hunter2" not in shown
    assert "***" in masked_url(url)
    assert is_user_info or "sslmode=require" in shown


def test_config_shows_the_proxy_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://ana:hunter2@proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", ".example.com")
    shown = describe_settings(settings_of())
    assert "HTTPS_PROXY=http://***@proxy.example.com:3128" in shown
    assert "NO_PROXY=.example.com" in shown
