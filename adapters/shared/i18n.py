"""The texts of adapters' own dialogs, by key and language. What cards, forms and panels say comes from `flows`."""

from functools import cached_property
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from flows.wording.languages import match_language, text_in

Translations = dict[str, dict[str, str]]
"""Texts by key and language."""
SHARED_PACKAGE = "adapters.shared"
WORDS_FILE = "words.yaml"


def load_translations(package: str, *path: str) -> Translations:
    """The texts in a YAML file of a package, checked."""
    text = files(package).joinpath(*path).read_text("utf-8")
    return TypeAdapter(Translations).validate_python(yaml.load(text, Loader=yaml.CSafeLoader))


class MessageCatalog:
    """A platform's own texts and those that all platforms share. The files are read when the first text is needed."""

    def __init__(self, package: str, platform: str) -> None:
        """Take `words.yaml` of the package and of `adapters.shared`. `platform`: its name, as texts call it."""
        self._package = package
        self._platform = platform

    def __call__(self, language: str, key: str, **args: str) -> str:
        """The text of a key in this language, filled in; in English where there is no translation."""
        translations = self.translations[key]
        text = text_in(translations, match_language(language))
        return text.format(platform=self._platform, **args)

    @cached_property
    def translations(self) -> Translations:
        """All texts. A platform's own text takes the place of a shared one with the same key."""
        return load_translations(SHARED_PACKAGE, WORDS_FILE) | load_translations(self._package, WORDS_FILE)
