"""What handlers of Teams' requests have at hand: the application, what we know of people and places, the way back."""

from dataclasses import dataclass

from adapters.keys import Forged, Seal
from adapters.port import Answer, Application, Scene
from adapters.teams import dialogs
from adapters.teams.activity import Activity, Scope
from adapters.teams.api import Api
from adapters.teams.conversations import Conversations
from adapters.teams.courier import Courier
from adapters.teams.filled import Sent
from adapters.teams.people import PLATFORM, People, User
from adapters.teams.tenants import Tenant, Tenants
from adapters.teams.text import Json
from adapters.teams.words import say
from flows.cards import Form, Home, Panel, WhoInput
from flows.errors import TrustRecoverError
from flows.people import Place

NOWHERE = ("", "")


class NotTheirs(TrustRecoverError):
    """The form was made for somebody else. Open one of your own."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The application, what we know of Teams' people and places, and the way back to Teams."""

    application: Application
    api: Api
    tenants: Tenants
    people: People
    conversations: Conversations
    courier: Courier
    seal: Seal

    async def scene(self, at: Tenant, user: User, conversation: str = "", thread: str = "") -> Scene:
        """Where somebody acts. A chat with the app is no place for an account team: it has no name here."""
        if not conversation:
            return Scene(Place(PLATFORM, at.workspace, ""), user.language, user.timezone)
        shared = await self.conversations.shared(at, conversation)
        return Scene(Place(PLATFORM, at.workspace, conversation, thread), user.language, user.timezone, shared)

    def sealed(self, at: Tenant, user: User, place: Place) -> str:
        """A place that travels with a form, signed for this person: nobody may choose another one."""
        owner = {"workspace": at.workspace, "user": user.id}
        return self.seal.seal(owner | {"conversation": place.conversation, "thread": place.thread})

    def unsealed(self, at: Tenant, user: User, text: str) -> tuple[str, str]:
        """Conversation and thread again.

        Raises:
            Forged: it is not what we sent.
            NotTheirs: we sent it to somebody else.

        """
        if not text:
            return NOWHERE
        value = self.seal.unseal(text)
        if not isinstance(value, dict):
            raise Forged
        if (value.get("workspace"), value.get("user")) != (at.workspace, user.id):
            raise NotTheirs
        return str(value.get("conversation", "")), str(value.get("thread", ""))

    async def drawn(
        self, at: Tenant, user: User, answer: Answer, place: Place, *, chat: bool = False, sent: Sent | None = None
    ) -> Json | None:
        """What an answer opens, as a card in a dialog or in the chat. `place`: where a talk begins that is none yet."""
        language = answer.language or user.language
        match answer.dialog:
            case Form() as form:
                place = answer.place or place
                return dialogs.form_card(
                    form,
                    language,
                    answer.recovery,
                    nth=sent.nth if sent else 0,
                    place=self.sealed(at, user, place),
                    faults=sent.faults if sent else {},
                    given=sent.given if sent else None,
                    colleagues=await self._colleagues(at, user, form, place),
                    chat=chat,
                )
            case Panel() as panel:
                return dialogs.panel_card(panel, language)
            case Home() as home:
                return dialogs.home_card(home, language)
            case _:
                return None

    async def link(self, at: Tenant, place: Place | None) -> str:
        """Of the account thread; empty if there is none."""
        return await self.courier.thread(at, place) if place is not None else ""

    def title(self, answer: Answer, user: User) -> str:
        """The title of a dialog."""
        return answer.dialog.title if answer.dialog else say(answer.language or user.language, "note_title")

    def notice(self, at: Tenant, user: User, answer: Answer) -> Json:
        """What an answer says in words, as a card, with the way to the guide."""
        language = answer.language or user.language
        link = (say(language, "open_guide"), self.courier.links.guide(at.workspace)) if answer.recovery else None
        return dialogs.notice_card(answer.notice or say(language, "taken"), language, link)

    async def _colleagues(self, at: Tenant, user: User, form: Form, place: Place) -> list[tuple[str, str]]:
        if not any(isinstance(one, WhoInput) for one in form.inputs):
            return []
        return await self.people.colleagues(at, place.conversation, user.id)


def where(activity: Activity) -> tuple[str, str]:
    """Conversation and thread of an activity; a person's chat with the app is none."""
    return (activity.conversation, activity.thread) if activity.scope is not Scope.PERSONAL else NOWHERE
