"""The flows that can run: those that ship with the product, the operator's own, and old versions still in use."""

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection, exists, select, update

from adapters.shared.storage import per_dialect
from bot.errors import BadSettings, FlowChanged
from bot.storage import tables as t
from flows.definition.loader import parse_flow as read_flow
from flows.definition.model import Flow, LocalizedText
from flows.definition.validation import load_flow
from flows.wording.localization import Catalog, Localizer

_STORE = per_dialect(lambda insert: insert(t.flow_source).on_conflict_do_nothing())
BUILT_IN_FLOWS = ("trust_recovery.yaml", "first_response.yaml")


@dataclass(slots=True)
class FlowRegistry:
    """Flows by id and version, and the words that they share."""

    catalog: Catalog
    default_flow_id: str
    sources: dict[tuple[str, int], str] = field(default_factory=dict)
    flows: dict[tuple[str, int], Flow] = field(default_factory=dict)
    newest_versions: dict[str, int] = field(default_factory=dict)

    def newest_or_default(self, flow_id: str) -> Flow:
        """The newest version of a flow, or of the default flow."""
        wanted = flow_id if flow_id in self.newest_versions else self.default_flow_id
        return self.flows[wanted, self.newest_versions[wanted]]

    def get_version(self, tx: Connection, flow_id: str, version: int) -> Flow:
        """The very version that a recovery runs under. Its shape is read, not checked: rules may have grown since."""
        known = self.flows.get((flow_id, version))
        if known is None:
            same = (t.flow_source.c.flow == flow_id) & (t.flow_source.c.version == version)
            text = tx.execute(select(t.flow_source.c.text).where(same)).scalar_one()
            known = self.flows[flow_id, version] = read_flow(text, f"{flow_id} version {version}, as stored").flow
        return known

    def localizer(self, language: str, timezone: str) -> Localizer:
        """How to speak to somebody."""
        return Localizer(self.catalog, language, timezone)

    def store_sources(self, tx: Connection) -> None:
        """Store the sources of today's flows, so that recoveries can end under the version they began with.

        Raises:
            FlowChanged: a flow differs from what recoveries already run under that version.

        """
        for (flow_id, version), text in self.sources.items():
            same = (t.flow_source.c.flow == flow_id) & (t.flow_source.c.version == version)
            stored = tx.execute(select(t.flow_source.c.text).where(same)).scalar()
            if stored is None:  # another process may write the same at this very moment
                tx.execute(_STORE[tx.dialect.name], {"flow": flow_id, "version": version, "text": text})
            elif stored != text:
                _replace_unused(tx, flow_id, version, text)


def load_registry(default: str, own: Path | None) -> FlowRegistry:
    """Read and check every flow.

    Raises:
        BrokenFlow: a file is broken.
        BadSettings: the folder or the default flow does not exist.

    """
    registry = FlowRegistry(_load_catalog(), default)
    data = files("flows") / "data"
    texts = {name: (data / name).read_text("utf-8") for name in BUILT_IN_FLOWS}
    if own is not None:
        if not own.is_dir():
            message = f"TRUST_RECOVER_FLOWS is {own}, which is no folder. Name a folder with .yaml files."
            raise BadSettings(message)
        texts |= {str(path): _read_file(path) for path in sorted(own.glob("*.yaml")) if path.is_file()}
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
    if default not in registry.newest_versions:
        known = ", ".join(sorted(registry.newest_versions))
        message = f"TRUST_RECOVER_DEFAULT_FLOW is {default}, which does not exist. Use one of: {known}."
        raise BadSettings(message)
    return registry


def _read_file(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (UnicodeDecodeError, OSError) as error:
        message = f"{path} cannot be read ({error}). Save it as UTF-8 text."
        raise BadSettings(message) from error


def _replace_unused(tx: Connection, flow_id: str, version: int, text: str) -> None:
    runs = exists().where(t.recovery.c.flow == flow_id, t.recovery.c.flow_version == version)
    if tx.execute(select(runs)).scalar():
        message = (
            f"The flow {flow_id} version {version} was changed, but recoveries run under it as it was. "
            f"Write “version: {version + 1}” into the changed file; the running ones keep the old version."
        )
        raise FlowChanged(message)
    same = (t.flow_source.c.flow == flow_id) & (t.flow_source.c.version == version)
    tx.execute(update(t.flow_source).where(same).values(text=text))


def _load_catalog() -> Catalog:
    text = (files("flows") / "data" / "words.yaml").read_text("utf-8")
    return _flatten(yaml.load(text, Loader=yaml.CBaseLoader), "")  # noqa: S506 - BaseLoader makes strings only


def _flatten(part: dict[str, Any], prefix: str) -> Catalog:
    """Nested keys as dotted ones; an empty key names its parent."""
    found: Catalog = {}
    for key, value in part.items():
        name = ".".join(filter(None, (prefix, key)))
        leaf = all(isinstance(text, str) for text in value.values())
        words: LocalizedText = value
        found |= {name: words} if leaf else _flatten(value, name)
    return found
