"""What belongs to a person and to no recovery: their home, their language, and when they work."""

from sqlalchemy import Connection

from adapters.port import Answer, RequestContext
from bot.service.transaction import RequestTransaction
from bot.storage import hint_counts, people, queries, recoveries
from bot.storage.flow_registry import FlowRegistry
from flows.screens import forms
from flows.screens.home import RecoveryWithFlow, home_screen
from flows.screens.inputs import Form
from flows.state.identity import Person
from flows.state.local_time.working_hours import WorkingHours
from flows.state.recovery import Recovery
from flows.wording.languages import language_name
from flows.wording.localization import Localizer


def localizer_for(transaction: RequestTransaction, actor: Person, context: RequestContext) -> Localizer:
    """How to speak to this person: in the language that they chose, or else their platform's."""
    settings = people.find_person(transaction.connection, actor)
    language = settings.language if settings else ""
    return transaction.registry.localizer(language or context.language, context.timezone)


def home_answer(transaction: RequestTransaction, actor: Person, context: RequestContext) -> Answer:
    """Their recoveries, promises and settings."""
    tx = transaction.connection
    localizer = localizer_for(transaction, actor, context)
    home = home_screen(
        _with_flows(transaction, queries.led_recoveries(tx, actor)),
        _with_flows(transaction, queries.watched_recoveries(tx, actor)),
        queries.open_commitments(tx, actor),
        localizer,
        working_hours_of(transaction, actor),
        hint_counts.counts_of_person(tx, actor),
    )
    return Answer(next_view=home, language=localizer.language)


def working_hours_of(transaction: RequestTransaction, actor: Person) -> WorkingHours:
    """When this person works."""
    settings = people.find_person(transaction.connection, actor)
    return settings.working_hours if settings else WorkingHours()


def settings_form(transaction: RequestTransaction, actor: Person, localizer: Localizer) -> Form:
    """The form for language and working hours."""
    languages = available_languages(transaction.registry)
    return forms.settings_form(localizer, working_hours_of(transaction, actor), languages)


def settings_form_answer(transaction: RequestTransaction, actor: Person, context: RequestContext) -> Answer:
    """Open the form for language and working hours."""
    localizer = localizer_for(transaction, actor, context)
    return Answer(settings_form(transaction, actor, localizer), language=localizer.language)


def save_settings(tx: Connection, actor: Person, timezone: str, hours: WorkingHours, language: str = "") -> list[str]:
    """Keep when this person works, and the language if they chose one; return the recoveries that have to know."""
    people.save_hours(tx, actor, timezone, hours)
    if language:
        people.save_language(tx, actor, timezone, language)
    return recoveries.ids_led_by(tx, actor)


def available_languages(registry: FlowRegistry) -> tuple[tuple[str, str], ...]:
    """The languages of the default flow, each with its own name for itself."""
    codes = registry.newest_or_default("").languages
    return tuple((code, language_name(code).capitalize()) for code in codes)


def _with_flows(transaction: RequestTransaction, all_recoveries: list[Recovery]) -> list[RecoveryWithFlow]:
    registry, tx = transaction.registry, transaction.connection
    return [
        RecoveryWithFlow(registry.get_version(tx, recovery.flow, recovery.flow_version), recovery)
        for recovery in all_recoveries
    ]
