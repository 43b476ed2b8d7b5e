"""The adapter's own words: those of Teams' dialogs, which no card or form has."""

from adapters.drawing import Sayings

say = Sayings("adapters.teams")
