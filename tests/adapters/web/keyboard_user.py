"""Somebody who has no mouse and hears the page: they reach everything by keys, and find it by its role and name."""

from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, expect

MAX_PRESSES = 60
"""Of one key, until what is looked for has the focus."""
NEAREST = """target => {
    const here = document.activeElement;
    return here.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING ? "Shift+Tab" : "Tab";
}"""


@dataclass(slots=True)
class KeyboardUser:
    """One person at one page. `presses`: of keys, without those of typed text."""

    page: Page
    presses: int = 0

    @property
    def card(self) -> Locator:
        return self.page.get_by_role("article").first

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    async def press(self, key: str) -> None:
        self.presses += 1
        await self.page.keyboard.press(key)

    async def reach(self, target: Locator, key: str = "") -> None:
        """Go there by Tab, forwards or backwards, or by another key."""
        await expect(target).to_be_visible()
        key = key or await target.evaluate(NEAREST)
        for _ in range(MAX_PRESSES):
            if await target.evaluate("target => target === document.activeElement"):
                return
            await self.press(key)
        pytest.fail(f"{key} does not lead to {target}")

    async def tap(self, name: str, within: Locator | None = None) -> None:
        """Reach a button by its name and press it."""
        await self.reach((within or self.card).get_by_role("button", name=name, exact=True))
        await self.press("Enter")

    async def toggle(self, name: str, *, is_pressed: bool = True) -> None:
        """Press a chip; it keeps the focus and says what it is now."""
        chip = self.card.get_by_role("button", name=name, exact=True)
        await self.reach(chip)
        await self.press("Space")
        await expect(self.card.get_by_role("button", name=name, exact=True, pressed=is_pressed)).to_be_focused()

    async def type(self, label: str, text: str, within: Locator | None = None) -> None:
        """Type into a field that is found by its label, in place of what stands there."""
        field = (within or self.card).get_by_label(label, exact=True).and_(self.page.get_by_role("textbox"))
        await self.reach(field)
        await self.press("Control+a")
        await self.page.keyboard.type(text)

    async def pick(self, label: str, option: str) -> None:
        """Go through a list with the arrow keys, in the dialog."""
        box = self.dialog.get_by_role("combobox", name=label)
        await self.reach(box)
        for _ in range(MAX_PRESSES):
            if option in await box.evaluate("box => box.selectedOptions[0].textContent"):
                return
            await self.press("ArrowDown")
        pytest.fail(f"no {option}")

    async def choose(self, option: str, group: str) -> None:
        """Choose one of several with the arrow keys, in the dialog."""
        choices = self.dialog.get_by_role("radiogroup", name=group)
        await self.reach(choices.get_by_role("radio", checked=True))
        await self.reach(choices.get_by_role("radio", name=option), "ArrowRight")
        await expect(choices.get_by_role("radio", name=option)).to_be_checked()

    async def hears(self, *texts: str) -> None:
        """Wait until a screen reader has read all of this."""
        for text in texts:
            await expect(self.page.locator("#announce[aria-live=polite]")).to_contain_text(text)
