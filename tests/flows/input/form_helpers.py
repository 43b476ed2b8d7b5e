"""Forms, filled: what was understood, or what was said to be wrong."""

from datetime import UTC, datetime

from flows.input import form_answers
from flows.input.form_answers import FormErrors
from flows.input.form_reader import FormAnswers
from flows.state.entries import Moment, Value
from flows.state.events import Event
from flows.state.record_events import EditEntry, RecordEntry
from tests.conftest import ANA
from tests.flows.recovery_driver import RecoveryDriver

REQUIRED = "Please fill this in."
CHOICE = "This is not one of the choices. Pick one from the list."
OWNER = "A promise needs the name of the person who will keep it. Add a name."


def read(driver: RecoveryDriver, form: str, filled: FormAnswers) -> Event | FormErrors:
    return form_answers.event_from_form(driver.flow, driver.recovery, form, filled, ANA, driver.localizer, driver.now)


def faults(driver: RecoveryDriver, form: str, filled: FormAnswers) -> dict[str, str]:
    result = read(driver, form, filled)
    assert isinstance(result, FormErrors), result
    return result.by_input


def noted(driver: RecoveryDriver, field: str, filled: FormAnswers) -> Value:
    result = read(driver, f"note:{field}", filled)
    assert isinstance(result, RecordEntry), result
    return result.value


def edited(driver: RecoveryDriver, entry: str, filled: FormAnswers) -> Value:
    result = read(driver, f"edit:{entry}", filled)
    assert isinstance(result, EditEntry), result
    return result.value


def due(driver: RecoveryDriver, user_text: str) -> float:
    value = noted(driver, "next_update", {"when": user_text})
    assert isinstance(value, Moment)
    return value.time


def utc(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
