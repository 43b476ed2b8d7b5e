"""Events of the Events API that the product may hear, in Slack's shapes; `Sender.event` wraps and sends them."""

import time

from tests.peers.slack.team import Json


def message(channel: str, user: str, text: str, ts: str = "", thread_ts: str = "", kind: str = "channel") -> Json:
    """A person wrote. `kind`: channel, group (a private channel), im or mpim."""
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    return {
        "type": "message", "user": user, "ts": ts or f"{time.time():.6f}", "text": text, "channel": channel,
        "channel_type": kind, **thread,
    }  # fmt: skip


def home_opened(user: str, channel: str, tab: str = "home", view: Json | None = None) -> Json:
    """A person looks at the app. `channel`: their conversation with it. `tab`: home or messages."""
    content = {"view": view} if view else {}
    return {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab, **content}


def app_uninstalled() -> Json:
    return {"type": "app_uninstalled"}


def tokens_revoked(bot: tuple[str, ...] = (), oauth: tuple[str, ...] = ()) -> Json:
    """User ids whose tokens ended: of bots, and of people."""
    return {"type": "tokens_revoked", "tokens": {"oauth": list(oauth), "bot": list(bot)}}


def member_joined(channel: str, user: str, team: str, inviter: str = "", kind: str = "C") -> Json:
    """Somebody, or the bot, came into a channel. `kind`: C public, G private."""
    more = {"inviter": inviter} if inviter else {}
    return {
        "type": "member_joined_channel", "user": user, "channel": channel, "channel_type": kind, "team": team, **more
    }  # fmt: skip


def channel_shared(channel: str, with_team: str) -> Json:
    """A channel is now shared with another company's workspace."""
    return {"type": "channel_shared", "connected_team_id": with_team, "channel": channel}


def channel_unshared(channel: str, with_team: str, *, still_shared: bool = False) -> Json:
    return {
        "type": "channel_unshared", "previously_connected_team_id": with_team, "channel": channel,
        "is_ext_shared": still_shared,
    }  # fmt: skip
