"""What the app is to Slack: its scopes with their reasons, and the manifest that Slack's form takes."""

from typing import Any

from flows.errors import TrustRecoverError
from flows.input.command_text import COMMAND

SCOPES: dict[str, dict[str, str]] = {
    "commands": {
        "en": "To answer /trust-recover and the shortcut on a message.",
        "es": "Para responder a /trust-recover y al atajo de un mensaje.",
    },
    "chat:write": {
        "en": "To send you your guide, and to post what you ask it to post.",
        "es": "Para enviarte tu guía y publicar lo que le pidas publicar.",
    },
    "im:write": {
        "en": "To open the private conversation in which it guides you.",
        "es": "Para abrir la conversación privada en la que te guía.",
    },
    "users:read": {
        "en": "To know your language, your time zone and people's names, and who belongs to your company.",
        "es": "Para saber tu idioma, tu zona horaria, el nombre de las personas y quién es de tu empresa.",
    },
    "channels:read": {
        "en": "To see whether people outside your company can read a public channel.",
        "es": "Para ver si personas ajenas a tu empresa pueden leer un canal público.",
    },
    "groups:read": {
        "en": "To see the same for a private channel to which it was invited.",
        "es": "Para ver lo mismo en un canal privado al que fue invitada.",
    },
    "channels:history": {
        "en": "To notice that the client wrote in the thread of a recovery. It reads no history.",
        "es": "Para saber que el cliente escribió en el hilo de una recuperación. No lee el historial.",
    },
    "groups:history": {
        "en": "To notice the same in a private channel to which it was invited.",
        "es": "Para saber lo mismo en un canal privado al que fue invitada.",
    },
}
"""Each scope, and why it is needed, by language."""

EVENTS = {
    "app_home_opened": (),
    "app_uninstalled": (),
    "tokens_revoked": (),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
    "channel_id_changed": ("channels:read", "groups:read"),
}
"""What Slack tells us of, and the scopes of which one is needed for it."""

RECOVER_HERE = "recover_here"
CHECK_WORDS = "check_words"
INSTALL_PATH, INSTALL_START_PATH, REDIRECT_PATH = "/slack/install", "/slack/install/start", "/slack/oauth_redirect"
STATIC_PATH, EVENTS_PATH = "/slack/static", "/slack/events"
_ABOUT = "A private guide for people who look after clients."
_LONG = (
    "A private card guides you through a conversation with a client, one step at a time: what to ask, what to say, "
    "what to note, and what to do next. Only you can see it, and the colleagues whom you invite. Nothing is posted in "
    "a channel unless you ask for it."
)
"""Everybody who sees the app in a channel can read both, external users too: they do not mention angry clients."""


MAX_NAME_CHARACTERS = 35


class InvalidAppName(TrustRecoverError):
    """Slack takes names of 1 to 35 characters that can be seen. Give another one with --name."""


class MissingAddress(TrustRecoverError):
    """Slack must know where to send events. Give the server's public address (https://…), or use Socket Mode."""


def app_manifest(base_url: str | None, *, name: str = "Trust Recover", socket: bool = False) -> dict[str, Any]:
    """The app manifest. `base_url`: the server's public address, needed unless Socket Mode is used for one workspace.

    Raises:
        MissingAddress: there is neither an address nor Socket Mode.
        InvalidAppName: Slack would refuse the name.

    """
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise InvalidAppName
    if not base_url and not socket:
        raise MissingAddress
    base = (base_url or "").rstrip("/")
    address = {} if socket else {"request_url": base + EVENTS_PATH}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": name,
            "description": _ABOUT,
            "long_description": _LONG,
            "background_color": "#0f6b5e",
        },
        "features": _features(name, {} if socket else {"url": base + EVENTS_PATH}),
        "oauth_config": ({"redirect_urls": [base + REDIRECT_PATH]} if base else {}) | {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": address | {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True} | address,
            "org_deploy_enabled": True,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }


def _features(name: str, address: dict[str, str]) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": True,
        },
        "bot_user": {"display_name": name, "always_online": True},
        "shortcuts": [
            {
                "name": "Recover trust from here",
                "type": "message",
                "callback_id": RECOVER_HERE,
                "description": "Starts a recovery in this thread, or opens your guide. Only you can see it.",
            },
            {
                "name": "Check my words",
                "type": "message",
                "callback_id": CHECK_WORDS,
                "description": "Hints on a message of yours: what could hurt, and how to say it. Only you see them.",
            },
        ],
        "slash_commands": [
            {
                "command": COMMAND,
                "description": "Guides you privately while you recover a client's trust.",
                "usage_hint": "[client] | status | summary | handover @person | hours | quiet | check | stop | help",
                "should_escape": True,
            }
            | address
        ],
    }
