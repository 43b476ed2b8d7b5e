"""What somebody does, in words that no platform knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tests.adapters.parity.driver import InputErrors, InputValue, PlatformDriver


class Step(Protocol):
    """One thing that somebody does."""

    async def do(self, driver: PlatformDriver) -> InputErrors:
        """Do it on this platform; what was wrong with what was filled in."""
        ...


@dataclass(frozen=True, slots=True)
class TypeCommand:
    """Somebody types this after the command; `about` is the colleague that the text names."""

    who: str
    text: str
    about: str = ""

    async def do(self, driver: PlatformDriver) -> InputErrors:
        await driver.type(self.who, self.text, self.about)
        return {}


@dataclass(frozen=True, slots=True)
class TapButton:
    """Somebody taps a button of the guide. `before`: of the guide as it was before it last changed."""

    who: str
    label: str
    before: bool = False

    async def do(self, driver: PlatformDriver) -> InputErrors:
        await driver.tap(self.who, self.label, before=self.before)
        return {}


@dataclass(frozen=True, slots=True)
class FillCardInputs:
    """Somebody fills in what the guide asks for. `wrong`: the input that it does not take, so that nothing changes."""

    who: str
    values: Mapping[str, InputValue]
    wrong: str = ""

    async def do(self, driver: PlatformDriver) -> InputErrors:
        return await driver.note(self.who, self.values)


@dataclass(frozen=True, slots=True)
class FillForm:
    """Somebody fills in the form that a button of the guide opens."""

    who: str
    way: str
    values: Mapping[str, InputValue]

    async def do(self, driver: PlatformDriver) -> InputErrors:
        return await driver.fill(self.who, self.way, self.values)


@dataclass(frozen=True, slots=True)
class FillFormFromMore:
    """The same by a button under "More"; the first one from the text `beside` on."""

    who: str
    way: str
    values: Mapping[str, InputValue]
    beside: str = ""
    wrong: str = ""

    async def do(self, driver: PlatformDriver) -> InputErrors:
        return await driver.fill(self.who, self.way, self.values, self.beside, more=True)


@dataclass(frozen=True, slots=True)
class More:
    """Somebody opens "More" and taps something there."""

    who: str
    label: str
    beside: str = ""

    async def do(self, driver: PlatformDriver) -> InputErrors:
        await driver.press(self.who, self.label, self.beside)
        return {}


@dataclass(frozen=True, slots=True)
class CheckWords:
    """Somebody has words checked: by the form under "More", or, if there is one open, by "Edit" in the panel."""

    who: str
    text: str
    again: bool = False
    wrong: str = ""

    async def do(self, driver: PlatformDriver) -> InputErrors:
        values = {"What you want to say or write": self.text}
        if self.again:
            return await driver.fill_again(self.who, "Edit", values)
        return await driver.fill(self.who, "Check my words", values, more=True)


@dataclass(frozen=True, slots=True)
class CheckMessage:
    """Somebody has a message checked that they wrote in the account team's channel."""

    who: str
    text: str

    async def do(self, driver: PlatformDriver) -> InputErrors:
        await driver.check_message(self.who, self.text)
        return {}


@dataclass(frozen=True, slots=True)
class TapInPanel:
    """Somebody taps something in the panel of their words; the first one from the text `beside` on."""

    who: str
    label: str
    beside: str = ""

    async def do(self, driver: PlatformDriver) -> InputErrors:
        await driver.press_again(self.who, self.label, self.beside)
        return {}


@dataclass(frozen=True, slots=True)
class Writes:
    """Somebody writes in the account team's channel; Kim is the client."""

    who: str
    text: str

    async def do(self, driver: PlatformDriver) -> InputErrors:
        await driver.write(self.who, self.text)
        return {}


@dataclass(frozen=True, slots=True)
class Shared:
    """Outsiders are let into the thread, or the last of them leaves."""

    has_external_users: bool

    async def do(self, driver: PlatformDriver) -> InputErrors:
        await driver.share(has_external_users=self.has_external_users)
        return {}


@dataclass(frozen=True, slots=True)
class Later:
    """So many minutes pass, and the guide speaks by itself where it has something to say."""

    minutes: float

    async def do(self, driver: PlatformDriver) -> InputErrors:
        while await driver.parts.timers.fire() == 0:
            """What was due may have made more so."""
        return {}
