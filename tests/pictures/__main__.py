"""All of them: of the practice room's real page, and of Slack's and Teams' messages and forms."""

import asyncio
import sys

from playwright.async_api import async_playwright

from tests.browser import launched
from tests.pictures import room, slack, teams

SETS = {"room": room.taken, "slack": slack.taken, "teams": teams.taken}


async def main(expected: list[str]) -> None:
    """Take the named sets; all, if none is named."""
    async with async_playwright() as playwright:
        browser = await launched(playwright)
        for name in expected or SETS:
            await SETS[name](browser)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
