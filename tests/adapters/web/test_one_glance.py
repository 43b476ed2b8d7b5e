"""What a person on a call needs is in view at every step, on a low screen and on a phone, with a client's own words."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.adapters.web.conftest import Open
from tests.adapters.web.page_actions import at, choose, note, noted, say, start
from tests.talks.clients import CLIENTS

pytestmark = pytest.mark.asyncio(loop_scope="session")
"""They share a browser, which belongs to one event loop."""

CLIENT = CLIENTS["long"]
OUT_OF_VIEW = """() => {
    const card = document.querySelector("article.card");
    const body = card.querySelector(".card-body").getBoundingClientRect();
    const foot = card.querySelector(".card-foot");
    const needed = [".instruction", ".say blockquote", ".chip", ".ask input[type=text]", ".ask input[name=when]",
        ".ask .add", ".client-message"];
    const isIn = (box, outer) => box.top >= outer.top - 1 && box.bottom <= outer.bottom + 1
        && box.left >= outer.left - 1 && box.right <= outer.right + 1;
    const screen = {top: 0, left: 0, right: innerWidth, bottom: innerHeight};
    const faults = [];
    for (const name of needed) {
        const part = card.querySelector(name);
        if (part && !isIn(part.getBoundingClientRect(), body)) faults.push(name);
    }
    for (const button of card.querySelectorAll(".card-head button, .card-foot button, .card-foot")) {
        if (!isIn(button.getBoundingClientRect(), screen)) faults.push("button " + button.textContent);
    }
    for (const chip of card.querySelectorAll(".chip, .button, .where, .elapsed")) {
        if (chip.scrollWidth > chip.clientWidth + 1) faults.push("cut: " + chip.textContent);
        const box = chip.getBoundingClientRect();
        if (box.width && (box.left < 0 || box.right > innerWidth)) faults.push("beyond the edge: " + chip.textContent);
    }
    const parts = [...card.querySelectorAll(".card-place, .card-head > button, .card-body > *, .card-foot")];
    const boxes = parts.map(part => part.getBoundingClientRect());
    for (let i = 0; i < parts.length; i++) for (let j = i + 1; j < parts.length; j++) {
        const [a, b] = [boxes[i], boxes[j]];
        const isBelowFold = [parts[i], parts[j]].some(part => part === foot);
        const isOver = a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
        if (isOver && !isBelowFold) faults.push(`${parts[i].className} over ${parts[j].className}`);
    }
    if (document.documentElement.scrollWidth > innerWidth) faults.push("wider than the screen");
    return faults;
}"""
"""What is not in view, is cut, or lies over something else. What scrolls out of the card's body lies under its foot."""


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1280, 560, "light"), (390, 844, "dark")], ids=["a low screen", "a phone"]
)
async def test_each_step_is_seen_at_one_glance(visit: Open, width: int, height: int, scheme: str) -> None:
    page = await visit(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
    await view(page, "thread")
    await start(page, CLIENT.account)
    for text in CLIENT.messages:
        await view(page, "thread")
        await say(page, text, "client")
    await view(page, "guide")
    for number in range(1, 9):
        await at(page, f"{number} of 8")
        if number == 2:
            await in_view(page, number)  # with the client's message
            await page.locator("article.card .client-message button").click()
            await expect(page.locator("article.card .notes summary")).to_have_count(1)
            for fact in CLIENT.facts:
                await note(page, text=fact)
                await noted(page, fact)
        if number == 3:
            await choose(page, "let down")
        await in_view(page, number)
        await page.locator("article.card .main").click()
    await at(page, "Wrap-up")
    await in_view(page, 9)
    await page.locator("article.card .main").click()
    await expect(page.locator("article.card .where-label")).to_have_text("Summary")
    await in_view(page, 10)
    await page.locator("article.card .card-head button").click()
    await expect(page.locator("dialog[open]")).to_be_visible()
    assert await page.evaluate(
        "document.querySelector('dialog').scrollWidth <= document.querySelector('dialog').clientWidth"
    )
    await no_barrier(page)


async def view(page: Page, name: str) -> None:
    switch = page.locator(f".views [data-show={name}]")
    if await switch.is_visible():
        await switch.click()


async def in_view(page: Page, number: int) -> None:
    assert await page.evaluate(OUT_OF_VIEW) == [], number
    if number in {2, 4, 8, 10}:
        await no_barrier(page)


async def no_barrier(page: Page) -> None:
    """axe-core finds nothing at all."""
    report = await Axe().run(page)
    violations = report.response["violations"]
    assert not violations, [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in violations]
