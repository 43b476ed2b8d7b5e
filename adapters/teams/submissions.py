"""Forms that were sent, from the card, the chat or a dialog: who is picked in them, and where a talk begins."""

from dataclasses import dataclass, replace

from adapters.keys import Forged
from adapters.port import Answer, Asked, Filled, Tapped, Undeliverable
from adapters.teams import filled
from adapters.teams.activity import Activity
from adapters.teams.desk import Desk
from adapters.teams.filled import Data
from adapters.teams.kit import Fill
from adapters.teams.people import User, is_app
from adapters.teams.tenants import Tenant
from adapters.teams.words import say
from flows.cards import Form
from flows.people import Person, Place

NOTE = "note:"
OPEN = "open:"


@dataclass(frozen=True, slots=True)
class Submissions:
    """What somebody filled in."""

    desk: Desk

    async def take(self, at: Tenant, user: User, activity: Activity, fill: Fill, data: Data, *, card: bool) -> Answer:
        """Take a form in. `card`: answer with the recovery's card.

        Raises:
            Forged, UnreadableCard: it is not one of ours.

        """
        if not fill.recovery and user.outsider:
            return Answer(notice=say(user.language, "members_only"), refused=True)
        if not (fill.recovery or fill.place):  # whoever may begin something was given a sealed place to do so
            raise Forged
        given = filled.answers(data)
        answers: dict[str, str | tuple[str, ...] | Person] = dict(given.answers)
        conversation, thread = self.desk.unsealed(at, user, fill.place)
        if given.person:
            person = await self._picked(at, conversation or activity.conversation, given.person)
            if person is None:
                return Answer(faults={"person": say(user.language, "pick_a_colleague")}, recovery=fill.recovery)
            answers["person"] = person
        scene = await self.desk.scene(at, user, conversation, thread)
        event_id = f"form:{activity.event_id}"
        by = user.person(at.workspace)
        answer = await self.desk.application.receive(
            Filled(event_id, by, scene, fill.recovery, fill.form, answers, card)
        )
        if scene.shared:
            self.desk.conversations.settle(at, conversation)
        return answer

    async def again(self, at: Tenant, user: User, activity: Activity, fill: Fill, data: Data) -> Answer:
        """The same form, as it is asked for now: to show what was wrong with it, or for one more note."""
        by = user.person(at.workspace)
        if fill.recovery:
            return await self.desk.application.receive(
                Tapped(f"again:{activity.event_id}", by, fill.recovery, 0, f"{OPEN}{fill.form}")
            )
        scene = await self.desk.scene(at, user, *self.desk.unsealed(at, user, fill.place))
        message = str(filled.answers(data).answers.get("message", ""))  # of a message's menu: it has a field of its own
        answer = await self.desk.application.receive(Asked(by, scene, fill.form, message))
        if not isinstance(answer.dialog, Form):
            return answer
        return replace(answer, dialog=replace(answer.dialog, id=fill.form))  # it names the flow

    def place(self, at: Tenant, user: User, fill: Fill) -> Place:
        """Where a talk begins with this form."""
        return Place(user.person(at.workspace).platform, at.workspace, *self.desk.unsealed(at, user, fill.place))

    @staticmethod
    def is_for_more(fill: Fill, answer: Answer) -> bool:
        """Whether the form is one that is seldom filled alone."""
        return fill.form.startswith(NOTE) and isinstance(answer.dialog, Form) and answer.dialog.again

    async def _picked(self, at: Tenant, conversation: str, user_id: str) -> Person | None:
        """The colleague who was picked, unless it is none: a list can be old, and what comes back can be anything."""
        if is_app(user_id):
            return None
        try:
            person = await self.desk.people.user(at, conversation, user_id)
        except Undeliverable:
            return None
        return None if person.outsider else person.person(at.workspace)
