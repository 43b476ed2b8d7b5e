"""Where the app is installed, and the token with which it calls Slack there."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from math import inf
from typing import Protocol

from cachetools import TTLCache
from sqlalchemy import Connection, Row, bindparam, delete, select, update

from adapters.shared.caching.clocks import SteadyClock
from adapters.shared.crypto import Keys, NoMatchingKey, is_bound
from adapters.shared.storage import Transactions, upsert, with_commit
from adapters.slack.directory.tables import audience, card_position, installation, user

log = logging.getLogger(__name__)

MAX_CACHED_INSTALLATIONS, CACHE_SECONDS = 10_000, 30.0
"""Installations in memory, so that a request needs no query, and seconds until a change by another process is seen."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in one workspace, or in a whole organisation: then `team` is empty. `installed_at`: epoch seconds."""

    workspace: str
    enterprise: str
    team: str
    name: str
    bot_user: str
    bot_token: str = field(repr=False)
    scopes: tuple[str, ...]
    installed_by: str
    installed_at: float


class InstallationSource(Protocol):
    """Finds installations."""

    async def find(self, workspace: str) -> Installation | None:
        """The installation of exactly this workspace, or of this organisation."""
        ...

    async def find_for_team(self, enterprise: str | None, team: str | None, *, org: bool) -> Installation | None:
        """The installation that answers for this team: its own, or else its organisation's."""
        ...

    async def forget(self, workspace: str, at: float = inf) -> None:
        """The app was removed there, at this time."""
        ...


def installation_key(enterprise: str | None, team: str | None, *, org: bool) -> str:
    """The key of an installation: the team's id; the organisation's for an installation in all of it."""
    return (enterprise or team if org else team or enterprise) or ""


def installation_keys(enterprise: str | None, team: str | None, *, org: bool) -> tuple[str, ...]:
    """The keys under which the installation may be, the likeliest first."""
    exact = installation_key(enterprise, team, org=org)
    wider = enterprise or ""
    return tuple(dict.fromkeys(key for key in (exact, wider) if key))


_MINE = installation.c.workspace == bindparam("of")
_FIND = select(installation).where(installation.c.workspace.in_(bindparam("keys", expanding=True)))
_ALL = select(installation).order_by(installation.c.workspace)
_KEEP = upsert(installation, ("workspace",), *(c.name for c in installation.c if c.name != "workspace"))
_FORGET = [
    delete(table).where(table.c.workspace == bindparam("of")) for table in (installation, user, audience, card_position)
]
_LOCK_TOKENS = select(installation.c.workspace, installation.c.bot_token).with_for_update()
_RENEW = update(installation).where(_MINE).values(bot_token=bindparam("token"))


def delete_workspace(tx: Connection, workspace: str) -> None:
    """Delete an installation, and what is stored of its people, channels and guides."""
    for statement in _FORGET:
        tx.execute(statement, {"of": workspace})


class StoredInstallations:
    """The installations in the database. Their tokens are encrypted."""

    def __init__(self, database: Transactions, keys: Keys, clock: Callable[[], float]) -> None:
        self._database = database
        self._keys = keys
        self._cache: TTLCache[tuple[str, ...], Installation] = TTLCache(
            MAX_CACHED_INSTALLATIONS, CACHE_SECONDS, timer=SteadyClock(clock)
        )
        self._changes = 0

    async def find(self, workspace: str) -> Installation | None:
        """The installation of exactly this workspace, or of this organisation.

        Raises:
            NoMatchingKey: its token cannot be read.

        """
        return await self._first((workspace,))

    async def find_for_team(self, enterprise: str | None, team: str | None, *, org: bool) -> Installation | None:
        """The installation that answers for this team: its own, or else its organisation's.

        Raises:
            NoMatchingKey: its token cannot be read.

        """
        return await self._first(installation_keys(enterprise, team, org=org))

    async def all(self) -> tuple[Installation, ...]:
        """All of them, by workspace.

        Raises:
            NoMatchingKey: a token cannot be read.

        """
        rows = await self._database.run(lambda tx: tx.execute(_ALL).all())
        return tuple(self._read(row) for row in rows)

    async def save(self, new: Installation) -> None:
        """Store an installation, in place of an older one of the same workspace."""
        values = asdict(replace(new, bot_token=self._keys.encrypt(new.bot_token, _owner(new.workspace))))
        await self._database.run(with_commit(lambda tx: tx.execute(_KEEP[tx.dialect.name], values)))
        self._clear_cache()

    async def forget(self, workspace: str, at: float = inf) -> None:
        """Delete an installation and what is stored of its people and channels, unless it was installed again since.

        `at`: when the app was removed, in epoch seconds. Recoveries stay: they are not Slack's.
        """

        def work(tx: Connection) -> None:
            row = tx.execute(_FIND, {"keys": [workspace]}).first()
            if row is None or row.installed_at <= at:
                delete_workspace(tx, workspace)
                tx.commit()

        await self._database.run(work)
        self._clear_cache()

    async def bind_tokens(self) -> int:
        """Encrypt the tokens that an earlier release stored, each for its workspace; their number.

        All at once or none: where one token is bound already, one that is not was put there later, so it stays
        unreadable until somebody installs the app in that workspace again.
        """

        def work(tx: Connection) -> int:
            rows = tx.execute(_LOCK_TOKENS).all()
            unbound_rows = [row for row in rows if not is_bound(row.bot_token)]
            if len(unbound_rows) < len(rows):
                for row in unbound_rows:
                    log.error("workspace %s: its token is not bound to it. Install the app there again.", row.workspace)
                return 0
            tokens = {row.workspace: self._bind(row.workspace, row.bot_token) for row in unbound_rows}
            new_values = [{"of": workspace, "token": token} for workspace, token in tokens.items() if token]
            if new_values:
                tx.execute(_RENEW, new_values)
                tx.commit()
            return len(new_values)

        return await self._database.run(work)

    async def encrypt_again(self) -> int:
        """Encrypt all tokens with the first key and return their number. Older keys can then be removed.

        Tokens that an earlier release stored are to be bound first.

        Raises:
            NoMatchingKey: a token cannot be read; none was changed.

        """

        def work(tx: Connection) -> int:
            rows = tx.execute(_LOCK_TOKENS).all()
            new_values = [{"of": row.workspace, "token": self._renew(row.workspace, row.bot_token)} for row in rows]
            if new_values:
                tx.execute(_RENEW, new_values)
                tx.commit()
            return len(new_values)

        return await self._database.run(work)

    async def _first(self, keys: Sequence[str]) -> Installation | None:
        """The installation under the first of these keys that has one."""
        cache_key = tuple(keys)
        installation = self._cache.get(cache_key)
        if installation is not None or not cache_key:
            return installation
        changes = self._changes
        rows = await self._database.run(lambda tx: tx.execute(_FIND, {"keys": cache_key}).all())
        row = min(rows, key=lambda row: cache_key.index(row.workspace), default=None)
        if row is None:
            return None
        installation = self._read(row)
        if changes == self._changes:  # a row that was read before a change must not be kept after it
            self._cache[cache_key] = installation
        return installation

    def _read(self, row: Row[tuple[object, ...]]) -> Installation:
        values = row._asdict()
        return Installation(
            **values
            | {"bot_token": self._keys.decrypt(row.bot_token, _owner(row.workspace)), "scopes": tuple(row.scopes)}
        )

    def _renew(self, workspace: str, token: str) -> str:
        owner = _owner(workspace)
        return self._keys.encrypt(self._keys.decrypt(token, owner), owner)

    def _bind(self, workspace: str, token: str) -> str | None:
        """The token of an earlier release, encrypted for its workspace."""
        try:
            return self._keys.encrypt(self._keys.decrypt_unbound(token), _owner(workspace))
        except NoMatchingKey as error:
            log.error("workspace %s: %s", workspace, error)  # noqa: TRY400 - it says all
            return None

    def _clear_cache(self) -> None:
        self._changes += 1
        self._cache.clear()


def _owner(workspace: str) -> str:
    """Whose token it is, as encryption knows it."""
    return f"slack:{workspace}"
