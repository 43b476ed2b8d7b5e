"""The installed program, serving in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

PROGRAM = str(Path(sys.executable).with_name("trust-recover"))
_OURS = "TRUST_RECOVER_"
_READY = re.compile(r"Open http://\S+:(\d+)/")


@dataclass(frozen=True, slots=True)
class Server:
    """`trust-recover serve`, ready. `url` is its address as a browser on this machine writes it."""

    url: str
    port: int
    process: psutil.Process
    database_url: str


@contextmanager
def serving(
    database_url: str = "sqlite:///var/trust-recover.db", more: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """The program, from its "Open http…" line on, in an empty folder; without a URL, on a database made there.

    `more`: further settings, without the prefix of their names.
    """
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen(
            [PROGRAM, "serve", "--port", "0"],
            cwd=folder,
            env=_settings(database_url) | {_OURS + name: value for name, value in (more or {}).items()},
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdout
        try:
            line = process.stdout.readline()
            ready = _READY.match(line)
            if ready is None:
                message = f"trust-recover serve said {line!r}, not where to open it; its error is above."
                raise RuntimeError(message)
            port = int(ready.group(1))
            yield Server(f"http://localhost:{port}", port, psutil.Process(process.pid), database_url)
        finally:
            process.terminate()


def migrate(database_url: str) -> None:
    """Make our tables there, as an operator does."""
    with TemporaryDirectory() as folder:
        subprocess.run(
            [PROGRAM, "migrate"], cwd=folder, env=_settings(database_url), check=True, stdout=subprocess.DEVNULL
        )


def _settings(database_url: str) -> dict[str, str]:
    """The environment of this process, with these settings of the program and no others."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return settings | {_OURS + "LOG_LEVEL": "WARNING", _OURS + "DATABASE_URL": database_url}
