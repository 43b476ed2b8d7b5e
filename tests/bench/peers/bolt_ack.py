"""Bolt's async app with a slash command that does nothing but acknowledge.

Arguments: the signing secret, then `default` or `process_before_response`.
"""

import sys

from listen import PATH, SECRET, serve
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult


async def authorize(**_request: object) -> AuthorizeResult:
    """An installation that is known at once, so that nothing goes over the network."""
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U0")


async def acknowledge(ack: AsyncAck) -> None:
    """Answer 200 with nothing in it."""
    await ack()


early = {"default": False, "process_before_response": True}[sys.argv[2]]
app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=early)
app.command("/trust-recover")(acknowledge)
serve("slack-bolt", app.web_app(PATH))
