"""Pictures of messages, modals and home tabs: blocks drawn by `slack-blocks-to-jsx`, in a frame of ours.

That library draws every text input as a large one with a hint that Slack does not have, and no menu's first choice:
both kinds of inputs are drawn here, plainly.
"""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from tests.peers.node import NODE
from tests.peers.slack.team import Json

_HERE = Path(__file__).parent
_CSS = _HERE / "node_modules" / "slack-blocks-to-jsx" / "dist" / "style.css"

Payload = Json | Sequence[Json]
"""A view, or the blocks of a message."""


def html(
    payload: Payload,
    users: Mapping[str, str] | None = None,
    channels: Mapping[str, str] | None = None,
    time: str = "9:00 AM",
) -> str:
    """A whole page with one message or view. `users`, `channels`: name → id, for mentions."""
    return pages([payload], users, channels, time)[0]


def pages(
    many: Sequence[Payload],
    users: Mapping[str, str] | None = None,
    channels: Mapping[str, str] | None = None,
    time: str = "9:00 AM",
) -> list[str]:
    """A page for each, in one run of node."""
    runs = [_runs(_blocks_of(content)) for content in many]
    theirs = iter(_render([blocks for one in runs for ours, blocks in one if not ours], users or {}, channels or {}))
    people = {id_: name for name, id_ in (users or {}).items()}

    def body(ours: bool, blocks: list[Json]) -> Markup:  # noqa: FBT001, it is what a run begins with
        if ours:
            return Markup().join(_input(block, people) for block in blocks)
        return Markup(next(theirs))  # noqa: S704, React escaped it

    bodies = [Markup().join(body(ours, blocks) for ours, blocks in one) for one in runs]
    return [_html_frame(content, body, time) for content, body in zip(many, bodies, strict=True)]


def _blocks_of(payload: Payload) -> list[Json]:
    return list(payload["blocks"] if isinstance(payload, dict) else payload)


def _runs(blocks: list[Json]) -> list[tuple[bool, list[Json]]]:
    """Neighbours that are drawn by the same one: us (True) or the library."""
    runs = [(ours, list(run)) for ours, run in groupby(blocks, key=_is_ours)]
    return [(ours, run if ours else [_told_optional(block) for block in run]) for ours, run in runs]


def _is_ours(block: Json) -> bool:
    kind = str(block.get("element", {}).get("type", ""))
    return kind == "plain_text_input" or kind.endswith("_select")


def _told_optional(block: Json) -> Json:
    """Slack writes it behind the label; the library does not."""
    if block["type"] != "input" or not block.get("optional"):
        return block
    return block | {"label": block["label"] | {"text": f"{block['label']['text']} (optional)"}}


def _render(payloads: list[list[Json]], users: Mapping[str, str], channels: Mapping[str, str]) -> list[str]:
    query = {
        "payloads": payloads,
        "users": [{"id": id_, "name": name} for name, id_ in users.items()],
        "channels": [{"id": id_, "name": name} for name, id_ in channels.items()],
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(query, file)
        file.flush()
        process = subprocess.run(
            (NODE, str(_HERE / "draw.mjs"), file.name), capture_output=True, text=True, check=False
        )
    assert process.returncode == 0, process.stderr
    view: list[str] = json.loads(process.stdout)
    return view


def _input(block: Json, people: Mapping[str, str]) -> Markup:
    element = block["element"]
    value = element.get("initial_value", "") or ", ".join(_chosen(element, people))
    placeholder = element.get("placeholder", {}).get("text", "")
    hint = Markup("<small>{}</small>").format(block["hint"]["text"]) if "hint" in block else ""
    optional = Markup(" <i>(optional)</i>") if block.get("optional") else ""
    looks = {"many": element.get("multiline"), "menu": element["type"].endswith("_select"), "empty": not value}
    return Markup('<div class="asked"><b>{}{}</b><p class="{}">{}</p>{}</div>').format(
        block["label"]["text"],
        optional,
        " ".join(look for look, expected_text in looks.items() if expected_text),
        value or placeholder,
        hint,
    )


def _chosen(element: Json, people: Mapping[str, str]) -> list[str]:
    options = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    ids = [element["initial_user"]] if "initial_user" in element else element.get("initial_users", [])
    return [option["text"]["text"] for option in options] + [people.get(id_, id_) for id_ in ids]


def _html_frame(payload: Payload, body: Markup, time: str) -> str:
    view: Json = payload if isinstance(payload, dict) else {"type": "message"}
    words = {name: view.get(name, {}).get("text", "") for name in ("title", "submit", "close")}
    app = "Trust Recover"
    return (
        _frame()
        .get_template("frame.html")
        .render(words | {"title": words["title"] or app}, kind=view["type"], app=app, time=time, body=body, css=_css())
    )


@cache
def _frame() -> Environment:
    return Environment(loader=FileSystemLoader(_HERE), autoescape=select_autoescape())


@cache
def _css() -> Markup:
    return Markup(_CSS.read_text())  # noqa: S704, a stylesheet of a pinned package
