"""A person's home, as the app's home tab."""

from adapters.slack.blocks.elements import ANY_REVISION, Links, SlackButtonCodec, section_blocks, with_ids
from adapters.slack.blocks.mrkdwn import Json
from adapters.slack.blocks.rows import group_blocks
from flows.screens.elements import HomeView


def home_view(home: HomeView, language: str, links: Links | None = None) -> Json:
    """The view of the home tab. `links`: of the buttons that lead to a guide or a thread; others are left out."""
    codec = SlackButtonCodec("", ANY_REVISION, language, links or {})
    blocks = group_blocks(home.groups, codec, newest_last=False)
    return {"type": "home", "blocks": with_ids(blocks, "home")}


def home_notice_view(text: str) -> Json:
    """The home tab of somebody who may not use the app: a text that says why."""
    return {"type": "home", "blocks": with_ids(section_blocks(text), "home")}
