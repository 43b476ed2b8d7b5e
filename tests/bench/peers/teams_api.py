"""A connector that answers at once and writes down what came when, so that the network and Teams cost nothing here."""

from itertools import count
from time import monotonic

from aiohttp import web
from listen import serve

TENANT = "aaaabbbb-0000-4444-8888-ccccddddeeee"  # that of tests/adapters/teams/fake_microsoft.py
BASE = "/v3/conversations"
guides: dict[str, object] = {}
"""By user: the first card in their chat with the app."""
came: dict[str, float] = {}
"""By user: when it came, by the clock that all processes of this machine share."""
ids = count(1)


async def opened(request: web.Request) -> web.Response:
    """The chat of a person with the app."""
    (member,) = (await request.json())["members"]
    return web.json_response({"id": f"a:{member['id']}"}, status=201)


async def written(request: web.Request) -> web.Response:
    """A message, or what stands in place of one."""
    user, message = request.match_info["conversation"].removeprefix("a:"), await request.json()
    if user not in came and "attachments" in message:
        came[user] = monotonic()
        guides[user] = message["attachments"][0]["content"]
    return web.json_response({"id": request.match_info.get("activity") or str(next(ids))})


async def met(request: web.Request) -> web.Response:
    """Somebody of the company."""
    return web.json_response(_member(request.match_info["user"]))


async def members(_request: web.Request) -> web.Response:
    """A conversation with nobody from outside."""
    return web.json_response({"members": [_member("29:one"), _member("29:two")]})


async def seen(_request: web.Request) -> web.Response:
    """What was written down."""
    return web.json_response({"guides": guides, "came": came})


def _member(user: str) -> dict[str, str]:
    return {"id": user, "name": user, "aadObjectId": f"object-{user}", "tenantId": TENANT, "userRole": "user"}


app = web.Application(client_max_size=2**22)
app.router.add_get("/seen", seen)
app.router.add_post(BASE, opened)
app.router.add_post(BASE + "/{conversation}/activities", written)
app.router.add_put(BASE + "/{conversation}/activities/{activity}", written)
app.router.add_get(BASE + "/{conversation}/members/{user}", met)
app.router.add_get(BASE + "/{conversation}/pagedmembers", members)
serve("aiohttp", app)
