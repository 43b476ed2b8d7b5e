"""The SDK's bare bot: it proves the token and answers an `Action.Execute` with a small card. Nothing is stored.

Most of its time goes into two HTTP clients, which the SDK makes anew for each turn, whether the bot needs them or not.

Arguments: an empty secret, the app's id, the issuer, the address of the issuer's OpenID metadata. The glue is our own:
`botbuilder-integration-aiohttp` answers 500 to an invoke.
"""

import logging
import sys

from aiohttp import web
from botbuilder.core import ActivityHandler, CloudAdapterBase, TurnContext
from botbuilder.schema import Activity, AdaptiveCardInvokeResponse, AdaptiveCardInvokeValue
from botframework.connector.auth import (
    AuthenticationConfiguration,
    BotFrameworkAuthenticationFactory,
    PasswordServiceClientCredentialFactory,
)
from listen import serve

APP_ID, ISSUER, METADATA_URL = sys.argv[2:5]
CARD = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [{"type": "TextBlock", "text": "Ask, then listen.", "wrap": True}],
    "actions": [{"type": "Action.Execute", "verb": "tap", "title": "Go on", "data": {"visit": 2}}],
}


class Echo(ActivityHandler):
    """Knows one answer."""

    async def on_adaptive_card_invoke(
        self, _turn: TurnContext, _value: AdaptiveCardInvokeValue
    ) -> AdaptiveCardInvokeResponse:
        """The same card for every tap."""
        return AdaptiveCardInvokeResponse(status_code=200, type="application/vnd.microsoft.card.adaptive", value=CARD)


class Adapter(CloudAdapterBase):
    """Takes requests; what is not signed for us raises, and so is not answered with 200."""

    async def answer(self, request: web.Request) -> web.Response:
        """What the bot says to one activity."""
        activity = Activity().deserialize(await request.json())
        proof = await self.bot_framework_authentication.authenticate_request(
            activity, request.headers.get("Authorization", "")
        )
        said = await self.process_activity(proof, activity, Echo().on_turn)
        return web.json_response(said.body, status=int(said.status))


logging.getLogger("msrest").setLevel(logging.ERROR)  # it warns of what Teams sends and the SDK does not know
adapter = Adapter(
    BotFrameworkAuthenticationFactory.create(
        credential_factory=PasswordServiceClientCredentialFactory(APP_ID),
        auth_configuration=AuthenticationConfiguration(),
        to_bot_from_channel_token_issuer=ISSUER,
        to_bot_from_channel_open_id_metadata_url=METADATA_URL,
        to_bot_from_emulator_open_id_metadata_url=METADATA_URL,
    )
)
app = web.Application()
app.router.add_post("/api/messages", adapter.answer)
serve("botbuilder-core", app)
