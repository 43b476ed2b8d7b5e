"""The practice room's pages and fragments: neutral cards become HTML here, and nowhere else in the adapter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from adapters.shared.i18n import load_translations
from adapters.shared.templates import template_environment
from flows.action_ids import stable_form_id
from flows.screens.elements import Button, Card, Element, Panel
from flows.screens.inputs import ChoiceInput, Form, Input
from flows.wording.languages import FALLBACK_LANGUAGE, match_language, text_in

COMMANDS = ("start", "status", "summary", "handover", "quiet", "hours", "check", "stop", "help")
"""The commands that the composer offers, in the order of the help."""

SEGMENT_CHARACTERS = 48
"""Characters of all options together that still fit in one row."""

MAX_CHIPS = 6
"""Options of a single choice that are tapped; more of them become a list that opens."""

MAX_CHIP_CHARACTERS = 26
"""Characters of one option that can be tapped."""

SCROLL_BOX_CHARACTERS = 240
"""Characters from which a plain text scrolls in a box of its own."""

LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class PageItem:
    """One message of the account thread, or one private line.

    `key`: unique DOM id; the same key again replaces. `text`: plain, may have newlines. `time`: as it is shown where
    the page cannot tell the time at the reader's place. `buttons`: of the recovery `recovery_id`.
    """

    key: str
    kind: Literal["message", "private_message", "nudge"]
    role: Literal["client", "responder", "colleague", "guide", ""]
    name: str
    text: str
    time: str
    epoch_seconds: float
    recovery_id: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRoom:
    """One practice room as one participant sees it. `people`: id and name of everybody, the participant included.

    `can_sign_out`: they signed in.
    """

    slug: str
    title: str
    has_external_users: bool
    seq: int
    own_name: str
    people: tuple[tuple[str, str], ...]
    language: str = FALLBACK_LANGUAGE
    can_sign_out: bool = False


class Pages:
    """Draws pages and fragments. Every text is escaped by the templates."""

    def __init__(self) -> None:
        """Load the templates and the page's own words."""
        self._translations = load_translations("adapters.web", "templates", "words.yaml")
        self._templates = template_environment("adapters.web")
        self._templates.globals.update(commands=COMMANDS, languages=LANGUAGES)
        self._templates.filters.update(
            kind=_kind,
            choices=_choices,
            own_box=_own_box,
            sends_itself=_sends_itself,
            initials=_initials,
            stable_form_id=stable_form_id,
        )

    def room(
        self, room: PageRoom, thread: Sequence[PageItem], private_lines: Sequence[PageItem], cards: Sequence[Card]
    ) -> str:
        """Draw the whole page. `cards`: the recoveries that this participant may see, newest first."""
        return self._render(
            "room.html", room.language, room=room, thread=thread, private_lines=private_lines, cards=cards
        )

    def login(
        self,
        state: Literal["", "wrong", "limited", "signed_out"] = "",
        room: str = "",
        language: str = FALLBACK_LANGUAGE,
        seconds: int = 0,
    ) -> str:
        """Draw the page that asks for the access token. It posts the fields `token` and `room` to /login.

        `room`: where to go then; empty: to their own one. `seconds`: for which nobody is let in, if `state` is limited.
        """
        return self._render("login.html", language, state=state, room=room, seconds=seconds)

    def too_many_rooms(self, rooms: Sequence[str], language: str = FALLBACK_LANGUAGE) -> str:
        """Draw the page for somebody who may enter no more rooms. `rooms`: some of those where they were."""
        return self._render("too_many_rooms.html", language, rooms=rooms)

    def too_many_newcomers(self, seconds: int, language: str = FALLBACK_LANGUAGE) -> str:
        """Draw the page for somebody new who is not let in for these seconds, because too many came at once."""
        return self._render("too_many_newcomers.html", language, seconds=seconds)

    def once_more(self, path: str, language: str = FALLBACK_LANGUAGE) -> str:
        """Draw a page that opens this path of ours by itself, so that the browser sends all its cookies."""
        return self._render("once_more.html", language, path=path)

    def item(self, item: PageItem, language: str = FALLBACK_LANGUAGE) -> str:
        """Draw one message or private line: a list item whose id is the item's key."""
        return self._render("item.html", language, item=item)

    def card(self, card: Card, language: str = FALLBACK_LANGUAGE) -> str:
        """Draw a card. Its root has the id `card-{recovery}`."""
        return self._render("card.html", language, card=card)

    def panel(self, panel: Panel, language: str = FALLBACK_LANGUAGE) -> str:
        """Draw what the dialog holds after "More"."""
        return self._render("panel.html", language, panel=panel)

    def form(
        self, form: Form, recovery: str, people: Sequence[tuple[str, str]], language: str = FALLBACK_LANGUAGE
    ) -> str:
        """Draw a form for the dialog. `people`: id and name of those who can be chosen."""
        return self._render("form.html", language, form=form, recovery=recovery, people=people)

    def text(self, key: str, language: str = FALLBACK_LANGUAGE, **args: str) -> str:
        """Say one of the page's own words."""
        return self._text(language, key).format(**args)

    def _render(self, template: str, language: str, **context: object) -> str:
        language = match_language(language)
        say: Callable[[str], str] = partial(self._text, language)
        return self._templates.get_template(template).render(context, language=language, say=say)

    def _text(self, language: str, key: str) -> str:
        return text_in(self._translations[key], match_language(language))


def _kind(part: Element | Input) -> str:
    """Name the element, for the templates to tell it from others."""
    return type(part).__name__.lower()


def _choices(pick: ChoiceInput, *, roomy: bool = True) -> str:
    """Say how a choice looks: `segments` in one row with one picked, `chips` that wrap, or a `list` that opens."""
    longest = max((len(label) for _, label in pick.options), default=0)
    if pick.allows_several:
        return "chips"
    if sum(len(label) for _, label in pick.options) <= SEGMENT_CHARACTERS:
        return "segments" if pick.selected_ids else "chips"
    return "chips" if roomy and len(pick.options) <= MAX_CHIPS and longest <= MAX_CHIP_CHARACTERS else "list"


def _sends_itself(form: Form) -> bool:
    """Tell whether one tap answers the whole form."""
    match form.inputs:
        case (ChoiceInput(allows_several=False) as pick,):
            return _choices(pick) != "list"
        case _:
            return False


def _own_box(text: str) -> bool:
    return len(text) > SCROLL_BOX_CHARACTERS or "\n" in text


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper() or "?"
