"""A made-up workspace: who and what is in it, as `emulate` wants it told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

BOT_SCOPES = (
    "commands", "chat:write", "im:write", "users:read", "channels:read", "groups:read", "channels:history",
    "groups:history",
)  # fmt: skip
PERSON_SCOPES = (
    "chat:write", "channels:read", "channels:write", "channels:manage", "channels:history", "groups:read",
    "groups:write", "groups:history", "im:read", "im:write", "im:history", "mpim:read", "users:read",
)  # fmt: skip
ADMIN = "admin"
"""The user that every emulated workspace has; it made the channels."""


@dataclass(frozen=True, slots=True)
class App:
    """The app as it is registered with Slack: one for all workspaces."""

    app_id: str = "A0TRUSTRECOVER"
    client_id: str = "12345.67890"
    client_secret: str = "made-up-client-secret"
    signing_secret: str = "made-up-signing-secret"
    redirect_uri: str = "http://127.0.0.1:3000/slack/oauth_redirect"
    name: str = "Trust Recover"
    bot_name: str = "trustbot"


@dataclass(frozen=True, slots=True)
class Team:
    """One workspace. `bot_in`: the channels that the bot was invited to. `people`: name → real name."""

    team_id: str = "T0NORTHWIND"
    name: str = "Northwind"
    people: Mapping[str, str] = field(
        default_factory=lambda: {"dana": "Dana Ruiz", "omar": "Omar Haddad", "kim": "Kim Larsen"}
    )
    channels: tuple[str, ...] = ("acct-acme", "acct-borg")
    private: tuple[str, ...] = ("leads",)
    bot_in: tuple[str, ...] = ("acct-acme", "acct-borg")
    bot_scopes: tuple[str, ...] = BOT_SCOPES

    @property
    def domain(self) -> str:
        return self.name.lower().replace(" ", "-")

    @property
    def bot_token(self) -> str:
        return f"xoxb-{self.team_id}-bot"

    @property
    def bot_user(self) -> str:
        return f"U0BOT{self.team_id[2:]}"

    @property
    def bot_id(self) -> str:
        return f"B0BOT{self.team_id[2:]}"

    def token_of(self, person: str) -> str:
        return f"xoxp-{self.team_id}-{person}"

    def seed(self, app: App) -> Json:
        """Its configuration for `emulate`."""
        bot = {"app_id": app.app_id, "bot_id": self.bot_id, "bot_user_id": self.bot_user}
        return {
            "slack": {
                "team": {"name": self.name, "domain": self.domain},
                "strict_scopes": True,
                "users": [
                    {"name": name, "real_name": real, "email": f"{name}@{self.domain}.example"}
                    for name, real in self.people.items()
                ],
                "channels": [
                    *({"name": name} for name in self.channels),
                    *({"name": name, "is_private": True} for name in self.private),
                ],
                "oauth_apps": [
                    {
                        "client_id": app.client_id,
                        "client_secret": app.client_secret,
                        "name": app.name,
                        "redirect_uris": [app.redirect_uri],
                        "scopes": list(self.bot_scopes),
                        "bot_name": app.bot_name,
                        **bot,
                    }
                ],
                "tokens": [
                    {"token": self.bot_token, "user_id": self.bot_user, "scopes": list(self.bot_scopes), **bot},
                    *(
                        {"token": self.token_of(name), "user": name, "scopes": list(PERSON_SCOPES)}
                        for name in (ADMIN, *self.people)
                    ),
                ],
            }
        }
