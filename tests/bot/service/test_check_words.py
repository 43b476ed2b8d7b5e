"""Hints through the whole application: for the responder's eyes only, and what a second tap or a hand-over comes to."""

from dataclasses import replace

import pytest

from adapters.port import Answer, ButtonTap, CheckRequest, FormSubmission, HomeRequest, RequestContext, Surface
from adapters.port import TypedCommand as Command
from bot.server.bootstrap import Runtime
from flows.action_ids import Action, ActionKind, FormId, FormKind
from flows.screens import plain_text
from flows.screens.elements import HomeView, Panel
from flows.screens.inputs import Form, TextInput
from flows.state.identity import Person, Place
from tests.conftest import ANA, BEN, THREAD

HERE = RequestContext(THREAD)
OTHER_THREAD = replace(THREAD, thread="another thread")
NOWHERE = replace(THREAD, conversation="", thread="")
FAULT = "Calm down, please."
CHECK = FormId(FormKind.CHECK).encode()
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Responder:
    """Ana, who has words checked."""

    def __init__(self, room: Runtime) -> None:
        self.application = room.application
        self.recovery_id = ""

    async def start(self) -> None:
        self.recovery_id = (await self.type("start Acme", "start")).recovery_id
        assert self.recovery_id

    async def type(self, text: str, event_id: str, place: Place = THREAD) -> Answer:
        return await self.application.receive(Command(event_id, ANA, RequestContext(place), text))

    async def check(self, text: str, event_id: str) -> Panel:
        answers = {"text": text}
        form = FormSubmission(event_id, ANA, HERE, self.recovery_id, CHECK, answers, Surface.PANEL)
        return panel_of(await self.application.receive(form))

    async def tap(self, action: str, event_id: str, by: Person = ANA) -> Answer:
        return await self.application.receive(ButtonTap(event_id, by, self.recovery_id, 0, action, Surface.PANEL))

    async def home(self, person: Person) -> str:
        home = (await self.application.receive(HomeRequest(person, HERE))).next_view
        assert isinstance(home, HomeView)
        return plain_text.home_text(home)


@pytest.fixture
async def ana(room: Runtime) -> Responder:
    responder = Responder(room)
    await responder.start()
    return responder


def panel_of(answer: Answer) -> Panel:
    screen = answer.dialog or answer.next_view
    assert isinstance(screen, Panel)
    return screen


def action_of(panel: Panel, label: str) -> str:
    return next(
        button.action for group in panel.groups for row in group.rows for button in row.buttons if button.label == label
    )


async def test_everybody_sees_the_counts_of_their_own_hints_and_nobody_else_s(ana: Responder) -> None:
    assert "Hints on your words" not in await ana.home(ANA)
    panel = await ana.check(FAULT, "first")
    await ana.tap(action_of(panel, "Keep mine"), "keep")
    await ana.tap(action_of(await ana.check("You need to calm down.", "second"), "Not now"), "hide")
    assert "Hints on your words: 2 shown, 0 used, 1 kept as written. Only you see this." in await ana.home(ANA)
    assert "Hints on your words" not in await ana.home(BEN)


async def test_a_second_tap_on_a_hint_that_is_gone_shows_the_words_as_they_are(ana: Responder) -> None:
    keep = action_of(await ana.check("I'm sorry if this was hard for you.", "check"), "Use this")
    for event_id in ("tap", "tap", "another tap"):
        answer = await ana.tap(keep, event_id)
        assert not answer.notice
        assert "I'm sorry that this was hard for you. [Edit]\n  [Undo]" in plain_text.panel_text(panel_of(answer))


@pytest.mark.parametrize("place", [THREAD, OTHER_THREAD, NOWHERE], ids=["thread", "channel", "chat"])
async def test_a_typed_text_of_several_lines_is_checked_whole_with_what_the_recovery_knows(
    ana: Responder, place: Place
) -> None:
    note = FormSubmission("note", ANA, HERE, ana.recovery_id, "note:facts", {"text": "You never called me back!!"})
    assert not (await ana.application.receive(note)).errors
    answer = await ana.type("check Hello Kim,\n\nSorry for any inconvenience.", "check", place)
    assert answer.notice.endswith("Better: “I'm sorry that we never called you back.”")


async def test_a_message_of_somebody_else_is_not_checked(ana: Responder) -> None:
    request = CheckRequest("check", ANA, HERE, FAULT, is_own_message=False)
    text = plain_text.panel_text(panel_of(await ana.application.receive(request)))
    assert "Only a message of your own can be checked." in text
    assert FAULT not in text


async def test_the_words_of_the_former_responder_are_not_shown_to_the_next(ana: Responder) -> None:
    await ana.check(FAULT, "check")
    hand_over = Command("hand over", ANA, HERE, "handover @ben", mentioned_person=BEN)
    await ana.application.receive(hand_over)
    form = (await ana.tap(Action(ActionKind.OPEN, CHECK).encode(), "open", BEN)).dialog
    assert isinstance(form, Form)
    (text,) = form.inputs
    assert isinstance(text, TextInput)
    assert text.value != FAULT
