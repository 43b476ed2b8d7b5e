"""What a person can do and see on every platform, in words that no platform knows; one driver each implements it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.server.bootstrap import Runtime
from flows.screens.elements import Card
from flows.state.identity import Person

MORE = "More"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague to be picked, by name."""

    name: str


InputValue = str | tuple[str, ...] | datetime | Colleague
"""What goes into an input: words, the labels of what is picked, a time in UTC, or a colleague."""
FormInput = Mapping[str, InputValue]
"""By the label of the input."""
InputErrors = Mapping[str, str]
"""What was wrong, by the name of the input."""


@dataclass(frozen=True, slots=True)
class Button:
    """Words to tap on, and what is asked back."""

    label: str
    sure: str = ""


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card or a panel as one reads it. `beyond`: lines that only this platform has."""

    text: str
    buttons: tuple[Button, ...]
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class PrivateMessage:
    """A line for one person. `nudge`: it must be noticed."""

    text: str
    nudge: bool = False


@dataclass(slots=True)
class MessageRecorder:
    """What somebody was told in answer to what they did."""

    messages: list[PrivateMessage] = field(default_factory=list)

    def hear(self, text: str) -> None:
        if text.strip():
            self.messages.append(PrivateMessage(text))


class PlatformDriver(Protocol):
    """One platform. People are known by their names in small letters; whoever acts sees their guide as it is then."""

    name: str
    has_inputs: bool
    """Whether the guide itself holds the fields to fill in."""

    @property
    def parts(self) -> Runtime:
        """The product."""
        ...

    async def ready(self) -> None:
        """Wait until the app knows who reads the account thread."""

    def person(self, who: str) -> Person:
        """Somebody by our own key."""
        ...

    async def type(self, who: str, text: str, about: str = "") -> None:
        """Type something after the command, in the account team's channel. `about`: the colleague it names."""

    async def tap(self, who: str, label: str, *, before: bool = False) -> None:
        """Tap a button of the guide. `before`: of the guide as it was before it last changed."""

    async def note(self, who: str, answers: FormInput) -> InputErrors:
        """Fill in what the guide itself asks for."""
        ...

    async def fill(
        self, who: str, way: str, answers: FormInput, beside: str = "", *, more: bool = False
    ) -> InputErrors:
        """Fill in the form that a button opens: of the guide, or of what "More" opens."""
        ...

    async def press(self, who: str, label: str, beside: str = "") -> None:
        """Open "More" and tap something there; the first one from the text `beside` on."""

    async def check_message(self, who: str, text: str) -> None:
        """Have a message of one's own checked that one wrote in the account team's channel, by the message's menu."""

    async def press_again(self, who: str, label: str, beside: str = "") -> None:
        """Tap something in the panel that answered the last form or tap, which stays open."""

    async def fill_again(self, who: str, way: str, answers: FormInput) -> InputErrors:
        """Fill in the form that a button of that panel opens."""
        ...

    async def open_panel(self, who: str) -> ShownCard:
        """That panel as it stands there."""
        ...

    async def reminder(self, who: str) -> ShownCard:
        """The reminder that came last, with its buttons."""
        ...

    async def answer_reminder(self, who: str, label: str, answers: FormInput | None = None) -> None:
        """Tap a button of that reminder; fill in the form that it opens, if there are answers for one."""

    async def leads_to_guide(self, who: str, label: str) -> bool:
        """Whether this button of that reminder brings the guide into view."""
        ...

    async def write(self, who: str, text: str) -> None:
        """Write in the account team's channel. Kim is the client."""

    async def share(self, *, has_external_users: bool) -> None:
        """Let outsiders into the account thread, or out of it."""

    def look(self) -> None:
        """From now on, what is read is what stands there now."""

    async def card(self, who: str) -> ShownCard:
        """The guide as it stands there."""
        ...

    async def panel(self, who: str) -> ShownCard:
        """What "More" opens."""
        ...

    async def new_private_messages(self, who: str) -> list[PrivateMessage]:
        """What this person alone was told since they were asked last."""
        ...

    async def new_posts(self) -> list[str]:
        """What was posted for everybody since it was asked last."""
        ...

    def besides(self, card: Card) -> str:
        """Words on a guide that the plain text has not: they belong to how inputs are drawn here."""
        ...

    def unsaid(self, card: Card) -> str:
        """Words of the plain text that a guide does not say here, or not again."""
        ...
