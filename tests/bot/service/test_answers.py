"""What a request is answered with: what opens, what its screen shows next, and the question before a tap counts."""

import pytest

from adapters.port import (
    Answer,
    ButtonTap,
    FormSubmission,
    HomeRequest,
    RequestContext,
    StartRequest,
    Surface,
    TypedCommand,
)
from bot.server.bootstrap import Runtime
from bot.storage import recoveries
from flows.input.form_reader import FormAnswers
from flows.screens.elements import Confirmation, HomeView, Panel, Row
from flows.screens.inputs import Form, TextInput
from flows.state.recovery import Recovery
from tests.conftest import ANA, BEN, THREAD

CONTEXT = RequestContext(THREAD)
SHARED = RequestContext(THREAD, has_external_users=True)


class Session:
    """Ana, who leads a recovery."""

    def __init__(self, room: Runtime) -> None:
        self.room = room
        self.recovery_id = ""
        self.count = 0

    async def start(self, context: RequestContext = CONTEXT) -> "Session":
        self.recovery_id = (await self._receive(TypedCommand("start", ANA, context, "Acme"))).recovery_id
        return self

    async def tap(
        self, action: str, surface: Surface = Surface.CARD, *, is_confirmed: bool = True, event_id: str = ""
    ) -> Answer:
        revision = (await self.recovery()).card_revision
        return await self._receive(
            ButtonTap(
                event_id or self._event_id(),
                ANA,
                self.recovery_id,
                revision,
                action,
                surface,
                is_confirmed=is_confirmed,
                context=CONTEXT,
            )
        )

    async def personal_tap(self, action: str) -> Answer:
        tap = ButtonTap(self._event_id(), ANA, "", 0, action, Surface.HOME, context=CONTEXT)
        return await self._receive(tap)

    async def submit(self, form_id: str, answers: FormAnswers, *, of_recovery: bool = True) -> Answer:
        recovery_id = self.recovery_id if of_recovery else ""
        submission = FormSubmission(self._event_id(), ANA, CONTEXT, recovery_id, form_id, answers, Surface.PANEL)
        return await self._receive(submission)

    async def recovery(self) -> Recovery:
        recovery = await self.room.database.run(lambda tx: recoveries.load(tx, self.recovery_id))
        assert recovery
        return recovery

    async def _receive(self, request: TypedCommand | ButtonTap | FormSubmission) -> Answer:
        return await self.room.application.receive(request)

    def _event_id(self) -> str:
        self.count += 1
        return f"event-{self.count}"


@pytest.fixture
async def session(room: Runtime) -> Session:
    return await Session(room).start()


async def test_a_tap_on_the_card_shows_nothing_else(session: Session) -> None:
    answer = await session.tap("choose:ready")
    assert (answer.dialog, answer.next_view) == (None, None)


async def test_a_tap_in_the_panel_shows_the_panel_as_it_is_then(session: Session) -> None:
    answer = await session.tap("skip", Surface.PANEL)
    assert isinstance(answer.next_view, Panel)
    assert answer.next_view.card_revision == (await session.recovery()).card_revision == 2
    assert answer.next_view.position == "2 of 8 · Get the facts"


async def test_a_tap_in_the_panel_that_opens_a_form_shows_only_the_form(session: Session) -> None:
    answer = await session.tap("open:hand_over", Surface.PANEL)
    assert isinstance(answer.dialog, Form)
    assert answer.next_view is None


async def test_a_tap_that_comes_again_shows_the_panel_again(session: Session) -> None:
    first = await session.tap("quiet:on", Surface.PANEL, event_id="once")
    again = await session.tap("quiet:on", Surface.PANEL, event_id="once")
    assert again == first
    assert isinstance(again.next_view, Panel)


async def test_a_tap_on_the_home_shows_the_home_as_it_is_then(session: Session) -> None:
    await session.submit("note:commitment", {"who": "Ana", "what": "a fixed export"})
    answer = await session.tap("kept:e1", Surface.HOME)
    assert isinstance(answer.next_view, HomeView)
    assert not any("a fixed export" in row.text for row in rows(answer.next_view))


async def test_an_unknown_button_shows_nothing_but_a_word(session: Session) -> None:
    answer = await session.tap("fly:away", Surface.PANEL)
    assert answer.notice
    assert answer.next_view is None


async def test_a_form_that_people_seldom_send_only_once_comes_again_empty(session: Session) -> None:
    answer = await session.submit("note:facts", {"text": "late"})
    assert isinstance(answer.next_view, Form)
    assert [one.value for one in answer.next_view.inputs if isinstance(one, TextInput)] == [""]


async def test_another_form_closes(session: Session) -> None:
    assert (await session.submit("edit:e1", {"text": "late"})).notice, "there is no such entry"
    await session.submit("note:facts", {"text": "late"})
    answer = await session.submit("edit:e1", {"text": "four days late"})
    assert (answer.dialog, answer.next_view, answer.notice) == (None, None, "")


async def test_a_form_with_errors_comes_again_and_nothing_is_kept(session: Session) -> None:
    answer = await session.submit("note:facts", {"text": ""})
    assert set(answer.errors) == {"text"}
    assert isinstance(answer.next_view, Form)
    assert answer.next_view.id == "note:facts"
    assert (await session.recovery()).entries == ()


async def test_a_start_form_with_errors_comes_again_with_the_message_and_its_flow(session: Session) -> None:
    answer = await session.submit("start:first-response", {"account": "", "message": "It is late."}, of_recovery=False)
    assert set(answer.errors) == {"account"}
    assert isinstance(answer.next_view, Form)
    assert answer.next_view.id == "start:first-response"
    assert [one.name for one in answer.next_view.inputs] == ["account", "message"]


async def test_after_the_settings_were_saved_the_home_speaks_the_language_that_was_chosen(session: Session) -> None:
    answer = await session.submit("settings", {"language": "es", "hours": "9-17"}, of_recovery=False)
    assert isinstance(answer.next_view, HomeView)
    assert answer.language == "es"


async def test_settings_with_errors_come_again(session: Session) -> None:
    answer = await session.submit("settings", {"language": "es", "hours": "9-25"}, of_recovery=False)
    assert set(answer.errors) == {"hours"}
    assert isinstance(answer.next_view, Form)
    assert answer.next_view.id == "settings"


@pytest.mark.parametrize(("action", "form_id"), [("open:start", "start"), ("open:settings", "settings")])
async def test_a_button_of_no_recovery_opens_its_form(session: Session, action: str, form_id: str) -> None:
    answer = await session.personal_tap(action)
    assert isinstance(answer.dialog, Form)
    assert answer.dialog.id == form_id


@pytest.mark.parametrize("action", ["open:more", "open:note:facts", "back", "fly", ""])
async def test_any_other_button_of_no_recovery_is_refused(session: Session, action: str) -> None:
    answer = await session.personal_tap(action)
    assert (answer.dialog, answer.next_view, answer.is_refused) == (None, None, True)


async def test_the_home_is_what_a_look_at_it_shows(room: Runtime, session: Session) -> None:
    answer = await room.application.receive(HomeRequest(ANA, CONTEXT))
    assert isinstance(answer.next_view, HomeView)
    assert session.recovery_id in {row.recovery_id for row in rows(answer.next_view)}


async def test_a_message_comes_with_the_form_that_starts_a_recovery(room: Runtime) -> None:
    answer = await room.application.receive(StartRequest(BEN, CONTEXT, "Where is\x00 my export?"))
    assert isinstance(answer.dialog, Form)
    assert [one.value for one in answer.dialog.inputs if isinstance(one, TextInput)] == ["", "Where is my export?"]


# --- the question before a tap counts


@pytest.fixture
async def previewing(room: Runtime) -> Session:
    """A recovery whose thread external users read, with its summary in view."""
    session = await Session(room).start(SHARED)
    await session.submit("note:commitment", {"who": "Ana", "what": "a fixed export"})
    await session.tap("preview:client")
    return session


async def test_a_button_with_a_question_is_asked_back_and_nothing_is_done(previewing: Session) -> None:
    before = await previewing.recovery()
    answer = await previewing.tap("post:client", is_confirmed=False)
    assert isinstance(answer.dialog, Confirmation)
    assert (answer.dialog.recovery_id, answer.dialog.card_revision) == (before.id, before.card_revision)
    assert (answer.dialog.confirm.action, answer.dialog.cancel.action) == ("post:client", "open:more")
    assert await previewing.recovery() == before


async def test_a_confirmed_tap_counts(previewing: Session) -> None:
    answer = await previewing.tap("post:client")
    assert answer.dialog is None
    assert (await previewing.recovery()).versions_in_thread == ("client",)


async def test_a_button_without_a_question_is_not_asked_back(session: Session) -> None:
    answer = await session.tap("choose:ready", is_confirmed=False)
    assert answer.dialog is None
    assert (await session.recovery()).step == "facts"


def rows(home: HomeView) -> list[Row]:
    return [row for group in home.groups for row in group.rows]
