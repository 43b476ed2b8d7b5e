"""What Slack sends, signed: a slash command, which the peers answer with an empty acknowledgement, and a tap."""

import hmac
import json
from hashlib import sha256
from itertools import count
from time import time
from urllib.parse import urlencode

from tests.bench.load import post

SECRET = "signing-secret-of-the-bench-0123"
TOKEN = "xoxb-made-up"
PATH = "/slack/events"
_COMMAND = {
    "token": "verification",
    "team_id": "T1",
    "team_domain": "acme",
    "channel_id": "C1",
    "channel_name": "general",
    "command": "/trust-recover",
    "api_app_id": "A1",
    "is_enterprise_install": "false",
    "response_url": "https://example.org/commands/T1/1/1",
}
_triggers = count(1)


def command(user: str = "U1", text: str = "Acme") -> bytes:
    """`/trust-recover` and this text, signed now. Slack wants a request of more than five minutes ago to be refused."""
    return _signed(
        _COMMAND | {"user_id": user, "user_name": user.lower(), "text": text, "trigger_id": f"1.2.{next(_triggers)}"}
    )


def tap(user: str, recovery: str, visit: int, action: str) -> bytes:
    """A tap on a button of the guide, signed now."""
    button = {
        "type": "button",
        "action_id": action,
        "block_id": "b",
        "text": {"type": "plain_text", "text": "Go on"},
        "value": f"{recovery}|{visit}|{action}",
        "action_ts": "1.1",
    }
    payload = {
        "type": "block_actions",
        "team": {"id": "T1", "domain": "acme"},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": "T1"},
        "api_app_id": "A1",
        "token": "verification",
        "trigger_id": f"1.2.{next(_triggers)}",
        "container": {"type": "message", "message_ts": "1.1", "channel_id": f"D{user}"},
        "channel": {"id": f"D{user}", "name": "directmessage"},
        "message": {"type": "message", "ts": "1.1", "text": "", "blocks": []},
        "response_url": "https://example.org/actions/T1/1/1",
        "actions": [button],
    }
    return _signed({"payload": json.dumps(payload)})


def _signed(fields: dict[str, str]) -> bytes:
    body, stamp = urlencode(fields).encode(), str(int(time()))
    signature = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, sha256).hexdigest()
    headers = {"Host": "localhost", "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature}"}
    return post(PATH, headers, body)
