"""What belongs to a person and to no talk: their home, their language, and when they work."""

from babel import Locale
from sqlalchemy import Connection

from adapters.port import Answer, AtHome, Filled, Scene
from bot import lists, people, store
from bot.library import Library
from flows import answers, forms
from flows.answers import Faults
from flows.cards import Form
from flows.flow import Flow
from flows.home import Talk, home
from flows.hours import Hours
from flows.people import Person
from flows.recovery import Recovery
from flows.voice import Voice


def voice_of(tx: Connection, library: Library, by: Person, scene: Scene) -> Voice:
    """How to speak to this person: in the language that they chose, or else their platform's."""
    known = people.person(tx, by)
    return library.voice((known.language if known else "") or scene.language, scene.timezone)


def at_home(tx: Connection, library: Library, at: AtHome) -> Answer:
    """Their talks, promises and settings."""

    def talk(recovery: Recovery) -> Talk:
        return Talk(_flow(tx, library, recovery), recovery)

    mine, watching = (list(map(talk, found)) for found in (lists.leading(tx, at.by), lists.watching(tx, at.by)))
    voice = voice_of(tx, library, at.by, at.scene)
    shown = home(mine, watching, lists.owed(tx, at.by), voice, hours_of(tx, at.by))
    return Answer(shown, language=voice.language)


def hours_of(tx: Connection, by: Person) -> Hours:
    """When this person works."""
    known = people.person(tx, by)
    return known.hours if known else Hours()


def settings_form(tx: Connection, library: Library, by: Person, scene: Scene) -> Form:
    """The form for language and hours."""
    return forms.settings(voice_of(tx, library, by, scene), hours_of(tx, by), _languages(library))


def chosen(filled: Filled, library: Library, voice: Voice) -> answers.Settings | Faults:
    """What the settings form says."""
    return answers.settings(filled.answers, tuple(dict(_languages(library))), voice)


def keep(tx: Connection, by: Person, timezone: str, hours: Hours, language: str = "") -> list[str]:
    """Keep when this person works, and the language if they chose one; the talks that have to know."""
    people.know_hours(tx, by, timezone, hours)
    if language:
        people.know_language(tx, by, timezone, language)
    return store.led_by(tx, by)


def _languages(library: Library) -> tuple[tuple[str, str], ...]:
    """The languages of the default flow, each with its own name for itself."""
    codes = library.start("").languages
    return tuple((code, (Locale.parse(code, sep="-").get_display_name() or code).capitalize()) for code in codes)


def _flow(tx: Connection, library: Library, recovery: Recovery) -> Flow:
    return library.of(tx, recovery.flow, recovery.flow_version)
