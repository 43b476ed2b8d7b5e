"""Answers to a form, read one by one, with a word about each that cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flows.limits import MAX_NAME_CHARACTERS
from flows.state.identity import Person
from flows.state.working_hours import time_zone
from flows.text import clean_text, is_blank
from flows.wording.localization import Localizer

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

    def text(self, name: str, limit: int, *, required: bool = True, missing: str = "error.required") -> str:
        """What was typed, made harmless. `limit`: characters."""
        text = clean_text(self.one(name))
        if required and is_blank(text):
            self.add_error(name, missing)
        if len(text) > limit:
            self.add_error(name, "error.long", most=f"{limit:,}", has=f"{len(text):,}")
        return text

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """The picked option, or the default where none was picked."""
        picked = self.one(name)
        if picked and picked not in allowed:
            self.add_error(name, "error.option")
        return picked if picked in allowed else default

    def answer(self, before: bool | None) -> bool | None:  # noqa: FBT001 - a three-valued answer, not a switch
        """The client's answer; as it was before where the form does not ask."""
        names = {None: "open", True: "yes", False: "no"}
        picked = self.choice("confirmed", tuple(names.values()), names[before])
        return next(answer for answer, name in names.items() if name == picked)

    def number(self, name: str, most: int) -> int:
        """A level from 1 to `most`."""
        levels = tuple(str(n) for n in range(1, most + 1))
        picked = self.one(name)
        if picked not in levels:
            self.add_error(name, "error.required" if not picked else "error.option")
        return int(picked) if picked in levels else 1

    def options(self, allowed: tuple[str, ...], *, many: bool) -> tuple[str, ...]:
        """The picked options: at least one."""
        answer = self.answers.get("options", ())
        picked = answer if isinstance(answer, tuple) else (answer,) if isinstance(answer, str) and answer else ()
        if not picked:
            self.add_error("options", "error.required")
        if any(option not in allowed for option in picked) or (len(picked) > 1 and not many):
            self.add_error("options", "error.option")
        return picked

    def person(self, asking: Person) -> Person:
        """The picked person; whoever asks, where nobody was picked."""
        answer = self.answers.get("person")
        if not isinstance(answer, Person):
            self.add_error("person", "error.person")
            return asking
        return answer

    def moment(self, name: str, *, required: bool = False, kept: float | None = None) -> float | None:
        """A time in epoch seconds. One that was there before may stay, however long ago it was."""
        typed = self.one(name).strip()
        if not typed:
            if required:
                self.add_error(name, "error.required")
            return None
        at = _epoch(typed, self.localizer.timezone)
        if (
            kept is not None
            and at is not None
            and self.localizer.local_iso_time(kept) == self.localizer.local_iso_time(at)
        ):
            return kept
        if at is None:
            self.add_error(name, "error.date", typed=typed[:MAX_NAME_CHARACTERS])
        elif at < self.now - PAST_GRACE_SECONDS:
            self.add_error(name, "error.past", when=self.localizer.format_time(at))
        return at


def _epoch(typed: str, timezone: str) -> float | None:
    try:
        at = datetime.fromtimestamp(int(typed), UTC) if _is_epoch(typed) else datetime.fromisoformat(typed)
        if at.year not in YEARS:
            return None
        return (at if at.tzinfo else at.replace(tzinfo=time_zone(timezone))).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _is_epoch(typed: str) -> bool:
    """Epoch seconds of our time have more digits than a compact date."""
    return typed.isdecimal() and len(typed) > len("20270301")
