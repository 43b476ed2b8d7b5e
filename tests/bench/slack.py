"""A slash command as Slack sends it, signed: what the peers answer with an empty acknowledgement."""

import hmac
from hashlib import sha256
from time import time
from urllib.parse import urlencode

from tests.bench.load import post

SECRET = "signing-secret-of-the-bench"
PATH = "/slack/events"
_COMMAND = {
    "token": "verification",
    "team_id": "T1",
    "team_domain": "acme",
    "channel_id": "C1",
    "channel_name": "general",
    "user_id": "U1",
    "user_name": "ann",
    "command": "/trust-recover",
    "text": "Acme",
    "api_app_id": "A1",
    "is_enterprise_install": "false",
    "response_url": "https://example.org/commands/T1/1/1",
    "trigger_id": "1.2.3",
}


def command() -> bytes:
    """The request, signed now. Slack wants one of more than five minutes ago to be refused."""
    body, stamp = urlencode(_COMMAND).encode(), str(int(time()))
    signature = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, sha256).hexdigest()
    headers = {"Host": "localhost", "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature}"}
    return post(PATH, headers, body)
