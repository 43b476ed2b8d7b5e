"""What adapters draw pages and words with: templates that escape everything, and words by key and language."""

from functools import cached_property
from importlib.resources import files

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import TypeAdapter

Translations = dict[str, dict[str, str]]
"""By key and language."""
FALLBACK_LANGUAGE = "en"


def template_environment(package: str) -> Environment:
    """The templates of a package."""
    return Environment(
        loader=PackageLoader(package), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def load_translations(package: str, *path: str) -> Translations:
    """The words in a YAML file of a package, checked."""
    text = files(package).joinpath(*path).read_text("utf-8")
    return TypeAdapter(Translations).validate_python(yaml.load(text, Loader=yaml.CSafeLoader))


class MessageCatalog:
    """An adapter's own words, those of its dialogs that no card or form has: read when the first one is needed."""

    def __init__(self, package: str) -> None:
        """Of the package's `words.yaml`."""
        self._package = package

    def __call__(self, language: str, key: str, **args: str) -> str:
        """The words for a key in this language, filled; in English where it is missing."""
        found = self.translations[key]
        return (found.get(language) or found[FALLBACK_LANGUAGE]).format(**args)

    @cached_property
    def translations(self) -> Translations:
        """All of them."""
        return load_translations(self._package, "words.yaml")
