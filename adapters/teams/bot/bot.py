"""The bot: which handler of ours takes which activity of Teams, as a handler of Microsoft's SDK.

`TeamsActivityHandler.on_turn` chooses the method by the activity's type. Where the SDK's method would read the value
with msrest, or ask Teams something, it is overridden; each place says why.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from botbuilder.core import TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import AdaptiveCardInvokeValue
from botbuilder.schema.teams import MessagingExtensionAction, TaskModuleRequest

from adapters.shared.safe_logging import safe_description
from adapters.teams.activity import TeamsActivity
from adapters.teams.bot.bot_adapter import ACTIVITY_KEY, answer_invoke, message_activity
from adapters.teams.bot.card_actions import CardActionHandler
from adapters.teams.bot.context import FormOfOtherPerson, TeamsContext
from adapters.teams.bot.dialogs import DialogHandler
from adapters.teams.bot.error_replies import CARD_ACTION, error_reply
from adapters.teams.bot.events import TeamsEventHandler
from adapters.teams.bot.invoke_responses import (
    BAD_REQUEST,
    NOT_IMPLEMENTED,
    SERVICE_UNAVAILABLE,
    InvokeResponse,
    refusal_response,
)
from adapters.teams.bot.messages import MessageHandler
from adapters.teams.bot.submissions import SubmissionHandler
from adapters.teams.bot.typing_indicator import TypingIndicator
from adapters.teams.cards.markup import Json
from adapters.teams.directory.tenants import Tenant
from adapters.teams.request import Reply, TeamsRequest

log = logging.getLogger(__name__)

NOTICE_SECONDS = 2.5
"""Seconds in which a person is told that their request failed, beyond those of the turn."""


class TeamsBot(TeamsActivityHandler):
    """Our app, as Teams sees it."""

    def __init__(self, context: TeamsContext) -> None:
        super().__init__()
        submissions = SubmissionHandler(context)
        self._context = context
        self._typing_indicator = TypingIndicator(context.direct_messages)
        self._messages = MessageHandler(context)
        self._card_actions = CardActionHandler(context, submissions)
        self._dialogs = DialogHandler(context, submissions)
        self._events = TeamsEventHandler(context, self._messages)

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Somebody wrote. If the answer takes long, they see that the app is typing."""
        async with self._typing_indicator.while_answering(_unregistered_request(turn_context)):
            await self._messages.message(await self._request(turn_context))

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        """The app was installed or removed."""
        await self._events.installation(await self._request(turn_context))

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """Members came or went, or a channel changed.

        The SDK's method asks Teams about each new member one by one, and does not know that a channel was shared.
        """
        await self._events.conversation(await self._request(turn_context))

    async def on_invoke_activity(self, turn_context: TurnContext) -> None:
        """Somebody tapped or sent something and waits for the answer, which goes into `turn_state` as it is.

        The SDK's method reads the value and writes the answer with msrest: 566 µs.
        """
        name, value = turn_context.activity.name, turn_context.activity.value
        if name == CARD_ACTION:
            response = await self.on_adaptive_card_invoke(
                turn_context, AdaptiveCardInvokeValue(action=value.get("action"))
            )
        elif name == "task/fetch":
            response = await self.on_teams_task_module_fetch(turn_context, TaskModuleRequest(data=value.get("data")))
        elif name == "task/submit":
            response = await self.on_teams_task_module_submit(turn_context, TaskModuleRequest(data=value.get("data")))
        elif name == "composeExtension/fetchTask":
            response = await self.on_teams_messaging_extension_fetch_task(turn_context, _extension_action(value))
        elif name == "composeExtension/submitAction":
            response = await self.on_teams_messaging_extension_submit_action(turn_context, _extension_action(value))
        else:
            log.debug("Teams sent the invoke %s, which is not ours", name)
            response = InvokeResponse(NOT_IMPLEMENTED)
        answer_invoke(turn_context, response)

    async def on_adaptive_card_invoke(
        self, turn_context: TurnContext, invoke_value: AdaptiveCardInvokeValue
    ) -> InvokeResponse:
        """An `Action.Execute` on a card in the chat."""
        return await self._card_actions.execute(await self._request(turn_context), invoke_value.action)

    async def on_teams_task_module_fetch(
        self, turn_context: TurnContext, task_module_request: TaskModuleRequest
    ) -> InvokeResponse:
        """A button that opens a dialog."""
        return await self._dialogs.fetch(await self._request(turn_context), task_module_request.data)

    async def on_teams_task_module_submit(
        self, turn_context: TurnContext, task_module_request: TaskModuleRequest
    ) -> InvokeResponse:
        """What is sent from a dialog."""
        return await self._dialogs.submit(await self._request(turn_context), task_module_request.data)

    async def on_teams_messaging_extension_fetch_task(
        self, turn_context: TurnContext, action: MessagingExtensionAction
    ) -> InvokeResponse:
        """One of the app's commands in a message's menu."""
        request = await self._request(turn_context)
        return await self._dialogs.message_action(request, action.command_id, action.message_payload)

    async def on_teams_messaging_extension_submit_action(
        self, turn_context: TurnContext, action: MessagingExtensionAction
    ) -> InvokeResponse:
        """What is sent from the dialog that a message's menu opened."""
        return await self._dialogs.submit(await self._request(turn_context), action.data)

    async def on_event_activity(self, turn_context: TurnContext) -> None:
        """Something about a meeting, or that somebody read a message. The SDK's method reads the value with msrest."""
        log.debug("Teams sent the event %s, which is not ours", turn_context.activity.name)

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        """Somebody edited a message, or took its deletion back: what was noted of it stays as it was noted."""

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        """Somebody deleted a message: what was noted of it stays."""

    async def on_unrecognized_activity_type(self, turn_context: TurnContext) -> None:
        """Nothing that concerns us."""
        log.debug("Teams sent the activity %s, which is not ours", turn_context.activity.type)

    async def on_turn_error(self, turn_context: TurnContext, error: Exception) -> None:
        """Answer a turn that failed, in time, whatever happens."""
        if isinstance(error, FormOfOtherPerson):
            log.warning("somebody sent a form that was made for another person")
            response = refusal_response(str(error))
        else:
            response = await self._error_reply(_unregistered_request(turn_context), error)
        answer_invoke(turn_context, response)

    async def _error_reply(self, request: TeamsRequest, error: Exception) -> InvokeResponse:
        try:
            async with asyncio.timeout(NOTICE_SECONDS):
                return await error_reply(self._context, request, error)
        except TimeoutError:
            log.error("and the error message could not be sent in time")  # noqa: TRY400 - the first error is logged
            return InvokeResponse(SERVICE_UNAVAILABLE)
        except Exception as second:  # noqa: BLE001 - the last resort: whatever it is, it must not end in a traceback
            log.error("and the error message could not be made: %s", safe_description(second))  # noqa: TRY400 - described
            return InvokeResponse(BAD_REQUEST)

    async def _request(self, turn_context: TurnContext) -> TeamsRequest:
        """The request of a turn; what is new about its tenant and its conversation is on disk on return."""
        activity: TeamsActivity = turn_context.turn_state[ACTIVITY_KEY]
        tenant = await self._context.tenants.register(activity)
        return TeamsRequest(tenant, activity, _reply(turn_context))


def _unregistered_request(turn_context: TurnContext) -> TeamsRequest:
    """The request of a turn by what its activity says alone, without the database."""
    activity: TeamsActivity = turn_context.turn_state[ACTIVITY_KEY]
    tenant = Tenant(activity.tenant, activity.bot_id, activity.service_url)
    return TeamsRequest(tenant, activity, _reply(turn_context))


def _reply(turn_context: TurnContext) -> Reply:
    """The way to answer in the conversation of a turn."""

    async def reply(message: Json) -> None:
        await turn_context.send_activity(message_activity(message))

    return reply


def _extension_action(value: Mapping[str, Any]) -> MessagingExtensionAction:
    return MessagingExtensionAction(
        command_id=value.get("commandId"), data=value.get("data"), message_payload=value.get("messagePayload")
    )
