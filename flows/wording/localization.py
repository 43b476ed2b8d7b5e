"""How the guide speaks to one person: language, time zone, and the words that all flows share."""

from dataclasses import dataclass
from datetime import UTC, datetime

from babel.dates import format_datetime

from flows.definition.model import Flow, LocalizedText
from flows.state.effects import PostLineToThread, SendPrivateMessage
from flows.state.recovery import Recovery
from flows.state.working_hours import ALL_HOURS, WorkingHours, format_hours, time_zone

Catalog = dict[str, LocalizedText]
"""The words that all flows share, by dotted key."""

FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Localizer:
    """One language and one time zone (an IANA name; UTC where there is none of that name)."""

    catalog: Catalog
    language: str
    timezone: str = "UTC"

    def __call__(self, text_by_language: LocalizedText) -> str:
        """A flow's own words; English or whatever there is where this language is missing."""
        return (
            text_by_language.get(self.language)
            or text_by_language.get(FALLBACK_LANGUAGE)
            or next(iter(text_by_language.values()), "")
        )

    def text(self, key: str, **args: str) -> str:
        """The shared words for a key, filled."""
        return self(self.catalog[key]).format(**args)

    def format_time(self, epoch_seconds: float) -> str:
        """A date and time as one reads it: "Tue 24 Nov 2026, 16:00"."""
        local = datetime.fromtimestamp(epoch_seconds, UTC).astimezone(time_zone(self.timezone))
        return format_datetime(local, "EEE d MMM y, HH:mm", locale=self.language.replace("-", "_"))

    def local_iso_time(self, epoch_seconds: float) -> str:
        """A date and time as a date input holds it."""
        return (
            datetime.fromtimestamp(epoch_seconds, UTC).astimezone(time_zone(self.timezone)).strftime("%Y-%m-%dT%H:%M")
        )

    def format_hours(self, hours: WorkingHours) -> str:
        """Working hours as one reads them: "Mon–Fri 08:00–18:00"."""
        return self.text("hours.always") if hours == ALL_HOURS else format_hours(hours, self.language)


def private_message_text(flow: Flow, recovery: Recovery, message: SendPrivateMessage, localizer: Localizer) -> str:
    """What a whisper says. Nudges of a step, a gate or a follow-up speak the flow's own words."""
    args = dict(message.args)
    match message.key:
        case "nudge.still":
            (step_timer,) = flow.steps[args["step"]].timers.values()
            return localizer(step_timer.text)
        case "nudge.gate":
            reminder = flow.steps[args["step"]].gates[args["name"]].remind
            return localizer(reminder.text) if reminder else localizer.text("nudge.snooze")
        case "nudge.follow_up":
            return localizer(flow.follow_ups[args["follow_up"]].text).replace("{account}", recovery.account)
        case _:
            return localizer.text(message.key, **args | _localized_arguments(args, localizer))


def _localized_arguments(args: dict[str, str], localizer: Localizer) -> dict[str, str]:
    """The words for what is named by id: a summary, and why something did not arrive."""
    key_prefixes = {"summary": "summary.name", "why": "undelivered.why"}
    return {name: localizer.text(f"{key}.{args[name]}") for name, key in key_prefixes.items() if name in args}


def thread_line_text(line: PostLineToThread, localizer: Localizer) -> str:
    """What a line in the account thread says."""
    return localizer.text(f"line.{line.key}", **dict(line.args))
