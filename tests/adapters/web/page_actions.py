"""What a person does on the page."""

import re

from playwright.async_api import Page, expect

NEXT_WORKING_DAY = re.compile(r"^(Tomorrow|Monday) 10:00$")
"""The time that is offered on every day; on Fridays and Saturdays it is Monday's."""


async def say(page: Page, text: str, as_: str = "responder") -> None:
    await page.locator(f"#composer label[data-role={as_}]").click()
    await page.fill("#message", text)
    await page.press("#message", "Enter")
    await expect(page.locator("#message")).to_have_value("")


async def start(page: Page, account: str = "Acme") -> None:
    await say(page, f"/trust-recover {account}")
    await at(page, "1 of 8")


async def at(page: Page, where: str) -> None:
    await expect(page.locator("article.card .where-label").first).to_have_text(where)


async def tap(page: Page, label: str) -> None:
    await page.locator("article.card").first.get_by_role("button", name=label, exact=True).click()


async def note(page: Page, **answers: str) -> None:
    """Fill the note that is on the card, and press Enter in its last text field."""
    form = page.locator("article.card form.ask").first
    last = None
    for name, value in answers.items():
        field = form.locator(f"[name={name}]")
        fold = form.locator(f"details:not([open]):has([name={name}]) > summary")
        if await fold.count():
            await fold.click()
        if await field.first.get_attribute("type") == "radio":
            await form.locator(f"label:has([name={name}][value='{value}'])").click()
            continue
        if await field.evaluate("e => e.tagName") == "SELECT":
            await field.select_option(value)
            continue
        await field.fill(value)
        last = field
    if last is None:
        sends_itself = await form.get_attribute("data-sends-itself") is not None
        if not sends_itself:
            await form.get_by_role("button", name="Add").click()
        return
    await last.press("Enter")


async def noted(page: Page, text: str) -> None:
    """Wait until the card shows this: among its notes, or in the field that holds the one note."""
    await page.wait_for_function(
        """text => {
            const card = document.querySelector("article.card");
            const fields = [...card.querySelectorAll(".ask :is(input, textarea)")].map(field => field.defaultValue);
            const notes = [...card.querySelectorAll(".notes")].map(one => one.textContent);
            return [...fields, ...notes].some(one => one.includes(text));
        }""",
        arg=text,
    )


async def more(page: Page, label: str) -> None:
    await tap(page, "More")
    await page.locator("dialog[open]").get_by_role("button", name=label, exact=True).first.click()


async def choose(page: Page, label: str | re.Pattern[str]) -> None:
    """Tap a chip, and wait until it shows that it is chosen."""
    chip = page.locator("article.card").first.locator(".chip", has_text=label)
    await chip.first.click()
    await expect(chip.first).to_have_attribute("aria-pressed", "true")


async def post(page: Page, label: str) -> None:
    """Tap a button that posts, and say yes to its question."""
    page.once("dialog", lambda question: question.accept())
    await tap(page, label)
