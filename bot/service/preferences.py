"""What belongs to a person and to no talk: their home, their language, and when they work."""

from babel import Locale
from sqlalchemy import Connection

from adapters.port import Answer, FormSubmission, HomeRequest, RequestContext
from bot.storage import people, queries, recoveries
from bot.storage.flow_registry import FlowRegistry
from flows.definition.model import Flow
from flows.input import form_answers
from flows.input.form_answers import FormErrors
from flows.screens import forms
from flows.screens.elements import Form
from flows.screens.home import RecoveryWithFlow, home_screen
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.state.working_hours import WorkingHours
from flows.wording.localization import Localizer


def localizer_for(tx: Connection, registry: FlowRegistry, actor: Person, scene: RequestContext) -> Localizer:
    """How to speak to this person: in the language that they chose, or else their platform's."""
    known = people.find_person(tx, actor)
    return registry.localizer((known.language if known else "") or scene.language, scene.timezone)


def home_answer(tx: Connection, registry: FlowRegistry, at: HomeRequest) -> Answer:
    """Their talks, promises and settings."""

    def talk(recovery: Recovery) -> RecoveryWithFlow:
        return RecoveryWithFlow(_flow(tx, registry, recovery), recovery)

    mine, watching = (
        list(map(talk, found))
        for found in (queries.led_recoveries(tx, at.actor), queries.watched_recoveries(tx, at.actor))
    )
    localizer = localizer_for(tx, registry, at.actor, at.context)
    shown = home_screen(
        mine, watching, queries.open_commitments(tx, at.actor), localizer, working_hours_of(tx, at.actor)
    )
    return Answer(shown, language=localizer.language)


def working_hours_of(tx: Connection, actor: Person) -> WorkingHours:
    """When this person works."""
    known = people.find_person(tx, actor)
    return known.working_hours if known else WorkingHours()


def settings_form(tx: Connection, registry: FlowRegistry, actor: Person, scene: RequestContext) -> Form:
    """The form for language and hours."""
    return forms.settings_form(
        localizer_for(tx, registry, actor, scene), working_hours_of(tx, actor), _languages(registry)
    )


def read_settings(
    filled: FormSubmission, registry: FlowRegistry, localizer: Localizer
) -> form_answers.PersonalSettings | FormErrors:
    """What the settings form says."""
    return form_answers.read_settings_form(filled.answers, tuple(dict(_languages(registry))), localizer)


def save_settings(tx: Connection, actor: Person, timezone: str, hours: WorkingHours, language: str = "") -> list[str]:
    """Keep when this person works, and the language if they chose one; the talks that have to know."""
    people.save_hours(tx, actor, timezone, hours)
    if language:
        people.save_language(tx, actor, timezone, language)
    return recoveries.ids_led_by(tx, actor)


def _languages(registry: FlowRegistry) -> tuple[tuple[str, str], ...]:
    """The languages of the default flow, each with its own name for itself."""
    codes = registry.newest_or_default("").languages
    return tuple((code, (Locale.parse(code, sep="-").get_display_name() or code).capitalize()) for code in codes)


def _flow(tx: Connection, registry: FlowRegistry, recovery: Recovery) -> Flow:
    return registry.get_version(tx, recovery.flow, recovery.flow_version)
