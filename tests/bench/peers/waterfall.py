"""The eight steps as a botbuilder-dialogs waterfall: one turn a step, state in memory, no network.

Each step sends one line, as each transition of ours asks for a card.
"""

import asyncio
from time import process_time

from botbuilder.core import BotAdapter, ConversationState, MemoryStorage, MessageFactory, TurnContext
from botbuilder.dialogs import Dialog, DialogSet, DialogTurnResult, DialogTurnStatus, WaterfallDialog
from botbuilder.dialogs import WaterfallStepContext as Step
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationAccount, ResourceResponse
from rounds import serve

RECOVERIES = 5
STEPS = 8


class Adapter(BotAdapter):
    """Takes what is sent and drops it."""

    async def send_activities(self, _context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        return [ResourceResponse(id="1") for _ in activities]

    async def update_activity(self, _context: TurnContext, _activity: Activity) -> None:
        raise NotImplementedError

    async def delete_activity(self, _context: TurnContext, _reference: object) -> None:
        raise NotImplementedError


async def step(context: Step) -> DialogTurnResult:
    await context.context.send_activity(MessageFactory.text("Ask, then listen."))
    return Dialog.end_of_turn


class Bot:
    """One conversation. `ended` counts the recoveries that came to their end."""

    def __init__(self) -> None:
        self.adapter = Adapter()
        self.state = ConversationState(MemoryStorage())
        self.dialogs = DialogSet(self.state.create_property("talk"))
        self.dialogs.add(WaterfallDialog("talk", [step] * STEPS))
        self.ended = 0

    async def turn(self, context: TurnContext) -> None:
        dialog = await self.dialogs.create_context(context)
        result = await dialog.continue_dialog()
        if result.status == DialogTurnStatus.Empty:
            await dialog.begin_dialog("talk")
        self.ended += result.status == DialogTurnStatus.Complete
        await self.state.save_changes(context)

    async def hear(self, activity: Activity) -> None:
        await self.adapter.run_pipeline(TurnContext(self.adapter, activity), self.turn)


def tap() -> Activity:
    return Activity(
        type=ActivityTypes.message,
        id="1",
        text="ready",
        channel_id="test",
        service_url="https://example.org",
        from_property=ChannelAccount(id="ann"),
        recipient=ChannelAccount(id="bot"),
        conversation=ConversationAccount(id="acme"),
    )


async def recoveries() -> float:
    """The turn that begins a recovery is not counted, as our `Start` is not."""
    bot = Bot()
    spent = 0.0
    for _ in range(RECOVERIES):
        await bot.hear(tap())
        taps = [tap() for _ in range(STEPS)]
        began = process_time()
        for activity in taps:
            await bot.hear(activity)
        spent += process_time() - began
    assert bot.ended == RECOVERIES
    return spent / (RECOVERIES * STEPS) * 1e6


serve("botbuilder-dialogs", lambda: asyncio.run(recoveries()))
