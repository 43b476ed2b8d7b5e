"""Limits on a flow file's text, checked on its stream of YAML events before anything is built from it."""

from dataclasses import dataclass, field

import yaml

MAX_FLOW_CHARACTERS = 200_000
"""Characters of a flow file. The largest flow that comes with the product has 24,000."""
MAX_NODES = 20_000
"""Keys, values, lists and mappings in a file, each alias (`*name`) counted as all that it stands for."""
MAX_NESTING = 20
"""Lists and mappings inside each other. The deepest that a flow can have is 7."""
MAX_KEY_CHARACTERS = 100
"""Characters of a key: ids, languages, and the keys that docs/flows.md lists."""
MAX_NUMBER_CHARACTERS = 30
"""Characters of a value without quotes that can still be a number."""


@dataclass(frozen=True, slots=True)
class SourceFault:
    """What a flow file may not have, on which line, and how to correct it."""

    line: int
    fault: str
    remedy: str


@dataclass(slots=True)
class _OpenCollection:
    """A list or mapping whose end has not come yet. `nodes` and `nesting` include the collection itself."""

    anchor: str | None
    nodes: int = 1
    nesting: int = 1


@dataclass(slots=True)
class _Scan:
    """Follows the events. `sizes`: nodes and nesting behind each anchor."""

    open_collections: list[_OpenCollection] = field(default_factory=list)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)

    def fault(self, event: yaml.Event) -> tuple[str, str] | None:
        """The fault and the remedy, if this event goes too far."""
        if getattr(event, "tag", None) is not None:
            return (
                "A type is written out with “!”.",
                "Remove the word with the “!”; flow files have text, numbers, true and false.",
            )
        match event:
            case yaml.AliasEvent():
                size = self.sizes.get(event.anchor or "")
                if size is None:
                    return "Something contains itself, or “*” names nothing before it.", "Write it out, without “*”."
                return self._add(*size)
            case yaml.ScalarEvent():
                if event.anchor is not None:
                    self.sizes[event.anchor] = (1, 0)
                return self._add(1, 0)
            case yaml.CollectionStartEvent():
                self.sizes.pop(event.anchor or "", None)  # inside, the name stands for this collection
                self.open_collections.append(_OpenCollection(event.anchor))
                return self._excess(0, 0)
            case yaml.CollectionEndEvent():
                collection = self.open_collections.pop()
                if collection.anchor is not None:
                    self.sizes[collection.anchor] = (collection.nodes, collection.nesting)
                return self._add(collection.nodes, collection.nesting)
        return None

    def _add(self, nodes: int, nesting: int) -> tuple[str, str] | None:
        if excess := self._excess(nodes, nesting):
            return excess
        if self.open_collections:
            parent = self.open_collections[-1]
            parent.nodes += nodes
            parent.nesting = max(parent.nesting, nesting + 1)
        return None

    def _excess(self, nodes: int, nesting: int) -> tuple[str, str] | None:
        """The fault that there are too many of them with so many more nodes, so many levels deep."""
        if len(self.open_collections) + nesting > MAX_NESTING:
            return f"Lists and mappings are more than {MAX_NESTING} levels deep here.", "Take levels out."
        if nodes + sum(collection.nodes for collection in self.open_collections) > MAX_NODES:
            fault = f"With this, the file has more than {MAX_NODES:,} keys and values."
            return fault, "Make several flows, and write out what stands behind “*”."
        return None


def find_source_fault(text: str) -> SourceFault | None:
    """The first thing in a flow file's text that goes beyond the limits.

    The time is proportional to the text, and nothing is nested in memory: an alias is not followed, and a file of open
    brackets is left at the first bracket too many.

    Raises:
        yaml.YAMLError: the text is not YAML.

    """
    if len(text) > MAX_FLOW_CHARACTERS:
        fault = f"The file has {len(text):,} characters, and a flow may have {MAX_FLOW_CHARACTERS:,}."
        return SourceFault(1, fault, "Make several flows of it.")
    scan = _Scan()
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if fault_and_remedy := scan.fault(event):
            line = event.start_mark.line + 1 if event.start_mark else 1
            return SourceFault(line, *fault_and_remedy)
    return None
