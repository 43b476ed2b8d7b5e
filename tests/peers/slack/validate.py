"""What Slack would refuse in a message or a view: its own Python models' rules, and Block Kit's rules that they miss.

Limits are those of Slack's Block Kit reference. Fields that Slack does not know are found by `typescript.type_faults`.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.peers.slack.team import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
MESSAGE_TEXT = 40_000
_ID = 255

Faults = Iterator[str]


def faults_of_message(blocks: list[Json], text: str) -> list[str]:
    """Why Slack would refuse, or cut, a message; empty when it would not."""
    result = [*_sdk_faults(lambda: [block.to_dict() for block in Block.parse_all(blocks)])]
    result += _text_too_long("text", text, MESSAGE_TEXT)
    if not text.strip():
        result.append("text: empty, so a notification says nothing")
    if len(blocks) > MESSAGE_BLOCKS:
        result.append(f"{len(blocks)} blocks; a message holds {MESSAGE_BLOCKS}")
    result += (
        f"{where}: an alert belongs in a modal" for where, block in _placed(blocks) if block.get("type") == "alert"
    )
    pressable = [e for block in blocks for e in _elements(block) if e.get("type") == "button"]
    buttons = Counter(element.get("action_id") for element in pressable)
    result += (f"action_id {id_!r} is {n} times in the message" for id_, n in buttons.items() if n > 1)
    return [*result, *_faults_of_blocks(blocks)]


def faults_of_view(view: Json) -> list[str]:
    """Why Slack would refuse a modal or a home tab; empty when it would not."""
    blocks: list[Json] = view.get("blocks", [])
    result = [*_sdk_faults(lambda: [View(**view).to_dict()])]
    if not 1 <= len(blocks) <= VIEW_BLOCKS:
        result.append(f"{len(blocks)} blocks; a view holds 1 to {VIEW_BLOCKS}")
    size = len(json.dumps(view, ensure_ascii=False).encode())
    if size > VIEW_BYTES:
        result.append(f"{size} bytes; a view holds {VIEW_BYTES}")
    result += _text_too_long("private_metadata", view.get("private_metadata"), 3000)
    result += _text_too_long("callback_id", view.get("callback_id"), _ID)
    if view.get("type") == "modal":
        result += _faults_of_modal(view, blocks)
    elif view.get("type") == "home":
        result += (f"{name}: not on a home tab" for name in ("title", "submit", "close") if name in view)
    else:
        result.append(f"type {view.get('type')!r} is no view")
    return [*result, *_faults_of_blocks(blocks)]


def _faults_of_modal(view: Json, blocks: list[Json]) -> Faults:
    if "title" not in view:
        yield "title: missing"
    for name in ("title", "submit", "close"):
        if name in view:
            yield from _plain(name, view[name], 24)
    if "submit" not in view and any(block.get("type") == "input" for block in blocks):
        yield "submit: missing, though there is an input"


def _sdk_faults(build: Callable[[], object]) -> Faults:
    try:
        build()
    except Exception as error:  # noqa: BLE001, its models raise whatever a wrong shape leads to
        yield f"slack_sdk: {type(error).__name__}: {error}"


def _faults_of_blocks(blocks: Sequence[Json]) -> Faults:
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    yield from (f"block_id {id_!r} is {n} times" for id_, n in ids.items() if n > 1)
    focused = [e for block in blocks for e in _elements(block) if e.get("focus_on_load")]
    if len(focused) > 1:
        yield "focus_on_load: on more than one element"
    for where, block in _placed(blocks):
        yield from _text_too_long(f"{where}.block_id", block.get("block_id"), _ID)
        check = _BLOCKS.get(block.get("type", ""))
        if check is None:
            yield f"{where}: we do not know the block {block.get('type')!r}"
            continue
        yield from check(where, block)
        yield from _faults_of_elements(where, block)


def _faults_of_elements(where: str, block: Json) -> Faults:
    ids = Counter(element.get("action_id") for element in _elements(block))
    yield from (f"{where}: action_id {id_!r} is {n} times" for id_, n in ids.items() if n > 1)
    for number, element in enumerate(_elements(block)):
        place = f"{where}.{element.get('type')}[{number}]"
        if not element.get("action_id"):
            yield f"{place}: no action_id"
        yield from _text_too_long(f"{place}.action_id", element.get("action_id"), _ID)
        if "placeholder" in element:
            yield from _plain(f"{place}.placeholder", element["placeholder"], 150)
        if "confirm" in element:
            yield from _faults_of_confirm(f"{place}.confirm", element["confirm"])
        yield from _faults_of_element(place, element)


def _faults_of_element(place: str, element: Json) -> Faults:
    match element.get("type"):
        case "button":
            yield from _plain(f"{place}.text", element.get("text"), 75)
            yield from _text_too_long(f"{place}.value", element.get("value"), 2000)
            yield from _text_too_long(f"{place}.url", element.get("url"), 3000)
            yield from _text_too_long(f"{place}.accessibility_label", element.get("accessibility_label"), 75)
            if element.get("style", "primary") not in ("primary", "danger"):
                yield f"{place}.style: {element['style']!r}"
        case "plain_text_input":
            yield from _faults_of_text_input(place, element)
        case "radio_buttons" | "checkboxes":
            yield from _faults_of_options(place, element, 10)
        case "overflow":
            yield from _faults_of_options(place, element, 5)
        case "static_select" | "multi_static_select":
            yield from _faults_of_options(place, element, 100)
        case "datetimepicker":
            at = element.get("initial_date_time", 1_000_000_000)
            if not isinstance(at, int) or len(str(at)) != 10:
                yield f"{place}.initial_date_time: not ten digits of seconds"
        case _:
            pass


def _faults_of_text_input(place: str, element: Json) -> Faults:
    longest, shortest = element.get("max_length", 3000), element.get("min_length", 0)
    if not 1 <= longest <= 3000:
        yield f"{place}.max_length: {longest}"
    if not 0 <= shortest <= min(3000, longest):
        yield f"{place}.min_length: {shortest}"
    yield from _text_too_long(f"{place}.initial_value", element.get("initial_value"), min(longest, 3000))


def _faults_of_options(place: str, element: Json, most: int) -> Faults:
    groups = element.get("option_groups")
    if (groups is None) == ("options" not in element):
        yield f"{place}: either options or option_groups"
        return
    if groups is not None and not 1 <= len(groups) <= 100:
        yield f"{place}: {len(groups)} option groups"
    for group in groups or ():
        yield from _plain(f"{place}.option_groups.label", group.get("label"), 75)
    lists: list[list[Json]] = [element["options"]] if groups is None else [group.get("options", []) for group in groups]
    for options in lists:
        if not 1 <= len(options) <= most:
            yield f"{place}: {len(options)} options; 1 to {most} are allowed"
        yield from (fault for option in options for fault in _faults_of_option(place, element, option))
    offer = [option for options in lists for option in options]
    values = Counter(option.get("value") for option in element.get("options", ()))  # a group may repeat another's
    yield from (f"{place}: the value {value!r} is offered {n} times" for value, n in values.items() if n > 1)
    initial = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    yield from (f"{place}: initial {option!r} is not offered" for option in initial if option not in offer)
    if "initial_options" in element and not initial:
        yield f"{place}.initial_options: empty"


def _faults_of_option(place: str, element: Json, option: Json) -> Faults:
    free = element["type"] in ("radio_buttons", "checkboxes")
    check = _words if free else _plain
    yield from check(f"{place}.option.text", option.get("text"), 75)
    yield from _text_too_long(f"{place}.option.value", option.get("value"), 150)
    if not option.get("value") and "url" not in option:
        yield f"{place}.option.value: missing"
    if "description" in option:
        yield from check(f"{place}.option.description", option["description"], 75)


def _faults_of_confirm(place: str, confirm: Json) -> Faults:
    yield from _plain(f"{place}.title", confirm.get("title"), 100)
    yield from _words(f"{place}.text", confirm.get("text"), 300)
    yield from _plain(f"{place}.confirm", confirm.get("confirm"), 30)
    yield from _plain(f"{place}.deny", confirm.get("deny"), 30)


def _section(where: str, block: Json) -> Faults:
    if "text" not in block and not block.get("fields"):
        yield f"{where}: neither text nor fields"
    if "text" in block:
        yield from _words(f"{where}.text", block["text"], 3000)
    if "fields" in block and not 1 <= len(block["fields"]) <= 10:
        yield f"{where}.fields: {len(block['fields'])}; 1 to 10 are allowed"
    for field in block.get("fields", ()):
        yield from _words(f"{where}.fields", field, 2000)


def _header(where: str, block: Json) -> Faults:
    yield from _plain(f"{where}.text", block.get("text"), 150)


def _actions(where: str, block: Json) -> Faults:
    if not 1 <= len(block.get("elements", ())) <= 25:
        yield f"{where}: {len(block.get('elements', ()))} elements; 1 to 25 are allowed"


def _context(where: str, block: Json) -> Faults:
    if not 1 <= len(block.get("elements", ())) <= 10:
        yield f"{where}: {len(block.get('elements', ()))} elements; 1 to 10 are allowed"
    for element in block.get("elements", ()):
        if element.get("type") != "image":
            yield from _words(f"{where}.text", element, 2000)


def _input(where: str, block: Json) -> Faults:
    yield from _plain(f"{where}.label", block.get("label"), 2000)
    if "hint" in block:
        yield from _plain(f"{where}.hint", block["hint"], 2000)
    if "element" not in block:
        yield f"{where}: no element"
    elif block["element"].get("type") in ("button", "overflow"):
        yield f"{where}: a {block['element']['type']} is no input"


def _image(where: str, block: Json) -> Faults:
    yield from _text_too_long(f"{where}.image_url", block.get("image_url"), 3000)
    yield from _text_too_long(f"{where}.alt_text", block.get("alt_text"), 2000)


def _markdown(where: str, block: Json) -> Faults:
    yield from _text_too_long(f"{where}.text", block.get("text"), 12_000)


def _fine(_: str, __: Json) -> Faults:
    yield from ()


_BLOCKS = {
    "section": _section,
    "header": _header,
    "actions": _actions,
    "context": _context,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
} | dict.fromkeys(("divider", "rich_text", "plan", "task_card", "alert", "table"), _fine)  # left to slack_sdk and tsc


def _words(where: str, text: Json | None, most: int) -> Faults:
    """A text object of either kind."""
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{where}: no text object"
        return
    if not str(text.get("text", "")).strip():
        yield f"{where}: empty"
    yield from _text_too_long(where, text.get("text"), most)


def _plain(where: str, text: Json | None, most: int) -> Faults:
    """A text object that must be plain."""
    yield from _words(where, text, most)
    if isinstance(text, dict) and text.get("type") == "mrkdwn":
        yield f"{where}: must be plain_text"


def _text_too_long(where: str, text: str | None, most: int) -> Faults:
    if text is not None and len(text) > most:
        yield f"{where}: {len(text)} characters; {most} are allowed"


def _placed(blocks: Sequence[Json]) -> Iterator[tuple[str, Json]]:
    return ((f"blocks[{number}]", block) for number, block in enumerate(blocks))


def _elements(block: Json) -> list[Json]:
    """The interactive ones: a context's elements are texts and images."""
    inside = block.get("elements", ()) if block.get("type") == "actions" else ()
    return [element for element in (*inside, block.get("accessory"), block.get("element")) if _interactive(element)]


def _interactive(element: Json | None) -> bool:
    return element is not None and element.get("type") != "image"
