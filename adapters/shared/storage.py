"""What adapters know of the database: it runs transactions, and SQLite and PostgreSQL differ in some statements."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from sqlalchemy import JSON, Connection, Executable, MetaData
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

T = TypeVar("T")

Json = JSON().with_variant(postgresql.JSONB(), "postgresql")
"""A column's type for JSON."""

CONSTRAINT_ERRORS = (IntegrityError, DataError, ProgrammingError)
"""The data is wrong, not the database: a retry does not help, and other work can go on."""


def table_metadata(**more: str) -> MetaData:
    """For tables whose keys and indexes are named as in all migrations. `more`: names of other kinds."""
    names = {"ix": "ix_%(column_0_label)s", "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}
    return MetaData(naming_convention=names | more)


class Transactions(Protocol):
    """Runs transactions away from the event loop."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction and return its result. What `work` wrote is kept only if it called `commit`.

        `work` may run more than once. It must not wait for anything but the database.

        Raises:
            DBAPIError: the transaction was not committed, or it is not known whether it was.

        """
        ...


def with_commit(work: Callable[[Connection], T]) -> Callable[[Connection], T]:
    """The same work, with a commit as its last step."""

    def work_and_commit(tx: Connection) -> T:
        result = work(tx)
        tx.commit()
        return result

    return work_and_commit


def per_dialect(statement: Callable[[Any], Executable]) -> dict[str, Executable]:
    """A statement for each database, of the database's own `insert`, the one that knows ON CONFLICT."""
    return {"sqlite": statement(sqlite.insert), "postgresql": statement(postgresql.insert)}


def upsert(table: Any, keys: tuple[str, ...], *names: str) -> dict[str, Executable]:  # noqa: ANN401 - a Table
    """Insert a row, or write these columns over the one that is there."""

    def statement(dialect_insert: Any) -> Executable:  # noqa: ANN401 - the two inserts share no base with ON CONFLICT
        row = dialect_insert(table)
        changes = {name: row.excluded[name] for name in names}
        upsert_statement: Executable = row.on_conflict_do_update(index_elements=keys, set_=changes)
        return upsert_statement

    return per_dialect(statement)
