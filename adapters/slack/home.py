"""A person's home, as the app's home tab."""

from adapters.slack.kit import Taps, named
from adapters.slack.rows import rows
from adapters.slack.text import Json
from flows.cards import Home

ANY_VISIT = 0
"""What can be tapped here means the same at any time."""


def home_view(home: Home, language: str) -> Json:
    """The view to publish. Slack writes the app's name above it."""
    blocks = rows(home.groups, Taps("", ANY_VISIT, language), newest_last=False)
    return {"type": "home", "blocks": named(blocks, "home")}
