"""What Slack's own TypeScript types say of our blocks: fields they do not know, and texts of the wrong kind."""

import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.peers.node import NODE
from tests.peers.slack.team import Json

_MODULES = Path(__file__).parent / "node_modules"
_LITERALS_IN_A_FILE = 400
_SETTINGS = {
    "compilerOptions": {
        "noEmit": True,
        "strict": True,
        "skipLibCheck": True,
        "module": "nodenext",
        "target": "es2022",
        "types": [],
        "typeRoots": [],
    },
    "include": ["*.ts"],
}
_ERROR = re.compile(r"^(?P<file>\w+\.ts)\((?P<line>\d+),\d+\): error (?P<what>.*)$")


def type_faults(messages: Sequence[list[Json]], modals: Sequence[Json], homes: Sequence[Json]) -> list[str]:
    """The compiler's errors, each with the part of the payload that it is about; equal parts are looked at once.

    Each block is a literal of its own, so that one wrong block of a thousand equal ones is one error.
    """
    views = [("ModalView", view) for view in modals] + [("HomeView", view) for view in homes]
    blocks = [block for message in messages for block in message]
    blocks += [block for _, view in views for block in view.get("blocks", [])]
    literals = {("KnownBlock", json.dumps(block)) for block in blocks}
    literals |= {(kind, json.dumps(view | {"blocks": []})) for kind, view in views}
    return sorted(_compiled(tuple(sorted(literals))))


@cache
def _compiled(literals: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "node_modules").symlink_to(_MODULES)
        (folder / "tsconfig.json").write_text(json.dumps(_SETTINGS))
        (folder / "package.json").write_text('{"type": "module"}')
        for first in range(0, len(literals), _LITERALS_IN_A_FILE):
            part = literals[first : first + _LITERALS_IN_A_FILE]
            lines = ['import type { KnownBlock, ModalView, HomeView } from "@slack/types";']
            lines += [f"export const x{n}: {kind} = {text};" for n, (kind, text) in enumerate(part)]
            (folder / f"part{first}.ts").write_text("\n".join(lines))
        command = (NODE, str(_MODULES / "typescript" / "bin" / "tsc"), "--project", str(folder), "--pretty", "false")
        process = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        result = [match for line in process.stdout.splitlines() if (match := _ERROR.match(line))]
        assert bool(result) == bool(process.returncode), process.stdout + process.stderr
        sources = {path.name: path.read_text().splitlines() for path in folder.glob("*.ts")}
    return tuple(f"{match['what']} in {sources[match['file']][int(match['line']) - 1][:400]}" for match in result)
