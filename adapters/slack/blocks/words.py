"""The adapter's own words: those of Slack's dialogs, which no card or form has."""

from adapters.shared.templates import MessageCatalog

say = MessageCatalog("adapters.slack")
