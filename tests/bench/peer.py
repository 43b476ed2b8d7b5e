"""A peer's script in an environment of its own, asked for one round at a time."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_HERE = Path(__file__).parent
_PYTHON = _HERE.parents[1] / ".venv-peers" / "bin" / "python"


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


@contextmanager
def peer(script: str) -> Iterator[Peer]:
    """Start a script of `tests/bench/peers` and end it after the block."""
    command = [str(_PYTHON), "-W", "ignore", str(_HERE / "peers" / script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        hello = process.stdout.readline()
        if not hello:
            message = f"{script} did not start; its error is above. `make bench` installs what peers need."
            raise RuntimeError(message)
        yield Peer(json.loads(hello)["peer"], process.stdin, process.stdout)
        process.stdin.close()
