"""Recoveries whose summaries are edited and posted by chance, with everything that the thread's readers are told."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.service.transition import prepare_transition
from bot.storage import flow_registry
from bot.storage.outbox.messages import LineMessage, SummaryMessage
from flows.definition.model import Flow
from flows.engine.advance import advance
from flows.input.actions import event_from_action
from flows.input.form_answers import FormErrors, event_from_form
from flows.screens.card import guide_card
from flows.screens.elements import ButtonRow, SummaryText
from flows.screens.forms import dialog_form
from flows.screens.inputs import TextInput
from flows.state.delivery_failure import DeliveryFailure, MessageKind
from flows.state.entries import Commitment, CommitmentState, Fact, Feeling, Moment, Text, Value
from flows.state.events import (
    BindThread,
    ClientWrote,
    CloseRecovery,
    ConversationIdChange,
    DeliveryFailed,
    DeliverySucceeded,
    Event,
    HandOver,
    ReopenRecovery,
    StartRecovery,
    ThreadReadersChange,
)
from flows.state.identity import Place
from flows.state.record_events import EditEntry, RecordEntry, RemoveEntry, RestoreEntry
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PostSummary, PreviewSummary
from flows.wording.localization import Localizer
from flows.wording.summaries.documents import summary_document
from tests.conftest import ANA, BEN, NOON, THREAD

REGISTRY = flow_registry.load_registry("trust-recovery", None)
DAY = 86_400.0
PLACES = (THREAD, Place("web", "practice", "acme", "2"), Place("web", "practice", "borg"))
EVENTS_OF_A_RECOVERY = 22
SECRET = "SECRET"
"""Begins each word that no client may ever read."""
DEEDS = {
    "en": (
        "send the report {}",
        "I will call the board {}",
        "a fixed export {}",
        "CHECK ALL OF IT {}!",
        "send it {} twice",
    ),
    "es": (
        "enviar el informe {}",
        "voy a llamar a la junta {}",
        "una exportación {}",
        "REVISARLO TODO {}!",
        "enviarlo {} dos veces",
    ),
}
OWNERS = ("Ana", "me", "", "Ben Ito {}", "we", "el equipo {}")


@dataclass(frozen=True, slots=True)
class Post:
    """A message to everybody in a place. `can_external_users_read`: as far as the recovery knows."""

    place: Place
    text: str
    version: SummaryVersion | None
    is_internal: bool
    can_external_users_read: bool
    posted_at: float = 0.0
    is_delivered: bool = True


@dataclass(slots=True)
class RandomRecovery:
    """A recovery that goes on by chance.

    `posts` are the messages to threads, `first_post_here` the index of the first one since the thread was bound, and
    `shown_text` is the summary in view when a button was tapped.
    """

    seed: int
    chance: random.Random = field(init=False)
    flow: Flow = field(init=False)
    recovery: Recovery = field(init=False)
    now: float = NOON
    version: int = 0
    numbers: int = 0
    shown_text: str = ""
    posts: list[Post] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    first_post_here: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.flow = REGISTRY.newest_or_default(
            self.chance.choice(["trust-recovery", "trust-recovery", "first-response"])
        )

    def play(self) -> None:
        """All of it, from the start."""
        language = self.chance.choice(["en", "es"])
        start = StartRecovery(
            "r", ANA, "Acme", THREAD, language, "Europe/Madrid", has_external_users=self.chance.random() < 0.3
        )
        self.recovery, _ = advance(self.flow, None, start, self.now)
        for _ in range(self.chance.randint(1, 4)):
            self.note_promise()
        actions, weights = zip(*self._actions(), strict=True)
        for action in self.chance.choices(actions, weights, k=EVENTS_OF_A_RECOVERY):
            self.now += self.chance.choice([1.0, 3600.0, DAY])
            action()

    def _actions(self) -> list[tuple[Callable[[], None], int]]:
        return [
            (self.note_promise, 3),
            (self.note_something, 4),
            (self.change_promise, 5),
            (self.keep_promise, 8),
            (self.remove_entry, 2),
            (self.look, 5),
            (self.edit_summary, 6),
            (self.post, 10),
            (self.somebody_comes_or_goes, 4),
            (self.close_or_reopen, 2),
            (self.delivery_ends, 3),
        ]

    def note_promise(self) -> None:
        self.do(RecordEntry(self.recovery.responder, self._field("commitment"), self._promise()))

    def note_something(self) -> None:
        """Other entries: those that the client must not read carry `SECRET`."""
        names = {name: one for step in self.flow.steps.values() for name, one in step.fields.items()}
        name = self.chance.choice(
            [name for name, one in names.items() if one.kind in {"text", "fact", "feeling", "moment"}]
        )
        one = names[name]
        mark = self._mark("safe" if one.client_safe else SECRET)
        values: dict[str, Value] = {
            "text": Text(f"we wrote {mark}", is_confirmed=True),
            "fact": Fact(f"they said {mark}"),
            "feeling": Feeling(mark),
            "moment": Moment(self.now + DAY),
        }
        self.do(RecordEntry(self.recovery.responder, name, values[one.kind]))

    def change_promise(self) -> None:
        """Move, reword, drop, reopen or give to somebody else."""
        if entry := self._any_promise():
            id_, promise = entry
            changes: list[Commitment] = [
                replace(promise, due_at=self.now + DAY),
                replace(promise, what=f"{promise.what} and {self._mark('more')}"),
                replace(promise, what=self._promise().what),
                replace(promise, who=self._mark("Eva")),
                replace(promise, state=self.chance.choice(list(CommitmentState))),
            ]
            self.do(EditEntry(self.recovery.responder, id_, self.chance.choice(changes)))

    def keep_promise(self) -> None:
        if entry := self._any_promise():
            self.tap(f"kept:{entry[0]}")

    def remove_entry(self) -> None:
        if self.recovery.removed_entry and self.chance.random() < 0.6:
            self.do(RestoreEntry(self.recovery.responder, self.recovery.removed_entry.id))
        elif self.recovery.entries:
            self.do(RemoveEntry(self.recovery.responder, self.chance.choice(self.recovery.entries).id))

    def look(self) -> None:
        self.do(PreviewSummary(self.recovery.responder, self.chance.choice(list(SummaryVersion))))

    def edit_summary(self) -> None:
        """Fill the form with which a summary is edited."""
        form_id = f"summary:{self.chance.choice(list(SummaryVersion))}"
        form = dialog_form(self.flow, self.recovery, form_id, self.localizer, self.now)
        assert form
        (text_input,) = form.inputs
        assert isinstance(text_input, TextInput)
        answers = {"text": self._edited(text_input.value)}
        event = event_from_form(
            self.flow, self.recovery, form.id, answers, self.recovery.responder, self.localizer, self.now
        )
        if not isinstance(event, FormErrors):
            self.do(event)

    def post(self) -> None:
        """Tap the button that posts, if there is one; sometimes twice, sometimes one of an earlier card."""
        revision = self.recovery.card_revision - (self.chance.random() < 0.1)
        card = guide_card(self.flow, self.recovery, self.recovery.responder, self.localizer, self.now)
        buttons = [one for row in card.elements if isinstance(row, ButtonRow) for one in row.buttons]
        action = next((one.action for one in buttons if one.action.startswith("post:")), "post:client")
        self.shown_text = next((one.document.text for one in card.elements if isinstance(one, SummaryText)), "")
        for _ in range(self.chance.choice([1, 1, 2, 3])):
            self.tap(action, revision if self.chance.random() < 0.5 else self.recovery.card_revision)

    def somebody_comes_or_goes(self) -> None:
        recovery, choose = self.recovery, self.chance.choice
        is_read = self.chance.random() < 0.5
        events: list[Event] = [
            ClientWrote(f"{self._mark(SECRET)}!", choose(["", "Carla Díaz"])),
            ThreadReadersChange(is_read),
            ThreadReadersChange(is_read),
            BindThread(recovery.responder, choose(PLACES), is_read),
            ConversationIdChange(choose(PLACES).conversation),
            HandOver(recovery.responder, choose([ANA, BEN])),
        ]
        self.do(choose(events))

    def close_or_reopen(self) -> None:
        responder = self.recovery.responder
        self.do(ReopenRecovery(responder) if self.recovery.closed_at else CloseRecovery(responder))

    def delivery_ends(self) -> None:
        """A summary is given up, or one that was is delivered after all."""
        indices = [index for index, post in enumerate(self.posts) if post.version]
        if not indices:
            return
        index = self.chance.choice(indices[-3:])
        post = self.posts[index]
        event = (
            DeliveryFailed(MessageKind.SUMMARY, DeliveryFailure.NOT_INVITED, post.version, posted_at=post.posted_at)
            if post.is_delivered
            else DeliverySucceeded(MessageKind.SUMMARY, post.version, posted_at=post.posted_at)
        )
        self.posts[index] = replace(post, is_delivered=not post.is_delivered)
        self.do(event)

    def tap(self, action: str, revision: int | None = None) -> None:
        """What a tap on a button does."""
        revision = self.recovery.card_revision if revision is None else revision
        event = event_from_action(self.flow, self.recovery, action, revision, self.recovery.responder, self.now)
        if isinstance(event, PostSummary):
            text = summary_document(self.flow, self.recovery, event.summary_version, self.localizer).text
            event = replace(event, text=text)
        self.do(event)

    def do(self, event: Event) -> None:
        """Let it happen, and keep what the thread is told because of it."""
        self.events.append(event)
        self.version += 1
        self.now += 0.01
        place = self.recovery.place
        self.recovery, effects = advance(self.flow, self.recovery, event, self.now)
        if isinstance(event, BindThread) and self.recovery.place != place:
            self.first_post_here = len(self.posts)
        transition = prepare_transition(REGISTRY, self.flow, self.recovery, self.version, event, effects, self.now)
        for message in transition.messages:
            content = message.content
            if isinstance(content, SummaryMessage | LineMessage):
                post = _post_of(content, self.recovery)
                self.on_post(post)
                self.posts.append(post)

    def on_post(self, post: Post) -> None:
        """Called with each message to a thread before it is kept."""

    @property
    def localizer(self) -> Localizer:
        return REGISTRY.localizer(self.recovery.language, self.recovery.timezone)

    def _promise(self) -> Commitment:
        what = self.chance.choice(DEEDS[self.recovery.language]).format(self._mark("deed"))
        who = self.chance.choice(OWNERS).format(self._mark("Q"))
        due = self.chance.choice([None, self.now + DAY, self.now - DAY])
        return Commitment(
            who, what, due, self.chance.choice([CommitmentState.OPEN, CommitmentState.OPEN, CommitmentState.LATE])
        )

    def _any_promise(self) -> tuple[str, Commitment] | None:
        promises = [(one.id, one.value) for one in self.recovery.entries if isinstance(one.value, Commitment)]
        return self.chance.choice(promises) if promises else None

    def _field(self, kind: str) -> str:
        return next(name for step in self.flow.steps.values() for name, one in step.fields.items() if one.kind == kind)

    def _mark(self, kind: str) -> str:
        """A word that is nowhere else."""
        self.numbers += 1
        return f"{kind}{self.numbers}x"

    def _edited(self, text: str) -> str:
        """What a person makes of a text: lines deleted, reworded, moved, added; other blanks, other letters."""
        for _ in range(self.chance.randint(1, 3)):
            lines = text.split("\n")
            at = self.chance.randrange(len(lines))
            line = lines[at]
            words = line.split(" ")
            word = self.chance.randrange(len(words))
            match self.chance.randrange(8):
                case 0:
                    lines[at:] = lines[at + 1 :]
                case 1:
                    lines[at] = " ".join([*words[:word], self._mark("mine"), *words[word + 1 :]])
                case 2:
                    lines[at] = line.upper()
                case 3:
                    lines[at] = line.replace(" ", "  ")
                case 4:
                    lines[at] = " ".join(words[:word]) + "\n" + " ".join(words[word:])
                case 5:
                    lines.insert(at, f"My own {self._mark('mine')}.")
                case 6:
                    lines = [f"All new: {self._mark('mine')}.", *self.chance.sample(lines, len(lines) // 3)]
                case _:
                    lines = [one for one in lines if not one.startswith("• ")]
            text = "\n".join(lines)
        return "" if self.chance.random() < 0.08 else text


def _post_of(content: SummaryMessage | LineMessage, recovery: Recovery) -> Post:
    place = replace(recovery.place, conversation=content.conversation, thread=content.thread)
    can_external_users_read = recovery.has_external_users
    if isinstance(content, LineMessage):
        return Post(place, content.text, None, content.is_internal, can_external_users_read)
    version, posted_at = content.summary_version, content.posted_at
    return Post(place, content.document.text, version, content.is_internal, can_external_users_read, posted_at)
