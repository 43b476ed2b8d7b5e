"""The SQLite file: for one process alone, for its owner's eyes only, and still the one that was opened."""

import logging
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError

from bot.errors import DatabaseBusy, DatabaseUnusable

log = logging.getLogger(__name__)

FOLDER_MODE, FILE_MODE = 0o700, 0o600
"""Rights of what we make: client's words and tokens are in it."""
_COMPANIONS = ("-wal", "-shm")
"""SQLite's files beside the database. They hold what was committed last."""
_HEADER = b"SQLite format 3\0"
"""What a database begins with, unless it is empty."""

FileIdentity = tuple[int, int]
"""Device and inode."""


class DatabaseFileChange(sqlite3.OperationalError):
    """The file at the path is not the one that is open: what is written now would be lost."""

    def __init__(self, file: str, change: str) -> None:
        super().__init__(f"{file} was {change} while it was in use")
        self.sqlite_errorcode = sqlite3.SQLITE_READONLY_DBMOVED


@contextmanager
def exclusive_file(url: URL) -> Iterator[None]:
    """Hold the SQLite file for this process alone; on PostgreSQL, nothing to do.

    What is missing is made: folders and files that only their owner can read.

    Raises:
        DatabaseBusy: another process has it.
        DatabaseUnusable: the folder cannot be made or written.

    """
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        yield
        return
    file = Path(str(url.database))
    lock = FileLock(f"{file}.lock", mode=FILE_MODE)
    try:
        _make_folder(file.parent)
        lock.acquire(timeout=0)
        _make_private(file)
    except Timeout as error:
        message = (
            f"Another process uses {file}. Stop it first, or set TRUST_RECOVER_DATABASE_URL to another file; "
            "several processes can share a PostgreSQL database."
        )
        raise DatabaseBusy(message) from error
    except OSError as error:
        message = f"{file} cannot be written ({error.strerror}). Choose another TRUST_RECOVER_DATABASE_URL."
        raise DatabaseUnusable(message) from error
    try:
        yield
    finally:
        lock.release()


def _make_folder(folder: Path) -> None:
    missing_folders = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing_folders):
        one.mkdir(mode=FOLDER_MODE, exist_ok=True)


def _make_private(file: Path) -> None:
    """Make the file if it is missing, and take away other users' rights to it and to the files beside it.

    SQLite gives the files beside the database the rights of the database.
    """
    if file.is_dir():
        message = f"{file} is a folder. Name a file in TRUST_RECOVER_DATABASE_URL: sqlite:///{file}/trust-recover.db."
        raise DatabaseUnusable(message)
    if not file.exists() and not str(file).startswith("file:"):
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, FILE_MODE))
    if os.name != "posix" or not _is_database(file):
        return  # somebody else's: it stays as it is, and SQLite refuses it
    for one in (file, *(Path(f"{file}{ending}") for ending in (*_COMPANIONS, "-journal", ".lock"))):
        if one.exists() and one.stat().st_mode & stat.S_IROTH:
            _take_rights_of_others(one)


def _is_database(file: Path) -> bool:
    if not file.exists():
        return False
    with file.open("rb") as content:
        return content.read(len(_HEADER)) in {_HEADER, b""}


def _take_rights_of_others(file: Path) -> None:
    try:
        file.chmod(FILE_MODE)
    except OSError as error:
        log.warning("%s can be read by every user of this machine (chmod 600 mends it): %s", file, error.strerror)
        return
    log.warning("%s could be read by every user of this machine; from now on only its owner can", file)


def save_copy(connection: sqlite3.Connection, file: Path) -> None:
    """Save what the open database holds beside the place where its file was, and say where, or why not."""
    names = (Path(f"{file}.rescued{f'-{number}' if number > 1 else ''}") for number in count(1))
    copy = next(name for name in names if not name.exists())
    try:
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))
        connection.execute("VACUUM INTO ?", (str(copy),))
    except (OSError, sqlite3.Error) as error:
        log.critical("what was acknowledged could not be saved as %s: %s", copy, error)
        return
    log.critical("what was acknowledged is saved as %s: stop the server, move it to %s, start the server", copy, file)


class OpenFile:
    """The SQLite file that is open. It learns which one that is when the first connection is made."""

    def __init__(self) -> None:
        self._identities: dict[str, FileIdentity] = {}

    def remember(self, connection: sqlite3.Connection) -> None:
        """Keep which files a new connection has opened. A database in memory has none."""
        if self._identities:
            return
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # this opens the files beside it
        for _, name, file in connection.execute("PRAGMA database_list").fetchall():
            if name == "main" and file:
                paths = (file, *(f"{file}{ending}" for ending in _COMPANIONS))
                self._identities = {path: _identity(os.stat(path)) for path in paths if os.path.exists(path)}  # noqa: PTH110, PTH116 - a Path costs more than the call, and this is asked twice a transaction

    @property
    def path(self) -> Path:
        """Where the file is, or was. Only for a database that has one and was opened."""
        return Path(next(iter(self._identities)))

    def check(self) -> None:
        """See that the files are still in their places. Takes a few microseconds.

        Raises:
            OperationalError: one was deleted, moved or replaced.

        """
        for path, identity in self._identities.items():
            try:
                current = _identity(os.stat(path))  # noqa: PTH116 - as above
            except FileNotFoundError:
                raise OperationalError(None, None, DatabaseFileChange(path, "deleted or moved")) from None
            except OSError as error:
                raise OperationalError(
                    None, None, DatabaseFileChange(path, f"made unreachable ({error.strerror})")
                ) from None
            if current != identity:
                raise OperationalError(None, None, DatabaseFileChange(path, "replaced"))


def _identity(status: os.stat_result) -> FileIdentity:
    return status.st_dev, status.st_ino
