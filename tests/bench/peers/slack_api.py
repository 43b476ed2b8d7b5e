"""A Web API that answers at once and writes down what came when, so that the network and Slack cost nothing here."""

from time import monotonic

from aiohttp import web
from listen import serve

guides: dict[str, str] = {}
"""By user: what the first button of their guide holds."""
came: dict[str, float] = {}
"""By user: when their first message came, by the clock that all processes of this machine share."""


async def answer(request: web.Request) -> web.Response:
    """Any method of the Web API."""
    given = dict(request.query) | (await request.json() if request.content_type == "application/json" else {})
    method, channel = request.match_info["method"], str(given.get("channel", ""))
    if method == "chat.postMessage":
        user = channel.removeprefix("D")
        came.setdefault(user, monotonic())
        guides.setdefault(user, _first_value(given["blocks"]))
    users = str(given.get("user") or given.get("users") or "U1")
    user = {"id": users, "team_id": "T1", "name": users, "real_name": users, "tz": "Europe/Madrid", "locale": "en-US"}
    extra: dict[str, object] = {
        "auth.test": {"team_id": "T1", "team": "Acme", "user_id": "UBOT", "bot_id": "B1", "url": "https://x/"},
        "users.info": {"user": user},
        "conversations.open": {"channel": {"id": f"D{users}"}},
        "conversations.info": {"channel": {"id": channel}},
        "conversations.members": {"members": ["U1"]},
        "chat.postMessage": {"channel": channel, "ts": "1.1", "message": {}},
    }.get(method, {})
    return web.json_response({"ok": True} | extra)


async def seen(_request: web.Request) -> web.Response:
    """What was written down."""
    return web.json_response({"guides": guides, "came": came})


def _first_value(blocks: list[dict[str, object]]) -> str:
    for block in blocks:
        for button in (block.get("accessory"), *block.get("elements", ())):
            if isinstance(button, dict) and "value" in button:
                return str(button["value"])
    return ""


app = web.Application(client_max_size=2**22)
app.router.add_get("/seen", seen)
app.router.add_route("*", "/api/{method}", answer)
serve("aiohttp", app)
