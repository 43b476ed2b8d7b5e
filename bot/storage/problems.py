"""What is wrong with the database, in words, and said in the log once: when it begins and when it is over."""

import logging
import sqlite3

from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

READ_ONLY_STATE, DISK_FULL_STATE, STARTING_STATE, TOO_MANY_CONNECTIONS_STATE = "25006", "53100", "57P03", "53300"
"""PostgreSQL's codes."""
READ_ONLY = "the database is read-only"
_READ_ONLY_SESSION = "session is read-only"
"""libpq's words when it looked for a server that can be written and found one that cannot."""
_POSTGRES_PROBLEMS = {
    READ_ONLY_STATE: READ_ONLY,
    DISK_FULL_STATE: "the database's disk is full",
    STARTING_STATE: "the database is starting or stopping",
    TOO_MANY_CONNECTIONS_STATE: "the database has no connection left",
}
_SQLITE_PROBLEMS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the database file cannot be written",
    sqlite3.SQLITE_IOERR: "the database file cannot be written",
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged",
    sqlite3.SQLITE_NOTADB: "the database file is no SQLite database, or it is encrypted",
}


def storage_problem(error: DBAPIError) -> str:
    """Why nothing can be stored until somebody mends it; empty if this error is of another kind."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return str(error.orig)
    if code is not None:
        return _SQLITE_PROBLEMS.get(code & 0xFF, "")
    if _READ_ONLY_SESSION in str(error.orig):
        return READ_ONLY
    return _POSTGRES_PROBLEMS.get(getattr(error.orig, "sqlstate", None) or "", "")


class ProblemLog:
    """Writes into the log when a problem begins and when it is over, however many requests meet it.

    A database that cannot be used from the beginning is not its matter: the program says so and ends.
    """

    def __init__(self) -> None:
        self.current = ""
        self._has_worked = False

    def failure(self, error: DBAPIError) -> None:
        """A transaction failed by this error."""
        problem = storage_problem(error)
        if problem and problem != self.current and self._has_worked:
            log.critical("nothing can be stored, and nothing is acknowledged: %s", problem)
            self.current = problem

    def success(self, *, is_stored: bool) -> None:
        """A transaction ended without an error. `is_stored`: it was committed."""
        self._has_worked = True
        if self.current and is_stored:
            log.warning("it can be stored again; it was: %s", self.current)
            self.current = ""
