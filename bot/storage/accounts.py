"""The client companies: what each is called, and where its account team talks."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from adapters.shared.storage import upsert
from bot.storage import recoveries
from bot.storage import tables as t
from flows.state.identity import Person, Place
from flows.text import name_key

_a = t.account.c
_OF_WORKSPACE = (_a.platform == bindparam("platform")) & (_a.workspace == bindparam("workspace"))
_BY_KEY = select(t.account).where(_OF_WORKSPACE, _a.key == bindparam("named"))
_IN_CONVERSATION = (
    select(_a.name).where(_OF_WORKSPACE, _a.conversation == bindparam("conversation")).order_by(_a.used_at.desc())
)
_IN_THREAD = _IN_CONVERSATION.where(_a.thread == bindparam("thread"))
_KEYS = ("platform", "workspace", "key")
_KEEP = upsert(t.account, _KEYS, "name", "conversation", "thread", "has_external_users", "used_at")
_SET_READERS = (
    update(t.account)
    .where(_a.platform == bindparam("of_platform"), _a.workspace == bindparam("of_workspace"))
    .where(_a.conversation == bindparam("of_conversation"))
    .values(has_external_users=bindparam("has_external_users"))
)

_MOVE = (
    update(t.account)
    .where(_a.platform == bindparam("of_platform"), _a.workspace == bindparam("of_workspace"))
    .where(_a.conversation == bindparam("of_conversation"))
    .values(conversation=bindparam("new_conversation"))
)


@dataclass(frozen=True, slots=True)
class AccountThread:
    """Where an account's team talks, and whether people outside the company can read it."""

    place: Place
    has_external_users: bool


def account_thread(tx: Connection, name: str, actor: Person, at: AccountThread) -> AccountThread:
    """Where a recovery with this account belongs that starts `at`: there, or in the thread that the account remembers.

    The remembered one counts where nobody named a thread, and no other conversation. Elsewhere than in it, it counts
    for those alone who led a recovery there: others might not be allowed to read it.
    """
    here = at.place
    row = tx.execute(_BY_KEY, {"platform": here.platform, "workspace": here.workspace, "named": name_key(name)}).first()
    if row is None or here.thread or here.conversation not in {"", row.conversation}:
        return at
    place = Place(here.platform, here.workspace, row.conversation, row.thread)
    if not here.conversation and not recoveries.ids_in_conversation(tx, place, led_by=actor, open_only=False):
        return at
    return AccountThread(place, at.has_external_users if here.conversation else row.has_external_users)


def remember_thread(tx: Connection, name: str, home: AccountThread, now: float) -> None:
    """Remember where this account's team talks."""
    place = home.place
    if not place.conversation:
        return
    row = {name: getattr(place, name) for name in ("platform", "workspace", "conversation", "thread")}
    row |= {"key": name_key(name), "name": name, "has_external_users": home.has_external_users, "used_at": now}
    tx.execute(_KEEP[tx.dialect.name], row)


def account_at(tx: Connection, place: Place) -> str:
    """The account whose team talks here; empty if there is none, or more than one."""
    if not place.conversation:
        return ""
    here = {name: getattr(place, name) for name in ("platform", "workspace", "conversation", "thread")}
    names = tx.execute(_IN_THREAD, here).scalars().all() if place.thread else []
    names = names or tx.execute(_IN_CONVERSATION, here).scalars().all()
    return names[0] if len(names) == 1 else ""


def move_conversation(tx: Connection, place: Place, new_conversation: str) -> None:
    """The conversation has another id from now on."""
    here = {f"of_{name}": getattr(place, name) for name in ("platform", "workspace", "conversation")}
    tx.execute(_MOVE, here | {"new_conversation": new_conversation})


def set_readers(tx: Connection, place: Place, *, has_external_users: bool) -> None:
    """People outside the company can read this conversation from now on, or no longer."""
    here = {f"of_{name}": getattr(place, name) for name in ("platform", "workspace", "conversation")}
    tx.execute(_SET_READERS, here | {"has_external_users": has_external_users})
