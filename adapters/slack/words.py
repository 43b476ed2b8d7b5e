"""The adapter's own words: those of Slack's dialogs, which no card or form has."""

from adapters.drawing import MessageCatalog

say = MessageCatalog("adapters.slack")
