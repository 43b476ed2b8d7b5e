"""Ids, tokens and secrets of the platforms: what each looks like, and what is often put in its place."""

import re
import uuid
from collections.abc import Callable, Iterable

from adapters.web.access_token import token_weakness
from bot.settings.text import printable, unbroken

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SLACK_USER = re.compile(r"[UW][A-Z0-9_]+")
_SLACK_WORKSPACE = re.compile(r"[TE][A-Z0-9_]+")
_SLACK_TOKENS = {
    "xoxb-": "a bot token; it belongs into TRUST_RECOVER_SLACK_BOT_TOKEN",
    "xoxp-": "a user's token; take the Bot User OAuth Token, xoxb-…",
    "xapp-": "an app token; it belongs into TRUST_RECOVER_SLACK_APP_TOKEN",
    "xoxe": "a token for rotation or configuration; turn token rotation off and take the Bot User OAuth Token, xoxb-…",
    "xox": "a token of another kind",
}
"""The beginnings of Slack's tokens, longest first where one begins with the other, and what each token is."""


def guid(text: str) -> str:
    """A GUID as Microsoft sends it: small letters, no braces.

    Raises:
        ValueError: it is none.

    """
    bare = text.removeprefix("urn:uuid:").strip("{}()")
    if not _GUID.fullmatch(bare):
        message = "this is no GUID; it looks like 00000000-0000-4000-8000-000000000000"
        raise ValueError(message)
    return str(uuid.UUID(bare))


def tenant_id(text: str) -> str:
    """The id of a tenant: a GUID.

    Raises:
        ValueError: it is a domain or one of Microsoft's words for many tenants.

    """
    if text.lower() in {"common", "organizations", "consumers", "botframework.com"}:
        message = "for a multi-tenant registration, leave it empty"
        raise ValueError(message)
    if "." in text:
        message = "this is a domain; write the Directory (tenant) ID of the registration, a GUID"
        raise ValueError(message)
    return guid(text)


def slack_user_id(text: str) -> str:
    """The id of somebody on Slack, also if it is written as a mention.

    Raises:
        ValueError: it is a name, or the id of something else.

    """
    user_id = text.removeprefix("<").removesuffix(">").removeprefix("@").partition("|")[0].upper()
    if not _SLACK_USER.fullmatch(user_id):
        message = "a member's id begins with U or W; Slack copies it from the menu of the profile"
        raise ValueError(message)
    return user_id


def slack_workspace_id(text: str) -> str:
    """The id of a workspace or of an organisation on Slack.

    Raises:
        ValueError: it is a name, an address, or the id of something else.

    """
    workspace_id = text.upper()
    if not _SLACK_WORKSPACE.fullmatch(workspace_id):
        message = "a workspace's id begins with T, an organisation's with E; Slack's address in a browser shows it"
        raise ValueError(message)
    return workspace_id


def slack_token(beginning: str) -> Callable[[str], str]:
    """A check that a token of Slack begins like this.

    Its errors: ValueError, with what the text is instead.
    """

    def check(text: str) -> str:
        if unbroken(text).startswith(beginning):
            return text
        kind = _slack_token_kind(text)
        message = f"this is {kind}" if kind else f"it must begin with {beginning}"
        raise ValueError(message)

    return check


def slack_secret(text: str) -> str:
    """A secret of Slack that is no token.

    Raises:
        ValueError: it is a token, or not one word.

    """
    if kind := _slack_token_kind(unbroken(text)):
        message = f"this is {kind}"
        raise ValueError(message)
    return text


def teams_secret(text: str) -> str:
    """The value of a client secret.

    Raises:
        ValueError: it is the secret's id, or not one word.

    """
    if _GUID.fullmatch(unbroken(text).strip("{}")):
        message = "this is an id; copy the secret's value, which Azure shows only once"
        raise ValueError(message)
    return text


def access_token(text: str) -> str:
    """What people type to be let in: it may be several words.

    Raises:
        ValueError: it cannot be typed, or is easy to guess; the message does not repeat it.

    """
    token = printable(text)
    if weakness := token_weakness(token):
        message = f"it can be guessed, because it {weakness}; openssl rand -hex 16 makes a good one"
        raise ValueError(message)
    return token


def encryption_keys(keys: Iterable[str], min_characters: int) -> tuple[str, ...]:
    """The keys, each long enough.

    Raises:
        ValueError: one is too short, easy to guess or cannot be copied whole, or two stand between the same commas.

    """
    result = tuple(map(printable, keys))
    for key in result:
        if len(key) < min_characters:
            message = f"each key needs at least {min_characters} characters; openssl rand -base64 32 makes one"
            raise ValueError(message)
        if sum(len(part) >= min_characters for part in key.split()) > 1:
            message = "write a comma between two keys"
            raise ValueError(message)
        if weakness := token_weakness(key):
            message = f"a key can be guessed, because it {weakness}; openssl rand -base64 32 makes a good one"
            raise ValueError(message)
    return result


def _slack_token_kind(text: str) -> str:
    """What this token of Slack is; empty if it does not begin like one."""
    return next((kind for beginning, kind in _SLACK_TOKENS.items() if text.startswith(beginning)), "")
