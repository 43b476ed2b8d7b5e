"""Taps on cards in the chat: each is answered with the card as it is then."""

from dataclasses import dataclass

from adapters.port import Answer, AtHome, Tapped
from adapters.teams import filled
from adapters.teams.activity import Activity
from adapters.teams.cards import guide_card
from adapters.teams.desk import Desk
from adapters.teams.dialogs import ADAPTIVE, home_card
from adapters.teams.filled import Data, Sent
from adapters.teams.kit import FILL, HOME, TAP, Fill, UnreadableCard, read_fill, read_tap
from adapters.teams.message import card_message
from adapters.teams.people import PLATFORM, User
from adapters.teams.replies import MESSAGE, Reply, refusal
from adapters.teams.submissions import Submissions
from adapters.teams.tenants import Tenant
from adapters.teams.text import Json
from flows.cards import Ask, Card, Form, Home
from flows.people import Place


@dataclass(frozen=True, slots=True)
class Taps:
    """What somebody taps or fills in on a card."""

    desk: Desk
    submissions: Submissions

    async def executed(self, at: Tenant, activity: Activity) -> Reply:
        """An `Action.Execute`.

        Raises:
            UnreadableCard: not one of ours.

        """
        action = activity.value.get("action")
        if not isinstance(action, dict) or not isinstance(action.get("data"), dict):
            raise UnreadableCard
        verb, data = action.get("verb"), action["data"]
        user = await self.desk.people.met(at, activity)
        if verb == FILL:
            return await self._filled(at, user, activity, data)
        if verb not in {TAP, HOME}:
            raise UnreadableCard
        return await self._tapped(at, user, activity, data, home=verb == HOME)

    async def _tapped(self, at: Tenant, user: User, activity: Activity, data: Data, *, home: bool) -> Reply:
        tap = read_tap(data)
        if tap.form and filled.unsent(data):  # what was typed but not sent is filed before the tap: it is not lost
            fill = Fill(tap.recovery, tap.form, 0)
            answer = await self.submissions.take(at, user, activity, fill, data, card=True)
            if answer.refused or answer.faults or answer.notice:
                return await self._shown(at, user, answer, Sent(answer.faults, data))
        by = user.person(at.workspace)
        event_id = f"tap:{activity.event_id}"
        answer = await self.desk.application.receive(
            Tapped(event_id, by, tap.recovery, tap.visit, tap.action, card=True)
        )
        if home and not (answer.refused or answer.notice):
            return await self._home(at, user)
        if isinstance(answer.dialog, Form) and not _asks(answer.card, answer.dialog):
            await self._below(at, user, activity, answer, answer.dialog)
        return await self._shown(at, user, answer)

    async def _below(self, at: Tenant, user: User, activity: Activity, answer: Answer, form: Form) -> None:
        """A tap that is answered with the card can open no dialog: the form that it asks for comes below the guide."""
        place = answer.place or Place(PLATFORM, at.workspace, "")
        if card := await self.desk.drawn(at, user, answer, place, chat=True):
            await self.desk.courier.tell(at, user, activity, card_message(card, form.title))

    async def _filled(self, at: Tenant, user: User, activity: Activity, data: Data) -> Reply:
        fill = read_fill(data)
        own = bool(fill.recovery) and not fill.place  # a form below the guide brings its place along
        answer = await self.submissions.take(at, user, activity, fill, data, card=own)
        if own or answer.refused or not answer.faults:
            return await self._shown(at, user, answer, Sent(answer.faults, data) if answer.faults else None)
        asked = await self.submissions.again(at, user, activity, fill, data)
        place = self.submissions.place(at, user, fill)
        sent = Sent(answer.faults, data, fill.nth)
        return _card(await self.desk.drawn(at, user, asked, place, chat=True, sent=sent) or {})

    async def _shown(self, at: Tenant, user: User, answer: Answer, sent: Sent | None = None) -> Reply:
        """The card as it is now; a word, if there is one, stands for it until the card is brought by itself."""
        if answer.refused:
            return refusal(answer.notice)
        if answer.card is None:
            return _card(self.desk.notice(at, user, answer))
        if answer.notice:
            return _told(answer.notice)
        language = answer.language or user.language
        link = await self.desk.link(at, answer.place)
        return _card(guide_card(answer.card, language, answer.place, link, sent=sent))

    async def _home(self, at: Tenant, user: User) -> Reply:
        scene = await self.desk.scene(at, user)
        answer = await self.desk.application.receive(AtHome(user.person(at.workspace), scene))
        if not isinstance(answer.dialog, Home):
            return _card(self.desk.notice(at, user, answer))
        return _card(home_card(answer.dialog, answer.language or user.language))


def _asks(card: Card | None, form: Form) -> bool:
    """Whether the card has this form's inputs on it."""
    return card is not None and any(isinstance(one, Ask) and one.form.id == form.id for one in card.elements)


def _card(card: Json) -> Reply:
    return Reply(200, {"statusCode": 200, "type": ADAPTIVE, "value": card})


def _told(text: str) -> Reply:
    """A word, for their eyes; the card stays as it is."""
    return Reply(200, {"statusCode": 200, "type": MESSAGE, "value": text})
