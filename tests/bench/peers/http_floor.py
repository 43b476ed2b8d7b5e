"""The least that any Slack app does with a request: aiohttp, Slack's v0 signature, an empty answer."""

import hmac
from hashlib import sha256
from time import time

from aiohttp import web
from listen import PATH, SECRET, serve

OLDEST = 300
"""Seconds after which Slack wants a request to be refused: it may be a replay."""


async def acknowledge(request: web.Request) -> web.Response:
    """Answer 200 if the signature is right, and 401 if it is not."""
    stamp = request.headers["X-Slack-Request-Timestamp"]
    signed = b"v0:" + stamp.encode() + b":" + await request.read()
    right = "v0=" + hmac.new(SECRET.encode(), signed, sha256).hexdigest()
    known = hmac.compare_digest(right, request.headers["X-Slack-Signature"])
    return web.Response(status=200 if known and abs(time() - int(stamp)) < OLDEST else 401)


app = web.Application()
app.router.add_post(PATH, acknowledge)
serve("aiohttp", app)
