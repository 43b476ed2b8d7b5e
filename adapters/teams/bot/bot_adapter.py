"""The adapter between Microsoft's SDK and Teams: what is sent, changed or deleted in a turn goes through our connector.

`CloudAdapterBase`, the SDK's own, makes two HTTP clients for each turn and answers 500 to an invoke with a body.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from botbuilder.core import BotAdapter, Middleware, TurnContext
from botbuilder.schema import (
    Activity,
    ActivityTypes,
    Attachment,
    ChannelAccount,
    ConversationAccount,
    ConversationReference,
    ResourceResponse,
)

from adapters.teams.activity import TeamsActivity
from adapters.teams.bot.invoke_responses import InvokeResponse
from adapters.teams.bot.signing_keys import CHANNEL
from adapters.teams.cards.markup import Json
from adapters.teams.connector.client import TeamsConnector

ANSWER_SECONDS = 7.0
"""Seconds for a turn. After some ten without an answer, Teams says that the app cannot be reached."""
ACTIVITY_KEY = "trust-recover.activity"
"""Where `TurnContext.turn_state` holds the activity as we read it."""

TurnHandler = Callable[[TurnContext], Awaitable[None]]
TurnErrorHandler = Callable[[TurnContext, Exception], Awaitable[None]]


class TeamsBotAdapter(BotAdapter):
    """Runs the turns of requests that were verified, and answers in time. `on_turn_error` answers those that fail."""

    def __init__(self, connector: TeamsConnector, on_turn_error: TurnErrorHandler) -> None:
        super().__init__(on_turn_error)
        self._connector = connector
        self.use(TimeLimit())

    async def process_activity(self, activity: TeamsActivity, on_turn: TurnHandler) -> InvokeResponse:
        """Run one turn, and return what its request is answered with: 200 without a body where nothing else was set.

        The activity must have been verified: nothing is checked here.
        """
        turn_context = TurnContext(self, sdk_activity(activity))
        turn_context.turn_state[ACTIVITY_KEY] = activity
        await self.run_pipeline(turn_context, on_turn)
        answer = turn_context.turn_state.get(self._INVOKE_RESPONSE_KEY)
        return InvokeResponse() if answer is None else InvokeResponse(answer.value.status, answer.value.body)

    async def send_activities(self, context: TurnContext, activities: Sequence[Activity]) -> list[ResourceResponse]:
        """Send each to its conversation, and return their ids, empty where Teams did not say. Somebody waits for them.

        An activity of the type `invokeResponse` is what the request is answered with.

        Raises:
            TeamsRefusal, RateLimited, Unavailable: as `TeamsConnector.send`.

        """
        responses: list[ResourceResponse] = []
        for activity in activities:
            activity_id = ""
            if activity.type == ActivityTypes.invoke_response:
                context.turn_state[self._INVOKE_RESPONSE_KEY] = activity
            elif activity.type != ActivityTypes.trace:  # traces are for the SDK's emulator alone
                activity_id = await self._connector.send(
                    activity.service_url, activity.conversation.id, activity_json(activity), is_reply=True
                )
            responses.append(ResourceResponse(id=activity_id))
        return responses

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:  # noqa: ARG002 - the SDK's signature
        """Change a message in its place: the one with the activity's id. Raises as `send_activities`."""
        await self._connector.update(
            activity.service_url, activity.conversation.id, activity.id, activity_json(activity), is_reply=True
        )
        return ResourceResponse(id=activity.id)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:  # noqa: ARG002 - the SDK's signature
        """Delete the message that the reference names. Raises as `send_activities`."""
        await self._connector.delete(reference.service_url, reference.conversation.id, reference.activity_id)


class TimeLimit(Middleware):
    """Ends a turn that takes too long with a `TimeoutError`, which the adapter's `on_turn_error` then answers."""

    async def on_turn(self, context: TurnContext, logic: Callable[[], Awaitable[None]]) -> None:  # noqa: ARG002 - the SDK's signature
        """Run the rest of the turn."""
        async with asyncio.timeout(ANSWER_SECONDS):
            await logic()


def answer_invoke(turn_context: TurnContext, response: InvokeResponse) -> None:
    """Set what the request is answered with.

    `TurnContext.send_activity` does the same, but copies the answer deeply and serializes it with msrest: 566 µs.
    """
    answer = Activity(type=ActivityTypes.invoke_response, value=response)
    turn_context.turn_state[BotAdapter._INVOKE_RESPONSE_KEY] = answer  # noqa: SLF001 - the SDK has no public name for it


def sdk_activity(activity: TeamsActivity) -> Activity:
    """The SDK's activity, with what handlers and replies need of it.

    Made by hand: msrest's deserializer takes 189 µs instead of 8, and loses `conversation.tenantId`.
    """
    return Activity(
        type=activity.type,
        id=activity.activity_id or None,
        name=activity.name or None,
        action=activity.action or None,
        channel_id=CHANNEL,
        service_url=activity.service_url,
        from_property=ChannelAccount(
            id=activity.user_id, name=activity.user_name, aad_object_id=activity.object_id or None
        ),
        recipient=ChannelAccount(id=activity.bot_id),
        conversation=ConversationAccount(
            id=activity.conversation_id, conversation_type=activity.scope.value, tenant_id=activity.tenant
        ),
        text=activity.text,
        value=activity.value,
    )


def message_activity(message: Json) -> Activity:
    """A message of `cards.message`, as the SDK's activity."""
    attachments = [
        Attachment(content_type=one["contentType"], content=one["content"]) for one in message.get("attachments", ())
    ]
    return Activity(
        type=ActivityTypes.message,
        text=message.get("text"),
        text_format=message.get("textFormat"),
        summary=message.get("summary"),
        channel_data=message.get("channelData"),
        attachments=attachments or None,
    )


def activity_json(activity: Activity) -> Json:
    """An activity as Teams takes it: its text or its cards, and what a notification says. Nothing else is sent."""
    fields = {
        "type": activity.type,
        "text": activity.text,
        "textFormat": activity.text_format,
        "summary": activity.summary,
        "channelData": activity.channel_data,
        "attachments": [{"contentType": one.content_type, "content": one.content} for one in activity.attachments]
        if activity.attachments
        else None,
    }
    return {name: value for name, value in fields.items() if value is not None}
