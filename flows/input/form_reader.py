"""Answers to a form, read one by one, with a word about each that cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flows.input.typed_time import END_OF_DAY, TimeProblem, parse_typed_time
from flows.limits import MAX_NAME_CHARACTERS
from flows.state.identity import Person
from flows.state.local_time.time_zones import time_zone
from flows.text import clean_text, is_blank
from flows.wording.localization import Localizer
from flows.wording.time_choices import CHOICE_MARK, NO_DATE, choice_time

FormAnswers = Mapping[str, str | tuple[str, ...] | Person]
"""By input name: text, the ids of picked options, or a person. A time is local ISO 8601 or epoch seconds."""

YEARS = range(1971, 9000)
"""Years that can be shown in every time zone."""


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

    def moment(
        self,
        name: str,
        *,
        missing: str = "error.required",
        time_before: float | None = None,
        may_be_over: bool = False,
    ) -> float | None:
        """A time in epoch seconds: chosen, picked or typed. None where somebody says that there is no date yet.

        `missing`: what is said where nothing was answered (empty: nothing need be). One that was there before may stay,
        however long ago it was. `may_be_over`: any other may lie in the past, too.
        """
        text = self.one(name).strip()
        if not text and missing:
            self.add_error(name, missing)
        if not text or text == NO_DATE:
            return None
        time = self._time(text)
        if isinstance(time, TimeProblem):
            self.add_error(name, f"error.time_{time}", typed=text[:MAX_NAME_CHARACTERS])
            return None
        local_time = self.localizer.local_iso_time(time)
        if time_before is not None and self.localizer.local_iso_time(time_before) == local_time:
            return time_before
        if time < self.now and not may_be_over:
            self.add_error(name, "error.past", when=self.localizer.format_time(time))
        return time

    def _time(self, text: str) -> float | TimeProblem:
        if text.startswith(CHOICE_MARK):
            time = choice_time(text.removeprefix(CHOICE_MARK), self.now, self.localizer.timezone)
            return TimeProblem.UNCLEAR if time is None else time
        time = _epoch(text, self.localizer.timezone)
        if time is None:
            return parse_typed_time(text, self.now, self.localizer.timezone, self.localizer.language)
        return time


def _epoch(text: str, timezone: str) -> float | None:
    try:
        time = datetime.fromtimestamp(int(text), UTC) if _is_epoch(text) else datetime.fromisoformat(text)
        if time.year not in YEARS:
            return None
        if len(text) <= len("2027-03-01") and not _is_epoch(text):
            time = datetime.combine(time, END_OF_DAY)
        return (time if time.tzinfo else time.replace(tzinfo=time_zone(timezone))).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _is_epoch(text: str) -> bool:
    """Epoch seconds of our time have more digits than a compact date."""
    return text.isdecimal() and len(text) > len("20270301")
