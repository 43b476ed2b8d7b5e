"""What Bolt's OAuth flow keeps with us: installations, and the states that it sends around through the browser."""

import hashlib
import secrets
from collections.abc import Callable

from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from sqlalchemy import Connection, bindparam, delete, insert
from sqlalchemy.exc import DBAPIError

from adapters.shared.caching.clocks import is_fresh
from adapters.shared.storage import Transactions, with_commit
from adapters.slack.directory.installations import Installation, StoredInstallations, installation_key
from adapters.slack.directory.tables import oauth_state

STATE_SECONDS = 600
_ISSUE = insert(oauth_state).values(hash=bindparam("hash"), expires_at=bindparam("expires"))
_CONSUME = delete(oauth_state).where(oauth_state.c.hash == bindparam("hash")).returning(oauth_state.c.expires_at)
_EXPIRE = delete(oauth_state).where(oauth_state.c.expires_at <= bindparam("now"))


class OAuthStates(AsyncOAuthStateStore):
    """The states under way. Of each, only a hash is kept; it works once, in whichever process, for ten minutes."""

    def __init__(self, database: Transactions, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def async_issue(self, *_args: object, **_kwargs: object) -> str:
        """A new state. Those that have expired are cleared away with it."""
        new, now = secrets.token_urlsafe(32), self._clock()

        def work(tx: Connection) -> None:
            tx.execute(_EXPIRE, {"now": now})
            tx.execute(_ISSUE, {"hash": _hash(new), "expires": now + STATE_SECONDS})
            tx.commit()

        await self._database.run(work)
        return new

    async def async_consume(self, state: str) -> bool:
        """Whether it was issued, not long ago, and this is its first use."""
        parameters = {"hash": _hash(state)}
        expires = await self._database.run(
            with_commit(lambda tx: tx.execute(_CONSUME, parameters).scalar_one_or_none())
        )
        now = self._clock()
        if expires is None or now >= expires:
            return False
        return is_fresh(expires - STATE_SECONDS, now, STATE_SECONDS)  # not if a clock that was ahead issued it


class BoltInstallationStore(AsyncInstallationStore):
    """Our installations as Bolt knows them."""

    def __init__(self, installations: StoredInstallations) -> None:
        self._installations = installations

    async def async_save(self, installation: SlackInstallation) -> None:
        """Keep it.

        Raises:
            BoltError: it could not be stored.

        """
        new = _from_bolt(installation)
        try:
            await self._installations.save(new)
        except DBAPIError as error:
            message = f"The installation was not stored: {type(error.orig).__name__}"
            raise BoltError(message) from None  # the error could show what was to be stored

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,  # noqa: ARG002 - there are no tokens of people
        is_enterprise_install: bool | None = False,
    ) -> SlackInstallation | None:
        """The installation that answers for this team."""
        installation = await self._installations.find_for_team(enterprise_id, team_id, org=bool(is_enterprise_install))
        return None if installation is None else _to_bolt(installation)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Its bot."""
        installation = await self._installations.find_for_team(enterprise_id, team_id, org=bool(is_enterprise_install))
        return None if installation is None else _to_bolt(installation).to_bot()

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget the workspace; without a team, the organisation."""
        await self._installations.forget(installation_key(enterprise_id, team_id, org=not team_id))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forget it, unless only one person's part is meant: there is none."""
        if user_id is None:
            await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)


def _from_bolt(theirs: SlackInstallation) -> Installation:
    org = theirs.is_enterprise_install
    enterprise, team = theirs.enterprise_id or "", "" if org else theirs.team_id or ""
    return Installation(
        workspace=installation_key(enterprise, team, org=org),
        enterprise=enterprise,
        team=team,
        name=(theirs.enterprise_name if org else theirs.team_name) or "",
        bot_user=theirs.bot_user_id or "",
        bot_token=theirs.bot_token or "",
        scopes=tuple(theirs.bot_scopes or ()),
        installed_by=theirs.user_id or "",
        installed_at=theirs.installed_at,
    )


def _to_bolt(ours: Installation) -> SlackInstallation:
    return SlackInstallation(
        enterprise_id=ours.enterprise or None,
        team_id=ours.team or None,
        team_name=ours.name,
        bot_token=ours.bot_token,
        bot_user_id=ours.bot_user,
        bot_scopes=ours.scopes,
        user_id=ours.installed_by,
        is_enterprise_install=not ours.team,
        installed_at=ours.installed_at,
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
