"""The books after a chaos: what the database holds against what the platform showed and the clients were told."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.storage import recoveries
from bot.storage import tables as t
from bot.storage.flow_registry import FlowRegistry
from flows.engine.advance import advance
from flows.screens.card import guide_card
from flows.state.effects import PostLineToThread, PostSummaryToThread, SendPrivateMessage, ShowCard
from flows.state.recovery import Recovery
from tests.concurrency.database_reader import FIRED, MAIL, count
from tests.concurrency.fake_platform import FakePlatform
from tests.concurrency.wire_format import lasting_card_text

Mail = Sequence[Row[Any]]
SENDS = (ShowCard, SendPrivateMessage, PostLineToThread, PostSummaryToThread)


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything is a count.

    `lost`: events that were acknowledged and are not in the inbox. `unlike_events`: recoveries whose state or mail is
    not what their events make.
    """

    recoveries: int
    transitions: int
    inbox: int
    fired: int
    events: int
    outbox: int
    sent: int
    shown: int
    never_posted: int
    phantom: int
    out_of_order: int
    too_early: int
    duplicates: int
    lost: int
    wrong_cards: int
    unlike_events: int

    def broken(self, most_duplicates: int) -> list[str]:
        """Every promise that was not kept."""
        promises = {
            "transitions = inbox + timers fired": self.transitions == self.inbox + self.fired,
            "one event a transition": self.transitions == self.events,
            "outbox = sent": self.outbox == self.sent,
            f"duplicates at most {most_duplicates}": self.duplicates <= most_duplicates,
        }
        zero = ("never_posted", "phantom", "out_of_order", "too_early", "lost", "wrong_cards", "unlike_events")
        figures = asdict(self)
        promises |= {f"{name} 0": figures[name] == 0 for name in zero}
        return [f"{promise}: {self}" for promise, kept in promises.items() if not kept]


def audit(tx: Connection, library: FlowRegistry, platform: FakePlatform, acknowledged: Iterable[str]) -> Audit:
    """Count everything, once all is quiet."""
    mail = tx.execute(MAIL).all()
    keys = platform.keys()
    post_keys = {row.idempotency_key for row in mail if row.card_key is None}
    ids = tx.execute(select(t.recovery.c.id)).scalars().all()
    known = {event_id.split(":")[2] for event_id in tx.execute(select(t.inbox.c.event_id)).scalars()}
    return Audit(
        recoveries=len(ids),
        transitions=tx.execute(select(func.sum(t.recovery.c.version))).scalar_one(),
        inbox=count(tx, select(t.inbox)),
        fired=count(tx, FIRED),
        events=count(tx, select(t.event)),
        outbox=len(mail),
        sent=sum(row.state == "sent" for row in mail),
        shown=len(platform.shown),
        never_posted=len(post_keys - set(keys))
        + len({row.card_key for row in mail if row.card_key} - set(platform.cards)),
        phantom=len(set(keys) - post_keys) + len(set(platform.cards) - {row.card_key for row in mail}),
        out_of_order=out_of_order(mail, keys),
        too_early=len(platform.too_early),
        duplicates=sum(times - 1 for times in Counter(keys).values()),
        lost=len(set(acknowledged) - known),
        wrong_cards=sum(_wrong_card(tx, library, platform, recovery_id) for recovery_id in ids),
        unlike_events=sum(_unlike_events(tx, library, recovery_id, mail) for recovery_id in ids),
    )


def out_of_order(mail: Mail, keys: Sequence[str]) -> int:
    """How many messages were first shown after a later one of the same recovery and lane."""
    known = {row.idempotency_key: row for row in mail}
    newest: dict[tuple[str, str], int] = defaultdict(int)
    late = 0
    for key in dict.fromkeys(keys):
        row = known.get(key)
        if row is None:  # a phantom is counted as that
            continue
        within = (row.recovery_id, row.queue)
        late += row.id < newest[within]
        newest[within] = max(newest[within], row.id)
    return late


def _loaded(tx: Connection, recovery_id: str) -> Recovery:
    recovery = recoveries.load(tx, recovery_id)
    assert recovery
    return recovery


def _wrong_card(tx: Connection, library: FlowRegistry, platform: FakePlatform, recovery_id: str) -> bool:
    """Whether the last card that its responder got is another than the state would give."""
    recovery = _loaded(tx, recovery_id)
    to = recovery.responder
    flow = library.get_version(tx, recovery.flow, recovery.flow_version)
    right = guide_card(flow, recovery, to, library.localizer(recovery.language, recovery.timezone), time.time())
    seen = platform.cards.get(f"{recovery_id}:{to.user_id}")
    return seen is None or (seen.visit, seen.text) != (recovery.card_revision, lasting_card_text(right))


def _unlike_events(tx: Connection, library: FlowRegistry, recovery_id: str, mail: Mail) -> bool:
    """Whether replaying the events gives another state or other mail than what is stored."""
    stored = _loaded(tx, recovery_id)
    flow = library.get_version(tx, stored.flow, stored.flow_version)
    replayed: Recovery | None = None
    asked: list[str] = []
    for version, (event, at) in enumerate(recoveries.history(tx, recovery_id), 1):
        replayed, effects = advance(flow, replayed, event, at)
        numbers = (number for number, effect in enumerate(effects) if isinstance(effect, SENDS))
        asked += [f"{recovery_id}:{version}:{number}" for number in numbers]
    return (replayed, asked) != (stored, [row.idempotency_key for row in mail if row.recovery_id == recovery_id])
