"""Microsoft's schemas of an app package, from npm's `@microsoft/app-manifest`."""

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft6Validator

from tests.peers.teams.team import Json

VERSION = "1.30"
_SCHEMAS = Path(__file__).parent / "node_modules" / "@microsoft" / "app-manifest" / "build" / "json-schemas" / "teams"


def faults_of_manifest(manifest: Json) -> list[str]:
    """What Microsoft's schema finds wrong with a manifest: where, and what."""
    return _faults("MicrosoftTeams.schema.json", manifest)


def faults_of_translation(translation: Json) -> list[str]:
    """The same for the file of a further language."""
    return _faults("MicrosoftTeams.Localization.schema.json", translation)


def _faults(name: str, activity: Json) -> list[str]:
    return [f"{fault.json_path}: {fault.message}"[:300] for fault in _validator(name).iter_errors(activity)]


@cache
def _validator(name: str) -> Draft6Validator:
    """The file calls itself draft 4, but tells the manifest's version with `const`, which draft 6 brought."""
    schema = json.loads((_SCHEMAS / f"v{VERSION}" / name).read_text("utf-8"))
    return Draft6Validator({key: value for key, value in schema.items() if key != "$schema"})
