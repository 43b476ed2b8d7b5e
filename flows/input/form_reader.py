"""Answers to a form, read one by one, with a word about each that cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flows.limits import MAX_NAME_CHARACTERS
from flows.state.identity import Person
from flows.state.time_zones import time_zone
from flows.text import clean_text, is_blank
from flows.wording.localization import Localizer
from flows.wording.time_choices import CHOICE_MARK, NO_DATE, choice_time

FormAnswers = Mapping[str, str | tuple[str, ...] | Person]
"""By input name: text, the ids of picked options, or a person. A time is local ISO 8601 or epoch seconds."""

YEARS = range(1971, 9000)
"""Years that can be shown in every time zone."""
PAST_GRACE_SECONDS = 86_400
"""Seconds by which a promised time may lie in the past: a note made after the fact, not a mistyped year."""


@dataclass(slots=True)
class FormReader:
    """Takes answers one by one and gathers what is wrong with them."""

    answers: FormAnswers
    localizer: Localizer
    now: float
    errors: dict[str, str] = field(default_factory=dict)

    def add_error(self, name: str, key: str, **args: str) -> None:
        """Something is wrong with this answer; the first thing that is said of it stands."""
        self.errors.setdefault(name, self.localizer.text(key, **args))

    def one(self, name: str) -> str:
        """The one answer, or the first of several; empty if there is none."""
        answer = self.answers.get(name, "")
        if isinstance(answer, tuple):
            return answer[0] if answer else ""
        return answer if isinstance(answer, str) else ""

    def text(self, name: str, limit: int, *, is_required: bool = True, missing: str = "error.required") -> str:
        """What was typed, made harmless. `limit`: characters."""
        answer = self.one(name)
        # Cleaning takes at most half of the characters, besides blanks at the ends: two line ends become one.
        is_far_too_long = len(answer) > 2 * limit and len(answer.strip()) > 2 * limit
        text = answer if is_far_too_long else clean_text(answer)
        length = len(text)
        if is_required and is_blank(text):
            self.add_error(name, missing)
        if length > limit:
            self.add_error(
                name, "error.long", most=self.localizer.format_number(limit), has=self.localizer.format_number(length)
            )
        return text

    def choice(self, name: str, options: tuple[str, ...], default: str) -> str:
        """The picked option, or the default where none was picked."""
        option = self.one(name)
        if option and option not in options:
            self.add_error(name, "error.option")
        return option if option in options else default

    def answer(self, before: bool | None) -> bool | None:  # noqa: FBT001 - a three-valued answer, not a switch
        """The client's answer; as it was before where the form does not ask."""
        names = {None: "open", True: "yes", False: "no"}
        option = self.choice("confirmed", tuple(names.values()), names[before])
        return next(answer for answer, name in names.items() if name == option)

    def number(self, name: str, max_level: int) -> int:
        """A level from 1 to `most`."""
        levels = tuple(str(n) for n in range(1, max_level + 1))
        option = self.one(name)
        if option not in levels:
            self.add_error(name, "error.required" if not option else "error.option")
        return int(option) if option in levels else 1

    def options(self, valid_options: tuple[str, ...], *, many: bool) -> tuple[str, ...]:
        """The picked options: at least one."""
        answer = self.answers.get("options", ())
        options = answer if isinstance(answer, tuple) else (answer,) if isinstance(answer, str) and answer else ()
        if not options:
            self.add_error("options", "error.required")
        if any(option not in valid_options for option in options) or (len(options) > 1 and not many):
            self.add_error("options", "error.option")
        return options

    def person(self, asking: Person) -> Person:
        """The picked person; whoever asks, where nobody was picked."""
        answer = self.answers.get("person")
        if not isinstance(answer, Person):
            self.add_error("person", "error.person")
            return asking
        return answer

    def moment(self, name: str, *, is_required: bool = False, time_before: float | None = None) -> float | None:
        """A time in epoch seconds. One that was there before may stay, however long ago it was."""
        text = self.one(name).strip()
        if not text:
            if is_required:
                self.add_error(name, "error.required")
            return None
        if text == NO_DATE:
            return None
        time = self._chosen_time(text) if text.startswith(CHOICE_MARK) else _epoch(text, self.localizer.timezone)
        if (
            time_before is not None
            and time is not None
            and self.localizer.local_iso_time(time_before) == self.localizer.local_iso_time(time)
        ):
            return time_before
        if time is None:
            self.add_error(name, "error.date", typed=text[:MAX_NAME_CHARACTERS])
        elif time < self.now - PAST_GRACE_SECONDS:
            self.add_error(name, "error.past", when=self.localizer.format_time(time))
        return time

    def _chosen_time(self, answer: str) -> float | None:
        """What a choice of times means now."""
        return choice_time(answer.removeprefix(CHOICE_MARK), self.now, self.localizer.timezone)


def _epoch(text: str, timezone: str) -> float | None:
    try:
        time = datetime.fromtimestamp(int(text), UTC) if _is_epoch(text) else datetime.fromisoformat(text)
        if time.year not in YEARS:
            return None
        return (time if time.tzinfo else time.replace(tzinfo=time_zone(timezone))).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _is_epoch(text: str) -> bool:
    """Epoch seconds of our time have more digits than a compact date."""
    return text.isdecimal() and len(text) > len("20270301")
