"""The pictures show what is in the blocks."""

from tests.peers.slack.render import pages
from tests.peers.test_sender import FORM
from tests.peers.test_validators import GOOD_MESSAGES, GOOD_VIEWS


def test_a_message_a_form_and_a_home_tab_are_drawn_with_what_they_say() -> None:
    message, form, home = pages(
        [GOOD_MESSAGES["all kinds of blocks"], FORM, GOOD_VIEWS["a home tab"]], {"dana": "U1"}, {"acct-acme": "C1"}
    )
    assert all(words in message for words in ("Trust Recover", "Acme is angry", "a link", "Go on", "Choose"))
    assert all(words in form for words in ("Step 1", "Save", "What happened?", "Very bad", "Until when?", "as before"))
    assert "Which apply? (optional)" in form
    assert "Messages" in home


def test_what_a_person_typed_cannot_become_markup() -> None:
    form = FORM | {"blocks": [FORM["blocks"][0] | {"label": {"type": "plain_text", "text": "<b>&"}}]}
    (page,) = pages([form])
    assert "&lt;b&gt;&amp;" in page
