"""The flows that recoveries can use: the built-in ones, the operator's own, and old versions that are still in use."""

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection, exists, select, update

from adapters.shared.storage import per_dialect
from bot.errors import BadSettings, FlowVersionConflict
from bot.storage import tables as t
from flows.coach.coach import NO_COACH, Coach
from flows.definition.loader import parse_flow
from flows.definition.model import Flow, LocalizedText
from flows.definition.source_limits import MAX_FLOW_CHARACTERS
from flows.definition.validation import load_flow
from flows.wording.languages import SHARED_LANGUAGES, match_language
from flows.wording.localization import Catalog, Localizer

_STORE = per_dialect(lambda insert: insert(t.flow_source).on_conflict_do_nothing())
_MAX_FLOW_BYTES = 4 * MAX_FLOW_CHARACTERS
BUILT_IN_FLOWS = ("trust_recovery.yaml", "first_response.yaml")


@dataclass(slots=True)
class FlowRegistry:
    """Flows by id and version, the texts that they share, and the coach that judges words."""

    catalog: Catalog
    default_flow_id: str
    sources: dict[tuple[str, int], str] = field(default_factory=dict)
    flows: dict[tuple[str, int], Flow] = field(default_factory=dict)
    newest_versions: dict[str, int] = field(default_factory=dict)
    coach: Coach = NO_COACH

    def newest_or_default(self, flow_id: str) -> Flow:
        """The newest version of a flow, or of the default flow."""
        known_id = flow_id if flow_id in self.newest_versions else self.default_flow_id
        return self.flows[known_id, self.newest_versions[known_id]]

    def get_version(self, tx: Connection, flow_id: str, version: int) -> Flow:
        """The version of a flow with which a recovery was started.

        A stored flow is parsed, but not validated: the rules may be stricter now than when it was stored.
        """
        flow = self.flows.get((flow_id, version))
        if flow is None:
            is_same_version = (t.flow_source.c.flow == flow_id) & (t.flow_source.c.version == version)
            text = tx.execute(select(t.flow_source.c.text).where(is_same_version)).scalar_one()
            flow = self.flows[flow_id, version] = parse_flow(text, f"{flow_id} version {version}, as stored").value
        return flow

    def localizer(self, language: str, timezone: str) -> Localizer:
        """Makes texts in this time zone, and in the language of our flows that a platform's language tag asks for."""
        flow_languages = (language for flow in self.flows.values() for language in flow.languages)
        languages = tuple(dict.fromkeys((*SHARED_LANGUAGES, *flow_languages)))
        return Localizer(self.catalog, match_language(language, languages), timezone)

    def store_sources(self, tx: Connection) -> None:
        """Store the sources of the flows, so that a recovery can go on with the version with which it was started.

        Raises:
            FlowChanged: a flow differs from the stored one of the same version, with which recoveries were started.

        """
        for (flow_id, version), text in self.sources.items():
            is_same_version = (t.flow_source.c.flow == flow_id) & (t.flow_source.c.version == version)
            stored_text = tx.execute(select(t.flow_source.c.text).where(is_same_version)).scalar()
            if stored_text is None:  # another process may store the same flow at the same time
                tx.execute(_STORE[tx.dialect.name], {"flow": flow_id, "version": version, "text": text})
            elif stored_text != text:
                _replace_unused(tx, flow_id, version, text)


def load_registry(default_flow_id: str, folder: Path | None) -> FlowRegistry:
    """Read and validate all flows. `folder` holds the operator's own.

    Raises:
        InvalidFile: a file has faults.
        BadSettings: the folder or the default flow does not exist.

    """
    registry = FlowRegistry(_load_catalog(), default_flow_id)
    data = files("flows") / "data"
    texts = {name: (data / name).read_text("utf-8") for name in BUILT_IN_FLOWS}
    if folder is not None:
        if not folder.is_dir():
            message = f"TRUST_RECOVER_FLOWS is {folder}, which is no folder. Name a folder with .yaml files."
            raise BadSettings(message)
        texts |= {str(path): read_flow_file(path) for path in sorted(folder.glob("*.yaml")) if path.is_file()}
    for name, text in texts.items():
        flow = load_flow(text, name)
        if (flow.id, flow.version) in registry.flows:
            message = (
                f"{name}: there is a flow {flow.id} version {flow.version} already. Give it another id or version."
            )
            raise BadSettings(message)
        registry.flows[flow.id, flow.version] = flow
        registry.sources[flow.id, flow.version] = text
        registry.newest_versions[flow.id] = max(flow.version, registry.newest_versions.get(flow.id, 0))
    if default_flow_id not in registry.newest_versions:
        flow_ids = ", ".join(sorted(registry.newest_versions))
        message = f"TRUST_RECOVER_DEFAULT_FLOW is {default_flow_id}, which does not exist. Use one of: {flow_ids}."
        raise BadSettings(message)
    return registry


def read_flow_file(path: Path) -> str:
    """The text of a flow file. Of a file that is too long, only enough is read to see that it is.

    Raises:
        BadSettings: it cannot be read, or is not UTF-8 text.

    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FLOW_BYTES + 1)
        return content.decode("utf-8", "strict" if len(content) <= _MAX_FLOW_BYTES else "replace")
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 text (byte {error.start}). Save it as UTF-8."
        raise BadSettings(message) from error
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}). Name a file that this user may read."
        raise BadSettings(message) from error


def _replace_unused(tx: Connection, flow_id: str, version: int, text: str) -> None:
    """Replace a stored flow, if there is no recovery with this version."""
    is_in_use = exists().where(t.recovery.c.flow == flow_id, t.recovery.c.flow_version == version)
    if tx.execute(select(is_in_use)).scalar():
        message = (
            f"The flow {flow_id} version {version} was changed, but recoveries run under it as it was. "
            f"Write “version: {version + 1}” into the changed file; the running ones keep the old version."
        )
        raise FlowVersionConflict(message)
    is_same_version = (t.flow_source.c.flow == flow_id) & (t.flow_source.c.version == version)
    tx.execute(update(t.flow_source).where(is_same_version).values(text=text))


def _load_catalog() -> Catalog:
    text = (files("flows") / "data" / "words.yaml").read_text("utf-8")
    return _flatten(yaml.load(text, Loader=yaml.CBaseLoader), "")  # noqa: S506 - BaseLoader makes strings only


def _flatten(part: dict[str, Any], prefix: str) -> Catalog:
    """Nested keys as dotted keys; an empty key stands for its parent."""
    catalog: Catalog = {}
    for key, value in part.items():
        dotted_key = ".".join(filter(None, (prefix, key)))
        is_text = all(isinstance(text, str) for text in value.values())
        text_by_language: LocalizedText = value
        catalog |= {dotted_key: text_by_language} if is_text else _flatten(value, dotted_key)
    return catalog
