"""A person's home, as the app's home tab."""

from adapters.slack.blocks.elements import SlackButtonCodec, section_blocks, with_ids
from adapters.slack.blocks.mrkdwn import Json
from adapters.slack.blocks.rows import group_blocks
from flows.screens.elements import HomeView

ANY_REVISION = 0
"""What can be tapped here means the same at any time."""


def home_view(home: HomeView, language: str) -> Json:
    """The view of the home tab."""
    blocks = group_blocks(home.groups, SlackButtonCodec("", ANY_REVISION, language), newest_last=False)
    return {"type": "home", "blocks": with_ids(blocks, "home")}


def home_notice_view(text: str) -> Json:
    """The home tab of somebody who may not use the app: a text that says why."""
    return {"type": "home", "blocks": with_ids(section_blocks(text), "home")}
