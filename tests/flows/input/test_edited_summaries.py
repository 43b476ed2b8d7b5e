"""The form with which a summary is edited, and what is noted while it is open."""

import pytest

from flows.errors import UnknownForm
from flows.screens.forms import dialog_form
from flows.screens.inputs import TextInput
from flows.state.entries import Commitment
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary
from flows.wording.summaries.documents import summary_document
from tests.flows.input.form_helpers import read
from tests.flows.recovery_driver import RecoveryDriver


def test_what_was_noted_while_a_summary_was_edited_was_not_deleted_in_it(driver: RecoveryDriver) -> None:
    driver.note("commitment", Commitment("Ana", "call you"))
    form = dialog_form(driver.flow, driver.recovery, "summary:client", driver.localizer, driver.now)
    assert form is not None
    (text_input,) = form.inputs
    assert isinstance(text_input, TextInput)
    driver.later(1)
    driver.note("commitment", Commitment("Ben", "send the report"))
    event = read(driver, form.id, {"text": text_input.value.replace("Hello,", "Dear Kim,")})
    assert isinstance(event, EditSummary)
    driver.do(event)
    text = summary_document(driver.flow, driver.recovery, SummaryVersion.CLIENT, driver.localizer).text
    assert "Dear Kim," in text
    assert "• I will call you.\n• Ben will send the report." in text


@pytest.mark.parametrize("form_id", ["summary:other", "summary:client:soon", "summary:"])
def test_a_form_of_a_summary_that_we_do_not_make_is_refused(driver: RecoveryDriver, form_id: str) -> None:
    with pytest.raises(UnknownForm):
        read(driver, form_id, {"text": "x"})
