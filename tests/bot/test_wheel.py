"""A wheel built from the tree and installed into an empty environment serves the same."""

import asyncio
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.bot.server.test_killed_server import do, wait_until_delivered
from tests.server_process import Server, visiting
from tests.whole_recovery import TALK

ROOT = Path(__file__).parents[2]


def build(folder: Path) -> Path:
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def in_git(*folders: str) -> set[str]:
    result = subprocess.run(("git", "ls-files", *folders), cwd=ROOT, check=True, capture_output=True, text=True)
    return set(result.stdout.split())


@pytest.mark.timeout(400)
async def test_an_installed_wheel_serves_the_same(tmp_path: Path) -> None:
    wheel = await asyncio.to_thread(build, tmp_path)
    wheel_files = set(zipfile.ZipFile(wheel).namelist())
    assert not in_git("bot", "adapters", "flows", "migrations") - wheel_files
    home = tmp_path / "env"
    await asyncio.to_thread(venv.create, home)
    # By our own pip, and compiled is only what is imported then: both are seconds that test nothing.
    pip = (sys.executable, "-m", "pip", "--python", str(home), "--disable-pip-version-check")
    install = (*pip, "install", "--quiet", "--no-compile")
    for what in (("--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")), ("--no-deps", str(wheel))):
        await asyncio.to_thread(subprocess.run, (*install, *what), check=True, cwd=tmp_path, capture_output=True)
    server = Server(tmp_path, program=(str(home / "bin" / "trust-recover"),))
    await server.start()
    try:
        async with visiting(server.url) as visitor:
            page = await visitor.enter()
            for name in ("room.css", "room.js", "icon.svg"):
                assert f"/static/{name}" in page or name == "icon.svg"
                async with visitor.session.get(f"{server.url}/static/{name}") as response:
                    assert response.status == 200
            await do(visitor, TALK[0], None, "t")
            await wait_until_delivered(tmp_path / "room.db", 1)
            _, visit, text = await visitor.card()
            assert (visit, "1 of 8" in text) == (1, True)
    finally:
        assert await server.stop() == 0
