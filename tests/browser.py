"""A real browser: found on this machine, or installed by `python -m tests.browser`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.async_api import Browser, Playwright
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync")  # fmt: skip


def found() -> str | None:
    """The path of a Chromium: named by CHROMIUM, on the PATH, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    here = next((path for name in NAMES if (path := shutil.which(name))), None)
    if here:
        return here
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None


async def launched(playwright: Playwright) -> Browser:
    path = next((path for name in NAMES if (path := shutil.which(name))), os.environ.get("CHROMIUM"))
    return await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))


def install() -> int:
    """Get a Chromium: Debian's where we may install packages, else Playwright's own."""
    debian = shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0
    if debian:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (("update",), ("install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu")):
            subprocess.run(("apt-get", "-qq", *arguments), env=environment, check=False, stdout=subprocess.DEVNULL)
    else:
        subprocess.run((sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"), check=False)
    if found():
        return 0
    print("No Chromium could be installed. Install one, or set CHROMIUM to its path, and run again.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(0 if found() else install())
