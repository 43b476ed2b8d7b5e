"""What all handlers of Teams' requests need: the application, the directory, the connector, and signed places."""

from dataclasses import dataclass

from adapters.port import Answer, Application, RequestContext
from adapters.shared.crypto import InvalidSignature, Signer
from adapters.teams.activity import Scope, TeamsActivity
from adapters.teams.cards import dialogs
from adapters.teams.cards.drafts import FormDrafts
from adapters.teams.cards.input_values import RejectedForm
from adapters.teams.cards.markup import Json
from adapters.teams.cards.words import say
from adapters.teams.connector.client import TeamsConnector
from adapters.teams.direct_messages import DirectMessages
from adapters.teams.directory.audience import TeamsAudience
from adapters.teams.directory.people import TeamsDirectory
from adapters.teams.directory.tenants import Tenant, TenantDirectory
from adapters.teams.directory.user import PLATFORM, TeamsUser
from flows.errors import TrustRecoverError
from flows.screens.elements import Confirmation, HomeView, Panel
from flows.screens.inputs import Form, PersonInput
from flows.state.identity import Place

NO_PLACE = ("", "")


class FormOfOtherPerson(TrustRecoverError):
    """The form was made for another person. Open your own form from your guide."""


@dataclass(frozen=True, slots=True)
class TeamsContext:
    """The application, what is known about people and conversations, and the ways to reach them."""

    application: Application
    connector: TeamsConnector
    tenants: TenantDirectory
    directory: TeamsDirectory
    audience: TeamsAudience
    direct_messages: DirectMessages
    signer: Signer
    drafts: FormDrafts

    async def request_context(
        self, tenant: Tenant, user: TeamsUser, conversation: str = "", thread: str = ""
    ) -> RequestContext:
        """Where somebody acts. A chat with the app is no account thread, so its place has no conversation."""
        if not conversation:
            return RequestContext(Place(PLATFORM, tenant.workspace, ""), user.language, user.timezone)
        has_external_users = await self.audience.has_external_users(tenant, conversation)
        return RequestContext(
            Place(PLATFORM, tenant.workspace, conversation, thread), user.language, user.timezone, has_external_users
        )

    def sign_place(self, tenant: Tenant, user: TeamsUser, place: Place) -> str:
        """The text of a place that a form sends along. Signed for this person: nobody can choose another place."""
        owner = {"workspace": tenant.workspace, "user": user.id}
        return self.signer.sign(owner | {"conversation": place.conversation, "thread": place.thread})

    def verify_place(self, tenant: Tenant, user: TeamsUser, text: str) -> tuple[str, str]:
        """The conversation and the thread of a signed place; both empty for an empty text.

        Raises:
            InvalidSignature: we did not sign it.
            FormOfOtherPerson: it was signed for another person.

        """
        if not text:
            return NO_PLACE
        value = self.signer.verify(text)
        if not isinstance(value, dict):
            raise InvalidSignature
        if (value.get("workspace"), value.get("user")) != (tenant.workspace, user.id):
            raise FormOfOtherPerson
        return str(value.get("conversation", "")), str(value.get("thread", ""))

    async def dialog_card(
        self,
        tenant: Tenant,
        user: TeamsUser,
        answer: Answer,
        screen: Form | Panel | HomeView | Confirmation | None,
        place: Place,
        *,
        is_chat: bool = False,
        rejected_form: RejectedForm | None = None,
    ) -> Json | None:
        """A screen of an answer, as a card in a dialog or in the chat. `place`: where a recovery begins with a form."""
        language = answer.language or user.language
        match screen:
            case Form() as form:
                place = answer.place or place
                return dialogs.form_card(
                    form,
                    language,
                    answer.recovery_id,
                    repeat=rejected_form.repeat if rejected_form else 0,
                    signed_place=self.sign_place(tenant, user, place),
                    errors=rejected_form.errors if rejected_form else {},
                    submitted_data=rejected_form.data if rejected_form else None,
                    colleagues=await self._colleagues(tenant, user, form, place),
                    is_chat=is_chat,
                )
            case Panel() as panel:
                return dialogs.panel_card(panel, language)
            case Confirmation() as confirmation:
                return dialogs.confirmation_card(confirmation, language)
            case HomeView() as home:
                return await self.home_card(tenant, home, language)
            case _:
                return None

    async def home_card(self, tenant: Tenant, home: HomeView, language: str) -> Json:
        """A person's home, with links to the account threads."""
        places = {row.place for group in home.groups for row in group.rows if row.place is not None}
        links = {place: await self.thread_link(tenant, place) for place in places}
        return dialogs.home_card(home, language, links)

    async def thread_link(self, tenant: Tenant, place: Place | None) -> str:
        """A link to the account thread; empty if there is none."""
        return await self.direct_messages.thread_link(tenant, place) if place is not None else ""

    def title(self, answer: Answer, screen: Form | Panel | HomeView | Confirmation | None, user: TeamsUser) -> str:
        """The title of a dialog."""
        return screen.title if screen else say(answer.language or user.language, "app_title")

    def notice_card(self, tenant: Tenant, user: TeamsUser, answer: Answer) -> Json:
        """The notice of an answer as a card, with a link to the guide if there is a recovery."""
        language = answer.language or user.language
        link = (
            (say(language, "open_guide"), self.direct_messages.links.guide(tenant.workspace))
            if answer.recovery_id
            else None
        )
        return dialogs.notice_card(answer.notice or say(language, "noted"), language, link)

    async def _colleagues(self, tenant: Tenant, user: TeamsUser, form: Form, place: Place) -> list[tuple[str, str]]:
        if not any(isinstance(one, PersonInput) for one in form.inputs):
            return []
        return await self.directory.colleagues(tenant, place.conversation, user.id)


def account_place(activity: TeamsActivity) -> tuple[str, str]:
    """The conversation and the thread of an activity; both empty for a person's chat with the app."""
    return (activity.conversation, activity.thread) if activity.scope is not Scope.PERSONAL else NO_PLACE
