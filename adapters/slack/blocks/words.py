"""The texts of Slack's own dialogs, which no card or form has."""

from adapters.shared.i18n import MessageCatalog

say = MessageCatalog("adapters.slack", "Slack")
