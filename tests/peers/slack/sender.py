"""Slack's sending half: signs what a person or a workspace does, as Slack documents it, and posts it to the product."""

import itertools
import json
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypedDict, Unpack
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from tests.peers.slack import forms
from tests.peers.slack.forms import FieldValue
from tests.peers.slack.response_urls import ResponseUrls, response_urls
from tests.peers.slack.sockets import Sockets
from tests.peers.slack.team import App, Json
from tests.peers.slack.workspace import Workspace

_VERIFICATION_TOKEN = "made-up-verification-token"  # old: the product should not look at it
_FORM = "application/x-www-form-urlencoded"


class How(TypedDict, total=False):
    """How a request differs from an honest first one.

    `secret`: signed with another. `late`: signed so many seconds ago. `retry`: Slack's number of a further attempt.
    """

    secret: str
    late: float
    retry: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reply:
    """How the product answered, and after how many seconds. `payload`: what it was sent."""

    status: int
    text: str
    headers: Mapping[str, str]
    seconds: float
    payload: Json

    @property
    def json(self) -> Json:
        """The body as an object; empty for the usual empty acknowledgement."""
        body: Json = json.loads(self.text) if self.text else {}
        return body


@dataclass(slots=True)
class Sender:
    """Acts in one workspace. People and channels are named, or given by id; every act takes `How`.

    `enterprise`: (id, name) of the organisation that the workspace belongs to. `org_install`: the app is installed
    there for all its workspaces. `sockets`: instead of HTTP, all goes down the product's own connection.
    """

    workspace: Workspace
    url: str
    client: aiohttp.ClientSession
    urls: ResponseUrls
    app: App = field(default_factory=App)
    enterprise: tuple[str, str] | None = None
    org_install: bool = False
    sockets: Sockets | None = None
    _events: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def command(
        self, person: str, channel: str, text: str = "", *, command: str = "/trust-recover", **how: Unpack[How]
    ) -> Reply:
        """A slash command. A person cannot give one in a thread."""
        name, id_ = self._channel(channel)
        enterprise = (
            {"enterprise_id": self.enterprise[0], "enterprise_name": self.enterprise[1]} if self.enterprise else {}
        )
        form = {
            "token": _VERIFICATION_TOKEN,
            "team_id": self.workspace.team.team_id,
            "team_domain": self.workspace.team.domain,
            **enterprise,
            "channel_id": id_,
            "channel_name": name,
            "user_id": self.workspace.user(person),
            "user_name": person,
            "command": command,
            "text": text,
            "api_app_id": self.app.app_id,
            "is_enterprise_install": "true" if self.org_install else "false",
            "response_url": self.urls.new(),
            "trigger_id": await self.workspace.trigger(person),
        }
        return await self.post(form, form, **how)

    async def press(self, person: str, message: Json, button: str, *, value: str = "", **how: Unpack[How]) -> Reply:
        """A button or menu in a message (with its `channel`), by its text or action id. `value`: of a menu."""
        name, id_ = self._channel(message["channel"])
        ephemeral = bool(message.get("is_ephemeral"))
        thread = {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
        visible_content = {key: content for key, content in message.items() if key not in ("channel", "is_ephemeral")}
        visible_content["blocks"] = forms.with_block_ids(message["blocks"])
        payload = await self._interaction(person, "block_actions") | {
            "container": {
                "type": "message",
                "message_ts": message["ts"],
                "channel_id": id_,
                "is_ephemeral": ephemeral,
                **thread,
            },
            "channel": {"id": id_, "name": name},
            "message": visible_content,
            "state": {"values": {}},
            "response_url": self.urls.new(),
            "actions": [self._action(message["blocks"], button, value)],
        }
        return await self._interact(payload, how)

    async def press_in(
        self,
        person: str,
        view: Json,
        button: str,
        *,
        value: str = "",
        values: Mapping[str, FieldValue] | None = None,
        **how: Unpack[How],
    ) -> Reply:
        """A button or menu in a modal or on the home tab. `values`: what was filled so far, by label."""
        payload = await self._interaction(person, "block_actions", view["id"]) | {
            "container": {"type": "view", "view_id": view["id"]},
            "view": _stated(view, _so_far(view, values or {}, self.workspace.users)),
            "actions": [self._action(view["blocks"], button, value)],
        }
        return await self._interact(payload, how)

    async def submit(self, person: str, view: Json, answers: Mapping[str, FieldValue], **how: Unpack[How]) -> Reply:
        """A modal, filled by label and sent."""
        values = forms.filled_view(view, answers, self.workspace.users)
        payload = await self._interaction(person, "view_submission", view["id"]) | {
            "view": _stated(view, values),
            "response_urls": [],
        }
        return await self._interact(payload, how)

    async def close(self, person: str, view: Json, *, cleared: bool = False, **how: Unpack[How]) -> Reply:
        """A modal that asked for it (`notify_on_close`) was closed."""
        payload = await self._interaction(person, "view_closed") | {"view": view, "is_cleared": cleared}
        payload.pop("trigger_id")
        return await self._interact(payload, how)

    async def shortcut(self, person: str, message: Json, callback_id: str, **how: Unpack[How]) -> Reply:
        """A shortcut in a message's menu: the way into a thread."""
        name, id_ = self._channel(message["channel"])
        payload = await self._interaction(person, "message_action") | {
            "callback_id": callback_id,
            "response_url": self.urls.new(),
            "message_ts": message["ts"],
            "action_ts": _now(),
            "channel": {"id": id_, "name": name},
            "message": {key: content for key, content in message.items() if key != "channel"},
        }
        return await self._interact(payload, how)

    async def event(self, event: Json, *, event_id: str = "", authorized: str = "", **how: Unpack[How]) -> Reply:
        """Any event of the Events API; `tests.peers.slack.events` has the shapes. `authorized`: another team's id."""
        team_id = self.workspace.team.team_id
        enterprise_id = self.enterprise[0] if self.enterprise else None
        body = {
            "token": _VERIFICATION_TOKEN,
            "team_id": team_id,
            **({"enterprise_id": enterprise_id} if enterprise_id else {}),
            "api_app_id": self.app.app_id,
            "event": {"event_ts": _now(), **event},
            "type": "event_callback",
            "event_id": event_id or f"Ev{secrets.token_hex(5).upper()}{next(self._events)}",
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": enterprise_id,
                    "team_id": None if self.org_install else authorized or team_id,
                    "user_id": self.workspace.team.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": self.org_install,
                }
            ],
            "is_ext_shared_channel": bool(authorized),
            "event_context": f"4-{secrets.token_hex(16)}",
        }
        return await self.post(body, None, **how)

    async def verify_url(self, challenge: str = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P") -> Reply:
        return await self.post({"token": _VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}, None)

    async def post(
        self,
        payload: Json,
        form: Mapping[str, str] | None,
        *,
        secret: str = "",
        late: float = 0,
        retry: int = 0,
        reason: str = "http_timeout",
    ) -> Reply:
        """Sign and post: `form` if there is one, else `payload` as JSON."""
        body = json.dumps(payload) if form is None else urlencode(form)
        stamp = str(int(time.time() - late))
        signature = SignatureVerifier(secret or self.app.signing_secret).generate_signature(timestamp=stamp, body=body)
        headers = {
            "Content-Type": "application/json" if form is None else _FORM,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature or "",
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
        began = time.perf_counter()
        if self.sockets:
            kind = "events_api" if form is None else "slash_commands" if "command" in form else "interactive"
            answer = await self.sockets.send(kind, payload, retry=retry, reason=reason)
            return Reply(200, json.dumps(answer) if answer else "", {}, time.perf_counter() - began, payload)
        async with self.client.post(self.url, data=body.encode(), headers=headers) as response:
            text = await response.text()
            return Reply(response.status, text, response.headers, time.perf_counter() - began, payload)

    async def _interaction(self, person: str, kind: str, view_id: str = "") -> Json:
        """What all interactions have. The person's team is the workspace's own."""
        team = self.workspace.team
        return {
            "type": kind,
            "user": {
                "id": self.workspace.user(person),
                "username": person,
                "name": person,
                "team_id": team.team_id,
            },
            "api_app_id": self.app.app_id,
            "token": _VERIFICATION_TOKEN,
            "trigger_id": await self.workspace.trigger(person, view_id),
            "team": None if self.org_install else {"id": team.team_id, "domain": team.domain},
            "enterprise": {"id": self.enterprise[0], "name": self.enterprise[1]} if self.enterprise else None,
            "is_enterprise_install": self.org_install,
        }

    async def _interact(self, payload: Json, how: How) -> Reply:
        return await self.post(payload, {"payload": json.dumps(payload)}, **how)

    def _action(self, blocks: list[Json], button: str, value: str) -> Json:
        block, element = forms.find_button(blocks, button)
        action = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
        match element["type"]:
            case "button":
                action |= {name: element[name] for name in ("text", "value", "style") if name in element}
            case "overflow" | "static_select" | "radio_buttons":
                action["selected_option"] = forms.chosen(element, value)
            case "users_select":
                action["selected_user"] = self.workspace.user(value)
            case "checkboxes" | "multi_static_select":
                action["selected_options"] = [forms.chosen(element, one) for one in value.split(",") if one]
            case other:
                message = f"{other} cannot be pressed"
                raise forms.NotOffered(message)
        return action | {"action_ts": _now()}

    def _channel(self, name_or_id: str) -> tuple[str, str]:
        """Its name as Slack tells it, which is `directmessage` for a conversation of two, and its id."""
        id_ = self.workspace.channel(name_or_id)
        names = {id_: name for name, id_ in self.workspace.channels.items()}
        return names.get(id_, "directmessage"), id_


@asynccontextmanager
async def sending(workspace: Workspace, url: str, app: App | None = None) -> AsyncIterator[Sender]:
    """Slack's sending half of a workspace, to the product's `url` (its `/slack/events`)."""
    async with aiohttp.ClientSession() as client, response_urls() as urls:
        yield Sender(workspace, url, client, urls, app or App())


def _stated(view: Json, values: Json) -> Json:
    return view | {"blocks": forms.with_block_ids(view["blocks"]), "state": {"values": values}}


def _so_far(view: Json, values: Mapping[str, FieldValue], users: Mapping[str, str]) -> Json:
    """A form that is not finished: nothing is required yet."""
    unfinished = [block | {"optional": True} for block in view["blocks"]]
    return forms.filled_view({"blocks": unfinished}, values, users)


def _now() -> str:
    return f"{time.time():.6f}"
