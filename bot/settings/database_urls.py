"""The URL of the database: which ones can be used, and how they are shown."""

from urllib.parse import quote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.settings.text import printable

HOW_TO_WRITE = "Write sqlite:///path/file.db or postgresql://user:password@host/database"
MASK = "***"
_SQLITE_PARAMETERS = frozenset({"timeout"})
_VISIBLE_PARAMETERS = frozenset(
    {"application_name", "connect_timeout", "dbname", "host", "hostaddr", "options", "port", "sslcert", "sslmode"}
    | {"sslrootcert", "target_session_attrs", "timeout", "user"}
)
"""Parameters of a URL that are shown; any other may be a secret."""
_POSTGRES = frozenset({"postgresql", "postgres"})
_DRIVER = "psycopg"
_ESCAPES = "In a password write %40 for @, %3A for :, %2F for /, %23 for #, %3F for ? and %25 for %"


def database_url(text: str) -> str:
    """The URL, if it is of SQLite or PostgreSQL and has no other driver than ours.

    Raises:
        ValueError: it cannot be used; the message does not repeat it.

    """
    scheme, separator, rest = printable(text).partition("://")
    normal_text = f"{scheme.lower()}{separator}{rest}"
    url = _parse(normal_text)
    name, _, driver = url.drivername.partition("+")
    if name == "sqlite":
        _check_sqlite(url, driver)
    elif name in _POSTGRES:
        _check_postgres(url, driver)
    else:
        message = f"this program does not work with {name}, only with SQLite and PostgreSQL. {HOW_TO_WRITE}"
        raise ValueError(message)
    return normal_text


def masked_url(text: str) -> str:
    """The URL without its password, and without those parameters that may be secrets."""
    url = make_url(text)
    masked_query = {name: value if name in _VISIBLE_PARAMETERS else MASK for name, value in url.query.items()}
    masked = url.set(query=masked_query).render_as_string(hide_password=True)
    return masked.replace(quote(MASK), MASK)


def _parse(text: str) -> URL:
    try:
        return make_url(text)
    except ArgumentError as error:
        message = f"this is not a database URL. {HOW_TO_WRITE}"
        raise ValueError(message) from error
    except ValueError as error:
        message = f"the port is no number, or the password contains a character that a URL cannot have. {_ESCAPES}"
        raise ValueError(message) from error


def _check_sqlite(url: URL, driver: str) -> None:
    if driver not in {"", "pysqlite"}:
        message = f"leave away +{driver}: SQLite needs no driver"
        raise ValueError(message)
    if url.host or url.username or url.port:
        message = "a file needs three slashes, sqlite:///path/file.db, and four from the root: sqlite:////path/file.db"
        raise ValueError(message)
    if url.database in {None, "", ":memory:"} or str(url.database).startswith("file:"):
        message = "name a file, as in sqlite:///var/trust-recover.db: what is only in memory would be lost"
        raise ValueError(message)
    if str(url.database).startswith("~"):
        message = "write the whole path instead of ~"
        raise ValueError(message)
    if unknown := set(url.query) - _SQLITE_PARAMETERS:
        message = f"SQLite has no parameter {', '.join(sorted(unknown))} here; leave it away"
        raise ValueError(message)


def _check_postgres(url: URL, driver: str) -> None:
    if driver not in {"", _DRIVER}:
        message = f"leave away +{driver}: the driver is always {_DRIVER}. Write postgresql://…"
        raise ValueError(message)
    if "@" in (url.host or "") or "#" in (url.host or ""):
        message = f"the password contains a character that a URL cannot have. {_ESCAPES}"
        raise ValueError(message)
