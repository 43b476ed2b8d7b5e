"""What the documents say is true: the queries answer their questions, the tables and keys are the real ones."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, fields
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from adapters.shared.i18n import MessageCatalog
from adapters.shared.storage import with_commit
from adapters.slack.directory import tables as slack
from adapters.slack.manifest import EVENTS, SCOPES
from adapters.teams.app_package import PERMISSIONS
from adapters.teams.directory import tables as teams
from bot.clock import WakeSignals
from bot.service.application import RecoveryApplication
from bot.settings import Settings
from bot.storage import database, migrate
from bot.storage import tables as t
from bot.storage.database import Database
from bot.storage.flow_registry import FlowRegistry
from bot.workers.timers import Timers
from flows.definition import model
from flows.definition.validation import load_flow
from flows.engine.advance import advance
from flows.state.events import ChooseGate, StartRecovery
from flows.state.identity import Person, Place
from tests.application_harness import ApplicationHarness, ResponderSession, at
from tests.conftest import SetClock

DOCS = Path(__file__).parents[1] / "docs"
DATA = (DOCS / "data.md").read_text("utf-8")
FLOWS = (DOCS / "flows.md").read_text("utf-8")
OPERATIONS = (DOCS / "operations.md").read_text("utf-8")
SLACK = (DOCS / "slack.md").read_text("utf-8")
TEAMS = (DOCS / "teams.md").read_text("utf-8")
TABLES = t.metadata.tables | slack.metadata.tables | teams.metadata.tables


# --- docs/data.md: the queries ---


@dataclass(frozen=True, slots=True)
class Query:
    """One block of SQL: the question that it answers, and the database that it is for (empty: both)."""

    question: str
    database: str
    sql: str


def queries() -> list[Query]:
    result = []
    for block in re.findall(r"```sql\n(.*?)```", DATA, re.DOTALL):
        first, second = block.splitlines()[:2]
        assert first.startswith("-- question: "), block
        only = second.removeprefix("-- database: ") if second.startswith("-- database: ") else ""
        result.append(Query(first.removeprefix("-- question: "), only, block))
    return result


async def ask(application: ApplicationHarness, question: str) -> list[tuple[Any, ...]]:
    """The answer of the documented query, far from UTC."""
    mine = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[application.database.engine.dialect.name]
    (query,) = (q for q in queries() if q.question == question and q.database in {"", mine})

    def work(tx: Connection) -> list[tuple[Any, ...]]:
        if mine == "PostgreSQL":
            tx.exec_driver_sql("SET LOCAL TIME ZONE 'Pacific/Auckland'")
        return [tuple(row) for row in tx.exec_driver_sql(query.sql)]

    return await application.database.run(work)


@pytest.fixture
async def application(database_url: str, shipped: FlowRegistry, clock: SetClock) -> AsyncIterator[ApplicationHarness]:
    db = Database(database.driver_url(database_url))
    migrate.upgrade(db)
    wake = WakeSignals()
    yield ApplicationHarness(db, RecoveryApplication(db, shipped, clock, wake), Timers(db, shipped, clock, wake), clock)
    await db.close()


def test_there_are_five_questions_each_answered_on_both_databases() -> None:
    answered: dict[str, set[str]] = {}
    for query in queries():
        both = {"SQLite", "PostgreSQL"}
        answered.setdefault(query.question, set()).update({query.database} if query.database else both)
    assert len(answered) == 5
    assert set(map(frozenset, answered.values())) == {frozenset({"SQLite", "PostgreSQL"})}


async def understood(
    application: ApplicationHarness, account: str, when: str, minutes: float, workspace: str = "north"
) -> ResponderSession:
    """A recovery whose client said the first "yes" after so many minutes."""
    session = await application.begin(account, workspace=workspace, when=when)
    await session.tap("jump:acknowledge")
    await session.tap("choose:yes", after=minutes)
    return session


async def test_the_median_minutes_to_the_first_yes(application: ApplicationHarness) -> None:
    await understood(application, "Acme", "2026-01-05T09:00", 60)
    await understood(application, "Acme", "2026-01-20T09:00", 10)
    again = await understood(application, "Acme", "2026-01-31T23:59:59", 20)
    await again.tap("jump:acknowledge", after=500)
    await again.tap("choose:yes")  # a second "yes" is not the first one
    await understood(application, "Acme", "2026-02-01T00:00", 8)
    await understood(application, "Acme", "2026-02-28T23:00", 13)
    await understood(application, "Acme", "2026-02-10T09:00", 40, workspace="south")
    await understood(application, "Bolt", "2026-02-10T09:00", 7)
    await application.begin("Bolt", when="2026-02-11T09:00")  # no "yes" yet
    short = await application.begin("start first-response Bolt", when="2026-02-12T09:00")
    await short.tap("jump:give_back")
    await short.tap("choose:got_it", after=99)  # another flow
    rows = await ask(application, 'median minutes to the client\'s first "yes", by account and month')
    assert [(*row[:-1], round(row[-1], 6)) for row in rows] == [
        ("test", "north", "Acme", "2026-01", 3, 20.0),
        ("test", "north", "Acme", "2026-02", 2, 10.5),
        ("test", "north", "Bolt", "2026-02", 1, 7.0),
        ("test", "south", "Acme", "2026-02", 1, 40.0),
    ]


async def test_the_commitments_that_are_open_or_late(application: ApplicationHarness) -> None:
    acme = await application.begin("Acme")
    await acme.note("commitment", who="Ana", what="send the report", when="2026-01-06T16:00")
    await acme.note("commitment", who="Ben", what="call on Friday", when="2026-01-09T09:00")
    await acme.note("commitment", who="Ben", what="tidy up", when="@none")
    kept = await acme.note("commitment", who="Ana", what="write it down", when="2026-01-05T17:00")
    await acme.tap(f"kept:{kept}")
    dropped = await acme.note("commitment", who="Ana", what="send flowers", when="@none")
    await acme.fill(f"edit:{dropped}", {"who": "Ana", "what": "send flowers", "when": "@none", "state": "dropped"})
    south = await application.begin("Acme", workspace="south")
    await south.note("commitment", who="Eva", what="look into it", when="2026-01-08T09:00")
    await application.wait_until("2026-01-07T09:00")
    assert await ask(application, "commitments that are open or late, by account, with the due date") == [
        ("test", "north", "Acme", at("2026-01-06T16:00"), "late", "Ana", "send the report"),
        ("test", "north", "Acme", at("2026-01-09T09:00"), "open", "Ben", "call on Friday"),
        ("test", "north", "Acme", None, "open", "Ben", "tidy up"),
        ("test", "south", "Acme", at("2026-01-08T09:00"), "open", "Eva", "look into it"),
    ]


async def test_the_expectations_that_are_broken_most_often(application: ApplicationHarness) -> None:
    first = await application.begin("Acme", when="2026-01-05T09:00")
    await first.note("expectations", options=("reliable_facts",))  # corrected by the next
    await first.note("expectations", options=("updates", "prompt_response", "good_work"))
    second = await application.begin("Bolt", when="2026-01-31T23:59")
    await second.note("expectations", options="updates")
    third = await application.begin("Acme", when="2026-02-01T00:01")
    await third.note("expectations", options=("respect", "attention"))
    await application.begin("Acme", when="2026-02-02T09:00")  # nothing noted
    assert await ask(application, "broken expectations by month, the most frequent first") == [
        ("2026-01", "updates", 2),
        ("2026-01", "good_work", 1),
        ("2026-01", "prompt_response", 1),
        ("2026-02", "attention", 1),
        ("2026-02", "respect", 1),
    ]


async def test_the_minutes_and_tries_of_each_step(application: ApplicationHarness) -> None:
    first = await application.begin("Acme")
    await first.tap("jump:facts")
    await first.tap("choose:all_said", after=12)
    await first.tap("skip", after=1)
    await first.tap("choose:missed_fact", after=2)
    await first.tap("choose:all_said", after=6)
    await first.tap("choose:no_answer", after=1)  # stays where it is
    await first.tap("choose:confirmed", after=2)
    await first.tap("choose:yes", after=4)
    await first.tap("back", after=3)
    await first.tap("close", after=5)
    second = await application.begin("Bolt")
    await second.tap("jump:acknowledge")
    await second.tap("choose:yes", after=9)
    rows = await ask(application, "minutes and tries that each step takes per recovery, the longest first")
    assert [(*row[:3], round(row[3], 6), row[4]) for row in rows] == [
        ("trust-recovery", "facts", 1, 18.0, 2.0),
        ("trust-recovery", "acknowledge", 2, 10.0, 1.5),
        ("trust-recovery", "feelings", 1, 4.0, 1.0),
        ("trust-recovery", "dispute", 1, 3.0, 0.0),
        ("trust-recovery", "prepare", 2, 0.0, 0.0),
    ]


async def ended(
    application: ApplicationHarness, outcome: str, anger: tuple[int, int], confirmed: int, denied: int = 0
) -> None:
    """A recovery with an outcome, the anger at its start and close, and so many feelings that were answered."""
    session = await application.begin("Acme")
    await session.note("temperature_start", level=str(anger[0]))
    for number in range(confirmed + denied):
        await session.tap("jump:feelings")
        await session.note("feeling", word=f"feeling {number}")
        await session.tap("choose:confirmed" if number < confirmed else "choose:named_another")
    await session.note("feeling", word="never answered")
    await session.note("temperature_close", level=str(anger[1]))
    await session.note("outcome", options="not_restored")
    await session.note("outcome", options=outcome)  # the newest one counts


async def test_the_outcomes_by_the_feelings_that_were_confirmed(application: ApplicationHarness) -> None:
    await ended(application, "restored", (4, 1), confirmed=2, denied=1)
    await ended(application, "restored", (5, 2), confirmed=2)
    await ended(application, "improving", (4, 3), confirmed=2)
    await ended(application, "client_lost", (3, 5), confirmed=0, denied=1)
    unfinished = await application.begin("Bolt")
    await unfinished.note("temperature_start", level="5")
    assert await ask(application, "outcomes and temperatures, by how many feelings the client confirmed") == [
        (0, "client_lost", 1, 3.0, 5.0),
        (2, "restored", 2, 4.5, 1.5),
        (2, "improving", 1, 4.0, 3.0),
    ]


# --- docs/data.md: the tables ---


def listed(document: str, heading: str) -> list[str]:
    """The names in the first column of the table below a heading."""
    section = re.split(r"^#+ ", document.partition(f"\n{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"^\| `([\w.:]+)` \|", section, re.MULTILINE)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described(table: str) -> None:
    assert listed(DATA, f"### `{table}`") == [column.name for column in TABLES[table].columns]


def test_whose_rows_they_are_is_told_of_every_table() -> None:
    section = DATA.partition("\n## Whose rows\n")[2].partition("\n## ")[0]
    firsts = re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(firsts))) == sorted(TABLES)


async def rows_of(application: ApplicationHarness, recovery_id: str) -> dict[str, int]:
    """How many rows each table with a recovery's id has for it."""
    tables = [table for table in t.metadata.sorted_tables if "recovery_id" in table.c and table.name != "inbox"]

    def work(tx: Connection) -> dict[str, int]:
        return {
            table.name: tx.execute(
                select(func.count()).select_from(table).where(table.c.recovery_id == recovery_id)
            ).scalar_one()
            for table in tables
        }

    return await application.database.run(work)


async def test_a_deleted_recovery_takes_its_rows_with_it(application: ApplicationHarness) -> None:
    gone, stays = [await understood(application, account, "2026-01-05T09:00", 5) for account in ("Acme", "Bolt")]
    for session in (gone, stays):
        await session.note("commitment", who="Ana", what="call", when="2026-01-06T09:00")
        await session.fill("observe", {"person": Person("test", "north", "ben", "Ben")})
    before = await rows_of(application, gone.id)
    assert all(before.values())
    assert set(before) == {"entry", "step_visit", "event", "observer", "timer", "outbox"}
    away = f"DELETE FROM recovery WHERE id = '{gone.id}'"  # noqa: S608 - our own id, as documented
    await application.database.run(with_commit(lambda tx: tx.exec_driver_sql(away)))
    assert await rows_of(application, gone.id) == dict.fromkeys(before, 0)
    assert await rows_of(application, stays.id) == before


async def test_what_an_entry_holds_is_as_described(application: ApplicationHarness) -> None:
    session = await application.begin("Acme")
    await session.note("facts", text="late again")
    await session.note("feeling", word="Let down", strength="3")
    await session.note("feeling", word="worn out")
    await session.note("commitment", who="Ana", what="call", when="2026-01-06T09:00")
    await session.note("frame", text="reports come late")
    await session.note("setting", options=("private", "quiet"))
    await session.note("temperature_start", level="4")
    await session.note("next_update", when="2026-01-06T09:00")
    query = select(t.entry).order_by(t.entry.c.recovery_id, t.entry.c.id)
    rows = await application.database.run(lambda tx: tx.execute(query).mappings().all())
    names = [column.name for column in t.entry.columns][6:]
    filled = [(row["kind"], {n: row[n] for n in names if n != "recorded_by" and row[n] is not None}) for row in rows]
    due = at("2026-01-06T09:00")
    assert filled == [
        ("fact", {"text": "late again", "expression": "said", "holder": "client", "standing": "held"}),
        ("feeling", {"text": "let_down", "strength": 3}),
        ("feeling", {"text": "worn out", "strength": 2}),
        ("commitment", {"text": "call", "who": "Ana", "due_at": due, "state": "open"}),
        ("text", {"text": "reports come late"}),
        ("pick", {"text": "private,quiet"}),
        ("level", {"level": 4}),
        ("moment", {"due_at": due}),
    ]


# --- docs/flows.md ---

KEYS = {
    "The flow": model.Flow,
    "A step": model.Step,
    "A phrase": model.Phrase,
    "A field": model.Field,
    "A gate": model.Gate,
    "A reminder": model.Reminder,
    "The summary": model.SummaryLayout,
    "A section": model.Section,
    "A follow-up": model.FollowUp,
}


@pytest.mark.parametrize(("heading", "part"), KEYS.items())
def test_every_key_of_a_flow_file_is_described(heading: str, part: type) -> None:
    assert sorted(listed(FLOWS, f"### {heading}")) == sorted(key.name for key in fields(part))


def test_every_kind_of_field_is_described() -> None:
    assert listed(FLOWS, "### Kinds of fields") == [kind.value for kind in model.FieldKind]


def example() -> str:
    (text,) = re.findall(r"```yaml\n(.*?)```", FLOWS, re.DOTALL)
    return str(text)


def test_the_example_flow_is_fine() -> None:
    flow = load_flow(example(), "docs/flows.md")
    assert flow.numbered_steps
    assert flow.closing_step not in flow.numbered_steps


def test_the_example_flow_can_be_walked_to_its_end_by_first_buttons() -> None:
    flow = load_flow(example(), "docs/flows.md")
    ana = Person("test", "north", "ana")
    start = StartRecovery("r", ana, "Acme", Place("test", "north", "accounts"), "en")
    recovery, _ = advance(flow, None, start, 0)
    for step_id, step in flow.steps.items():
        assert recovery.step == step_id
        recovery, _ = advance(flow, recovery, ChooseGate(ana, next(iter(step.gates)), recovery.card_revision), 1)
    assert recovery.closed_at == 1


# --- docs/operations.md ---


def test_every_setting_is_described() -> None:
    names = [f"TRUST_RECOVER_{name.upper()}" for name in Settings.model_fields]
    assert listed(OPERATIONS, "## Settings") == names


# --- docs/slack.md and docs/teams.md, and what all of them point at ---

AT_THE_ROOT = ("README.md", "CONTRIBUTING.md")
PAGES = {page.name: page.read_text("utf-8") for page in sorted(DOCS.glob("*.md"))} | {
    name: (DOCS.parent / name).read_text("utf-8") for name in AT_THE_ROOT
}
GUIDE_WORDS = (DOCS.parent / "flows" / "data" / "words.yaml").read_text("utf-8")
PLATFORMS = {"slack": SLACK, "teams": TEAMS}
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(document: str) -> set[str]:
    """What can be linked to in a document: its headings, as they are turned into addresses."""
    names = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(document))
    return {name.strip().replace(" ", "-") for name in names}


def test_every_scope_and_every_event_has_its_reason() -> None:
    assert listed(SLACK, "### Scopes") == list(SCOPES)
    assert listed(SLACK, "### Events") == list(EVENTS)


def test_every_permission_has_its_reason() -> None:
    assert listed(TEAMS, "### Reading the thread") == list(PERMISSIONS)


@pytest.mark.parametrize(("page", "tables"), [(SLACK, slack), (TEAMS, teams)], ids=PLATFORMS)
def test_every_table_of_a_platform_is_named_where_an_administrator_looks(page: str, tables: ModuleType) -> None:
    assert set(listed(page, "## What is stored")) == set(tables.metadata.tables)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_somebody_is_told_is_quoted_as_it_is_said(platform: str) -> None:
    told = PLATFORMS[platform].partition("\n### What somebody is told\n")[2].partition("\n### ")[0]
    quotes = re.findall(r"^\| “([^`”]+?)\.?” \|", told, re.MULTILINE)
    texts = MessageCatalog(f"adapters.{platform}", platform.title()).translations
    said = GUIDE_WORDS + "\n".join(text["en"].replace("{platform}", platform.title()) for text in texts.values())
    assert len(quotes) >= 10
    assert [quote for quote in quotes if quote not in said] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_that_a_page_names_is_one(page: str) -> None:
    named = set(re.findall(r"TRUST_RECOVER_[A-Z_]+", PAGES[page]))
    assert named <= {f"TRUST_RECOVER_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    folder = DOCS.parent if page in AT_THE_ROOT else DOCS
    for link in re.findall(r"\]\(([^)]+)\)", PAGES[page]):
        file, _, anchor = link.partition("#")
        if file.startswith("http"):
            continue
        target = (folder / file).resolve() if file else folder / page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text("utf-8")), link


_PATH = re.compile(r"`((?:bot|adapters|flows|migrations|tests|docs|requirements)/[\w./-]*)`")


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_folder_that_a_page_names_exists(page: str) -> None:
    assert [path for path in _PATH.findall(PAGES[page]) if not (DOCS.parent / path).exists()] == []


def test_every_package_has_its_line_in_the_tables_of_packages() -> None:
    tables = PAGES["architecture.md"].partition("\n## Packages\n")[2].partition("\n## ")[0]
    for root in ("bot", "adapters", "flows"):
        rows = tables.partition(f"| `{root}/` |")[2].partition("\n\n")[0]
        packages = {init.parent.name for init in (DOCS.parent / root).glob("*/__init__.py")}
        assert packages <= set(re.findall(r"`(\w+)`", rows)), root


def test_the_page_for_responders_quotes_what_they_read() -> None:
    quotes = re.findall(r"^\| “([^”]+?)\.?” \|", PAGES["guide.md"], re.MULTILINE)
    texts = MessageCatalog("adapters.slack", "Slack").translations.values()
    shown = GUIDE_WORDS + "\n".join(text["en"] for text in texts)
    assert len(quotes) > 5
    assert [quote for quote in quotes if quote not in shown] == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_picture_of_a_platform_is_shown(platform: str) -> None:
    taken = {f"pictures/{picture.name}" for picture in (DOCS / "pictures").glob(f"{platform}-*.png")}
    assert taken
    assert taken <= set(re.findall(r"!\[.*?\]\(([^)]+)\)", PLATFORMS[platform]))
