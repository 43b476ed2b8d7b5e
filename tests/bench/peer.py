"""A peer's script in an environment of its own: asked for one round at a time, or sent requests."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, TypedDict

_HERE = Path(__file__).parent
_PYTHON = _HERE.parents[1] / ".venv-peers" / "bin" / "python"


class _Hello(TypedDict, total=False):
    """What a script says first. Only a server names its port."""

    peer: str
    port: int


class _Started(NamedTuple):
    hello: _Hello
    ask: IO[str]
    answers: IO[str]


@dataclass(frozen=True, slots=True)
class Peer:
    """A running script. It names itself first; after that, each line it is sent is answered with one round."""

    name: str
    _ask: IO[str]
    _answers: IO[str]

    def round(self) -> float:
        """Microseconds per event, over one round."""
        self._ask.write("round\n")
        self._ask.flush()
        return float(json.loads(self._answers.readline())["microseconds"])


@dataclass(frozen=True, slots=True)
class Listening:
    """A running script that answers HTTP requests on a port of this machine."""

    name: str
    port: int


@contextmanager
def peer(script: str) -> Iterator[Peer]:
    """Start a script of `tests/bench/peers` and end it after the block."""
    with _started(script) as started:
        yield Peer(started.hello["peer"], started.ask, started.answers)


@contextmanager
def listening(script: str, *arguments: str) -> Iterator[Listening]:
    """Start a server of `tests/bench/peers` and end it after the block."""
    with _started(script, *arguments) as started:
        yield Listening(started.hello["peer"], started.hello["port"])


@contextmanager
def _started(script: str, *arguments: str) -> Iterator[_Started]:
    """From the script's first line on, until the end of its stdin tells it to go."""
    command = [str(_PYTHON), "-W", "ignore", str(_HERE / "peers" / script), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        hello = process.stdout.readline()
        if not hello:
            message = f"{script} did not start; its error is above. `make bench` installs what peers need."
            raise RuntimeError(message)
        yield _Started(json.loads(hello), process.stdin, process.stdout)
        process.stdin.close()
