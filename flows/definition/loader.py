"""Reads the text of a flow file."""

from flows.definition import model
from flows.definition.model import Flow
from flows.definition.yaml_source import Source, parse_source

FlowSource = Source[Flow]


def parse_flow(text: str, file: str) -> FlowSource:
    """Read a flow file's text.

    Raises:
        InvalidFile: the text is not YAML, or does not have the shape of a flow.

    """
    return parse_source(text, file, Flow, model)
