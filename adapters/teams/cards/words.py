"""The adapter's own words: those of Teams' dialogs, which no card or form has."""

from adapters.shared.templates import MessageCatalog

say = MessageCatalog("adapters.teams")
