"""What every peer's script does: name itself, then answer each line on stdin with one round, as JSON."""

import json
import sys
from collections.abc import Callable
from importlib.metadata import version


def serve(package: str, measure: Callable[[], float]) -> None:
    """Answer until stdin ends. `measure` returns microseconds per event."""
    print(json.dumps({"peer": f"{package} {version(package)}"}), flush=True)
    for _ in sys.stdin:
        print(json.dumps({"microseconds": measure()}), flush=True)
