"""Counts of what became of the coach's hints: of each person for themselves alone, and of each rule without persons."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from adapters.shared.storage import per_dialect
from bot.storage import tables as t
from flows.state.effects import CountHint
from flows.state.identity import Person

_BY_PERSON = per_dialect(
    lambda insert: insert(t.hint_count_by_person).on_conflict_do_update(
        index_elements=("platform", "workspace", "user_id", "outcome"),
        set_={"times": t.hint_count_by_person.c.times + 1},
    )
)
_BY_RULE = per_dialect(
    lambda insert: insert(t.hint_count_by_rule).on_conflict_do_update(
        index_elements=("rule_id", "language", "outcome"), set_={"times": t.hint_count_by_rule.c.times + 1}
    )
)
_p = t.hint_count_by_person.c
_OF_PERSON = select(_p.outcome, _p.times).where(
    _p.platform == bindparam("platform"), _p.workspace == bindparam("workspace"), _p.user_id == bindparam("user_id")
)


class RuleCounts(NamedTuple):
    """How often a rule's hints were shown, taken, dismissed as meant, and put away only to clear the view."""

    rule_id: str
    language: str
    shown: int
    taken: int
    dismissed: int
    cleared: int


def add_outcome(tx: Connection, effect: CountHint) -> None:
    """Count one outcome of a hint."""
    person, outcome = effect.person, effect.outcome
    tx.execute(
        _BY_PERSON[tx.dialect.name],
        {
            "platform": person.platform,
            "workspace": person.workspace,
            "user_id": person.user_id,
            "outcome": outcome.outcome,
            "times": 1,
        },
    )
    tx.execute(_BY_RULE[tx.dialect.name], {**outcome._asdict(), "times": 1})


def counts_of_person(tx: Connection, person: Person) -> dict[str, int]:
    """A person's own counts by outcome."""
    key = {"platform": person.platform, "workspace": person.workspace, "user_id": person.user_id}
    return {row.outcome: row.times for row in tx.execute(_OF_PERSON, key)}


def counts_by_rule(tx: Connection) -> list[RuleCounts]:
    """The counts of each rule whose hints were ever shown, by language and rule."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for row in tx.execute(select(t.hint_count_by_rule)):
        counts.setdefault((row.language, row.rule_id), {})[row.outcome] = row.times
    return [
        RuleCounts(rule_id, language, *(by_outcome.get(name, 0) for name in ("shown", "taken", "dismissed", "cleared")))
        for (language, rule_id), by_outcome in sorted(counts.items())
    ]
