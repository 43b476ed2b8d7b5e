"""What must be true of every card and page: no barrier, and all that a person on a call needs is in view."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

LOW, PHONE = (1280, 560), (390, 844)
"""Width and height of the screens on which nothing that is needed may have to be scrolled to."""

AXE = Axe().axe_script
FIND_BARRIERS = """async () => (await axe.run({resultTypes: ["violations"]})).violations.map(
    ({id, impact, nodes}) => `${id} (${impact}): ${nodes.map(node => node.html.slice(0, 200)).join(" | ")}`)"""

OUT_OF_VIEW = """mayScroll => {
    const card = document.querySelector("article.card");
    if (!card) return document.documentElement.scrollWidth > innerWidth ? ["wider than the screen"] : [];
    const body = card.querySelector(".card-body");
    const foot = card.querySelector(".card-foot");
    const isIn = (box, outer) => box.top >= outer.top - 1 && box.bottom <= outer.bottom + 1
        && box.left >= outer.left - 1 && box.right <= outer.right + 1;
    const screen = {top: 0, left: 0, right: innerWidth, bottom: innerHeight};
    const faults = [];
    for (const box of [body, document.getElementById("cards"), document.documentElement]) {
        if (!mayScroll && box.scrollHeight > box.clientHeight + 1) faults.push("scrolls: " + (box.className || box.id));
        if (box.scrollWidth > box.clientWidth + 1) faults.push("too wide: " + (box.className || box.id));
    }
    const inner = body.getBoundingClientRect();
    const needed = ".instruction, .say, .chip, .ask :is(input:not([tabindex='-1']), .add), .folds, .client-message";
    for (const part of body.querySelectorAll(needed)) {
        const box = part.getBoundingClientRect();
        const isDrawn = box.width > 1 && !part.closest("details:not([open]) > :not(summary)");
        if (!mayScroll && isDrawn && !isIn(box, inner)) faults.push("out of view: " + part.outerHTML.slice(0, 200));
    }
    for (const button of card.querySelectorAll(".card-head button, .card-foot button, .card-foot")) {
        if (!isIn(button.getBoundingClientRect(), screen)) faults.push("out of view: button " + button.textContent);
    }
    for (const text of card.querySelectorAll(".chip, .button, .where, .elapsed, .label")) {
        const isHidden = text.closest(".visually-hidden");
        if (!isHidden && text.scrollWidth > text.clientWidth + 1) faults.push("cut: " + text.textContent);
    }
    const parts = [...card.querySelectorAll(".card-place, .card-head > button, .card-body > *, .card-foot")];
    const boxes = parts.map(part => part.getBoundingClientRect());
    for (let i = 0; i < parts.length; i++) for (let j = i + 1; j < parts.length; j++) {
        const [a, b] = [boxes[i], boxes[j]];
        const isOver = a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
        if (!mayScroll && isOver) faults.push(`${parts[i].className} over ${parts[j].className}`);
    }
    return faults;
}"""
"""What must be scrolled to, is cut, or lies over something else. `mayScroll`: somebody opened more than the card is."""


async def barriers(page: Page) -> list[str]:
    """All that axe-core finds on the page as it is, of any impact."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    faults: list[str] = await page.evaluate(FIND_BARRIERS)
    return faults


async def check(page: Page, what: str, *, may_scroll: bool = False) -> None:
    """Look at the page on a phone in the dark and on a low screen in the light."""
    faults: list[str] = []
    for (width, height), scheme in ((PHONE, "dark"), (LOW, "light")):
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        results = [*await barriers(page), *await page.evaluate(OUT_OF_VIEW, may_scroll)]
        faults += [f"{what}, {width} px: {fault}" for fault in results]
    assert not faults
