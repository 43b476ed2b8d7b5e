"""What people write: to the app, which they mention or chat with, and in threads that it may hear."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from adapters.port import AtHome, Heard, Role, Typed, Undeliverable
from adapters.teams.activity import CHANNELS, Activity, Mention, Scope
from adapters.teams.desk import Desk, where
from adapters.teams.message import card_message, text_message
from adapters.teams.people import PLATFORM, User, is_app
from adapters.teams.tenants import Tenant
from adapters.teams.text import Json, MessageLink, message_link, said
from adapters.teams.words import say
from flows.people import Person, Place

HOME = "home"
_COMMAND = re.compile(r"^\s*/?\s*trust-recover\b[:,]?\s*", re.IGNORECASE)
"""People who know the app from Slack type its command."""


class Aim(NamedTuple):
    """What somebody means: the words, and the place, where a link in them leads elsewhere."""

    text: str
    conversation: str
    thread: str
    linked: bool


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages of people."""

    desk: Desk

    async def message(self, at: Tenant, activity: Activity) -> None:
        """Somebody wrote: to the app, or to each other."""
        if is_app(activity.user) or not activity.user:
            return
        if addressed(at, activity):
            await self._typed(at, activity)
        else:
            await self._heard(at, activity)

    async def _typed(self, at: Tenant, activity: Activity) -> None:
        desk = self.desk
        user = await desk.people.met(at, activity)
        if user.outsider:
            await desk.courier.tell(at, user, activity, text_message(say(user.language, "members_only")))
            return
        words = _COMMAND.sub("", said(activity.text, _spoken(at, activity.mentions))).strip()
        if words.lower() == HOME:
            await desk.courier.tell(at, user, activity, await self.home(at, user))
            return
        aim, fault = await self._aim(at, user, activity, words)
        if fault:
            await desk.courier.tell(at, user, activity, text_message(say(user.language, fault)))
            return
        who = None
        if named := next((one for one in activity.mentions if one.user != at.bot_user), None):
            who = await self._named(at, activity, named)
            if who is None:
                text = say(user.language, "not_a_colleague", name=named.name)
                await desk.courier.tell(at, user, activity, text_message(text))
                return
        await self._said(at, user, activity, aim, who)

    async def _said(self, at: Tenant, user: User, activity: Activity, aim: Aim, who: Person | None) -> None:
        desk = self.desk
        scene = await desk.scene(at, user, aim.conversation, aim.thread)
        chat = activity.scope is Scope.PERSONAL and not aim.linked and not _COMMAND.match(activity.text)
        typed = Typed(activity.event_id, user.person(at.workspace), scene, aim.text, who, aim.linked, chat)
        answer = await desk.application.receive(typed)
        if scene.shared:
            desk.conversations.settle(at, aim.conversation)
        language = answer.language or user.language
        if card := await desk.drawn(at, user, answer, scene.place, chat=True):
            await desk.courier.tell(at, user, activity, card_message(card, say(language, "note_title")))
        elif answer.notice:
            await desk.courier.tell(at, user, activity, text_message(answer.notice))

    async def home(self, at: Tenant, user: User) -> Json:
        """The message with what somebody has to do with."""
        scene = await self.desk.scene(at, user)
        answer = await self.desk.application.receive(AtHome(user.person(at.workspace), scene))
        card = await self.desk.drawn(at, user, answer, scene.place)
        return card_message(card or {}, say(answer.language or user.language, "note_title"))

    async def _heard(self, at: Tenant, activity: Activity) -> None:
        """Only where a team or a chat has consented to it does Teams tell us such messages."""
        user = await self.desk.people.met(at, activity)
        role = Role.CLIENT if self.desk.people.is_client(user) else Role.RESPONDER
        place = Place(PLATFORM, at.workspace, *where(activity))
        text = said(activity.text, _spoken(at, activity.mentions))
        await self.desk.application.receive(
            Heard(activity.event_id, user.person(at.workspace), place, role, text),
        )

    async def _aim(self, at: Tenant, user: User, activity: Activity, words: str) -> tuple[Aim, str]:
        """What is meant, and the key of a word why that cannot be (empty: it can)."""
        link = message_link(words)
        here = Aim(words, *where(activity), linked=False)
        if link is None:
            return here, ""
        if not await self._can_read(at, user, link):
            return here, "link_unknown"
        channel = link.conversation.endswith(CHANNELS)
        return Aim(link.rest, link.conversation, (link.parent or link.message) if channel else "", linked=True), ""

    async def _can_read(self, at: Tenant, user: User, link: MessageLink) -> bool:
        """Whether app and person are in the conversation: else they would learn what is said in it."""
        if link.tenant and link.tenant != at.workspace:
            return False
        try:
            address = await self.desk.tenants.address(at, link.conversation)
            await self.desk.api.member(address, link.conversation, user.id)
        except Undeliverable:
            return False
        return True

    async def _named(self, at: Tenant, activity: Activity, named: Mention) -> Person | None:
        """The colleague who was mentioned, unless it is none."""
        if is_app(named.user):
            return None
        try:
            person = await self.desk.people.user(at, activity.conversation, named.user)
        except Undeliverable:
            return None
        return None if person.outsider else person.person(at.workspace)


def addressed(at: Tenant, activity: Activity) -> bool:
    """Whether a message is for the app, and not one that it only hears."""
    called = any(one.user == at.bot_user for one in activity.mentions)
    return activity.scope is Scope.PERSONAL or activity.targeted or called


def _spoken(at: Tenant, mentions: tuple[Mention, ...]) -> dict[str, str]:
    """How mentions are read: that of the app not at all."""
    return {one.text: "" if one.user == at.bot_user else f"@{one.name}" for one in mentions}
