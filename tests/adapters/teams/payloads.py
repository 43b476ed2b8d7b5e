"""Cards for Teams, made from recoveries, and read as Teams shows them."""

import re
from collections.abc import Iterator

from adapters.teams.cards.dialogs import dialog_response, form_card, home_card, panel_card
from adapters.teams.cards.guide_card import guide_card_json
from adapters.teams.cards.markup import Json
from flows.screens.card import guide_card
from flows.screens.inputs import Form
from flows.screens.panel import more_panel
from flows.state.identity import Person, Place
from tests.adapters.slack.payloads import home_of
from tests.adapters.teams.card_schema import parts
from tests.flows.recovery_driver import RecoveryDriver

MARKED = (
    "**b** _i_ `c` [Sign in](https://x.example) <at>Ben</at> <b>x</b> &nbsp; "
    "\\* # h | a, b \u202egnol\u202c a\u200bb\u2060c"
)
EXPANDED = "{{DATE(2026-11-24T10:00:00Z, SHORT)}} {{ time(2026-11-24T10:00:00Z)}}"
NASTY = f"{MARKED} {EXPANDED}"
CHANNEL = Place("teams", "t1", "19:abc@thread.tacv2", "1700000000000")
LINK = "https://teams.microsoft.com/l/message/19%3Aabc%40thread.tacv2/1700000000000?tenantId=t1"
COLLEAGUES = (("29:ben", "Ben"), ("29:eve", "Eve *x*"))
_LIMITS = re.compile(r"\[|\]|\((?:x| )\) |: ____|^\s*- |: “|” ")


def card_of(driver: RecoveryDriver, viewer: Person | None = None, place: Place | None = None, link: str = "") -> Json:
    card = guide_card(driver.flow, driver.recovery, viewer or driver.recovery.responder, driver.localizer, driver.now)
    return guide_card_json(card, driver.localizer.language, place, link)


def panel_of(driver: RecoveryDriver) -> Json:
    return panel_card(more_panel(driver.flow, driver.recovery, driver.localizer), driver.localizer.language)


def form_of(driver: RecoveryDriver, form: Form | None) -> Json:
    assert form
    return form_card(form, driver.localizer.language, driver.recovery.id, colleagues=COLLEAGUES)


def home_card_of(driver: RecoveryDriver, recoveries: int = 2) -> Json:
    home = home_of(driver, recoveries)
    links = {row.place: LINK for group in home.groups for row in group.rows if row.place}
    return home_card(home, driver.localizer.language, links)


def shown_text(card: Json) -> str:
    """What can be read on a card, line by line, with what stands in its inputs and on its buttons."""
    return "\n".join(line for line in _shown(card) if line.strip()).replace("{\u2060{", "{{")


def in_dialog(title: str, card: Json) -> str:
    """The same with the dialog's title."""
    return f"{dialog_response(title, card)['task']['value']['title']}\n{shown_text(card)}"


def _shown(part: Json) -> Iterator[str]:
    kind = str(part.get("type"))
    match kind:
        case "RichTextBlock":
            yield "".join(run["text"] for run in part["inlines"])
        case "Input.ChoiceSet":
            titles = {choice["value"]: choice["title"] for choice in part["choices"]}
            held = part.get("value", "").split(",")
            yield " ".join([f"{part.get('label', '')}:", *(titles[key] for key in held if key in titles)])
            yield from titles.values()
            yield part.get("value", "")  # a stored time, which the plain text shows as it is stored
        case _ if kind.startswith("Input."):
            yield f"{part.get('label', '')}: {part.get('value', '')}"
        case _ if kind.startswith("Action."):
            yield from [part.get("title", ""), part.get("tooltip", "")]
            yield from _shown(part.get("card", {}))
        case _:
            for name in ("body", "items", "columns", "actions"):
                for item in part.get(name, ()):
                    yield from _shown(item)


def missing(plain: str, card_text: str) -> list[str]:
    """What the plain text says and a card does not. The marks of its own that the plain text has do not count."""
    there = _spaced(card_text)
    pieces = (_spaced(piece).removesuffix(":") for line in plain.split("\n") for piece in _LIMITS.split(line))
    return [piece for piece in pieces if piece not in there and not all(p in there for p in piece.split(": "))]


def _spaced(text: str) -> str:
    return " ".join(text.split())


def inputs(card: Json) -> list[Json]:
    """The inputs of a card, in their order."""
    return [part for part in parts(card) if str(part.get("type")).startswith("Input.")]


def actions(card: Json) -> list[Json]:
    """Everything that can be tapped, in its order."""
    return [part for part in parts(card) if str(part.get("type")).startswith("Action.")]


def buttons(card: Json) -> list[Json]:
    """The guide's own buttons, which stand in rows of their own, and "More" at the top."""
    top = (column for column in card["body"][0].get("columns", ()) if "selectAction" in column)
    more = [column["selectAction"] | {"title": shown_text(column)} for column in top]
    return [*(one for part in card["body"] if part["type"] == "ActionSet" for one in part["actions"]), *more]


def action(card: Json, title: str) -> Json:
    """The button with these words."""
    (button,) = [one for one in actions(card) if one.get("title") == title]
    return button


def tapped(card: Json, label: str) -> Json:
    """What a tap on these words does, in a panel or a home; the first of those that say so."""
    for part in parts(card):
        if "selectAction" in part and shown_text({"items": [part]}).strip() == label:
            select_action: Json = part["selectAction"]
            return select_action
    raise AssertionError(label)


def sent(card: Json, act: Json, answers: dict[str, str] | None = None) -> Json:
    """What Teams sends on a tap: the action's data, and every input as it came up or as somebody filled it, by id."""
    data = dict(act["data"])
    if act.get("associatedInputs") != "none":
        data |= {one["id"]: one["value"] for one in inputs(card) if one.get("value")}
        data |= answers or {}
    return data
