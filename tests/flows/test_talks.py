"""Whole talks with ten angry clients: what the guide says, how many words are in view, and how many taps it takes."""

import unicodedata

import pytest

from flows.input.actions import event_from_action
from flows.input.form_answers import FormErrors, event_from_form
from flows.input.form_reader import FormAnswers
from flows.screens.card import guide_card
from flows.screens.elements import ButtonRow, Card, TextLine, Tone
from flows.state.effects import PostSummaryToThread
from flows.state.events import ClientWrote
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PostSummary
from flows.wording.summaries.documents import summary_document
from tests.conftest import ANA
from tests.flows.recovery_driver import RecoveryDriver, begin_recovery
from tests.talks.cards import words_in_view
from tests.talks.clients import CLIENTS, Client, TypedPromise

MAX_WORDS = 45
MAX_INSTRUCTION_WORDS = 12
MAX_TAPS_WITHOUT_NOTES, MAX_TAPS = 11, 24
GATES = ("ready", "all_said", "confirmed", "yes", "nothing", "agreed", "done", "agreed", "finish")


class Talk:
    """A responder who taps and types on the guide. Each tap and each form that is sent counts; typing does not."""

    def __init__(self, client: Client) -> None:
        self.driver = begin_recovery(language=client.language, timezone="Europe/Madrid")
        self.driver.recovery = self.driver.recovery.__class__(
            **{**self.driver.recovery.__dict__, "account": client.account}
        )
        self.taps = 0
        self.cards: list[Card] = [self.card()]

    def card(self) -> Card:
        driver = self.driver
        return guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now)

    def act(self, action: str) -> None:
        """Tap what has this action."""
        driver = self.driver
        event = event_from_action(driver.flow, driver.recovery, action, driver.recovery.card_revision, ANA, driver.now)
        if isinstance(event, PostSummary):
            document = summary_document(driver.flow, driver.recovery, event.summary_version, driver.localizer)
            event = PostSummary(ANA, event.summary_version, event.card_revision, document.text)
        driver.later(1)
        driver.do(event)
        self.taps += 1
        self.cards.append(self.card())

    def send(self, form_id: str, answers: FormAnswers) -> None:
        """Send a form of the card."""
        driver = self.driver
        event = event_from_form(driver.flow, driver.recovery, form_id, answers, ANA, driver.localizer, driver.now)
        assert not isinstance(event, FormErrors), event
        driver.do(event)
        self.taps += 1
        self.cards.append(self.card())

    def hear(self, message: str, name: str) -> None:
        self.driver.later(1)
        self.driver.do(ClientWrote(message, name))
        self.cards.append(self.card())

    def post(self) -> None:
        """Post the client's version by the buttons of the card, and answer what is asked."""
        for _ in range(2):
            buttons = [b for e in self.card().elements if isinstance(e, ButtonRow) for b in e.buttons]
            button = next(b for b in buttons if b.action in {"post:client", "preview:client"})
            self.taps += bool(button.confirmation)
            self.act(button.action)
            if any(isinstance(effect, PostSummaryToThread) for effect in self.driver.effects):
                return


def whole_talk(client: Client) -> Talk:
    """The talk with two facts, a feeling, a frame, what we own, a promise with its date, and the next update."""
    talk = Talk(client)
    first, *others = client.messages
    talk.hear(first, client.name)
    talk.act("choose:ready")
    for fact in client.facts:
        talk.send("note:facts", {"text": fact})
    for message in others:
        talk.hear(message, client.name)
    talk.act("choose:all_said")
    if client.feeling:
        talk.act(f"pick:feeling:{client.feeling}")
    else:
        talk.send("note:feeling", {"word": client.typed_feeling})
    for gate in ("confirmed", "yes", "nothing"):
        talk.act(f"choose:{gate}")
    talk.send("note:frame", {"text": client.frame})
    talk.act("choose:agreed")
    talk.send("note:our_part", {"text": client.our_part})
    talk.act("choose:done")
    promise = client.promise
    answers = {"who": promise.who or "Ana", "what": promise.what, "when": promise.when}
    talk.send("note:commitment", answers)
    talk.send("note:next_update", {"when": client.next_update})
    talk.act("choose:agreed")
    talk.act("pick:outcome:improving")
    talk.act("choose:finish")
    talk.post()
    return talk


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> Client:
    return CLIENTS[request.param]


@pytest.fixture
def talk(client: Client) -> Talk:
    return whole_talk(client)


MARK = "qux"
"""What each typed word begins with where only the guide's own words are counted."""


def typed_words(count: int) -> str:
    return " ".join(f"{MARK}{number}" for number in range(count))


@pytest.mark.parametrize("language", ["en", "es"])
def test_few_words_of_the_guide_are_in_view(language: str) -> None:
    texts = {name: typed_words(6) for name in ("frame", "our_part")}
    promise = TypedPromise("", f"{'enviar' if language == 'es' else 'send'} {typed_words(4)}", "in 4 days")
    client = Client(
        MARK, MARK, language, (typed_words(9),) * 3, (typed_words(6), typed_words(5)), **texts,
        promise=promise, next_update="in 2 days", feeling="let_down",
    )  # fmt: skip
    long_cards = []
    for card in whole_talk(client).cards:
        words = [word for word in words_in_view(card) if MARK not in word.casefold()]
        if len(words) > MAX_WORDS:
            long_cards.append((len(words), " ".join(words)))
    assert long_cards == []


def test_one_instruction_is_in_view(talk: Talk) -> None:
    for card in talk.cards:
        (instruction,) = [e.text for e in card.elements if isinstance(e, TextLine) and e.tone is Tone.INSTRUCTION]
        assert len(instruction.split()) <= MAX_INSTRUCTION_WORDS


def test_a_whole_talk_takes_few_taps(talk: Talk, client: Client) -> None:
    assert talk.taps <= MAX_TAPS
    posted_summary = talk.driver.recovery.posted_summary(SummaryVersion.CLIENT)
    assert posted_summary is not None
    assert client.name.removesuffix(" 🌵") in posted_summary.text
    assert not any(unicodedata.category(character) == "So" for character in posted_summary.text), "no emoji"


@pytest.mark.parametrize("is_client_there", [False, True])
def test_a_talk_without_notes_takes_few_taps(client: Client, *, is_client_there: bool) -> None:
    talk = Talk(client)
    if is_client_there:
        talk.hear(client.messages[0], client.name)
    for gate in GATES:
        talk.act(f"choose:{gate}")
    talk.post()
    assert talk.taps <= MAX_TAPS_WITHOUT_NOTES
    assert talk.driver.recovery.posted_summary(SummaryVersion.CLIENT) is not None


def test_the_client_is_told_nothing_that_was_noted_for_colleagues(talk: Talk, client: Client) -> None:
    driver: RecoveryDriver = talk.driver
    posted_summary = driver.recovery.posted_summary(SummaryVersion.CLIENT)
    assert posted_summary is not None
    for words in (*client.facts, *client.messages, client.typed_feeling):
        assert not words or words not in posted_summary.text
