"""What adapters draw pages and words with: templates that escape everything, and words by key and language."""

from importlib.resources import files

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import TypeAdapter

Words = dict[str, dict[str, str]]
"""By key and language."""


def templates(package: str) -> Environment:
    """The templates of a package."""
    return Environment(
        loader=PackageLoader(package), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def words(package: str, *path: str) -> Words:
    """The words in a YAML file of a package, checked."""
    text = files(package).joinpath(*path).read_text("utf-8")
    return TypeAdapter(Words).validate_python(yaml.load(text, Loader=yaml.CSafeLoader))
