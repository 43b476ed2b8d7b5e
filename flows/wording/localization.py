"""Texts in one person's language and time zone, and the texts that all flows share."""

from dataclasses import dataclass
from datetime import UTC, datetime

from babel.dates import format_datetime

from flows.definition.model import Flow, LocalizedText
from flows.state.effects import PostLineToThread, SendPrivateMessage
from flows.state.local_time.time_zones import UTC_NAME, known_time_zone, time_zone
from flows.state.local_time.working_hours import ALL_HOURS, WorkingHours, format_hours
from flows.state.recovery import Recovery
from flows.wording.languages import format_number, match_language, text_in

Catalog = dict[str, LocalizedText]
"""The texts that all flows share (`flows/data/words.yaml`), by dotted key."""


@dataclass(frozen=True, slots=True)
class Localizer:
    """Makes texts for one language and one time zone.

    `timezone`: any name of a zone; as a field it is the name by which the zone is shown, and UTC if there is none such.
    """

    catalog: Catalog
    language: str
    timezone: str = UTC_NAME

    def __post_init__(self) -> None:
        object.__setattr__(self, "timezone", known_time_zone(self.timezone))

    def __call__(self, text_by_language: LocalizedText) -> str:
        """A text of a flow in this language; where that is missing, in English or any other language."""
        return text_in(text_by_language, self.language)

    @property
    def format_locale(self) -> str:
        """The locale of dates and numbers: that of the shared texts, for they stand in their sentences."""
        return match_language(self.language)

    def text(self, key: str, **args: str) -> str:
        """The shared text for a key, with its placeholders filled."""
        return self(self.catalog[key]).format(**args)

    def format_time(self, epoch_seconds: float) -> str:
        """A date and time for reading: "Tue 24 Nov 2026, 16:00"."""
        local = datetime.fromtimestamp(epoch_seconds, UTC).astimezone(time_zone(self.timezone))
        return format_datetime(local, "EEE d MMM y, HH:mm", locale=self.format_locale)

    def format_clock(self, epoch_seconds: float) -> str:
        """The time of day for reading: "14:02"."""
        local = datetime.fromtimestamp(epoch_seconds, UTC).astimezone(time_zone(self.timezone))
        return format_datetime(local, "HH:mm", locale=self.format_locale)

    def format_number(self, number: int) -> str:
        """A whole number for reading: "12,000"."""
        return format_number(number, self.language)

    def local_iso_time(self, epoch_seconds: float) -> str:
        """A date and time in the format of a date input: ISO 8601 to the minute, local, without a zone."""
        return (
            datetime.fromtimestamp(epoch_seconds, UTC).astimezone(time_zone(self.timezone)).strftime("%Y-%m-%dT%H:%M")
        )

    def format_hours(self, hours: WorkingHours) -> str:
        """Working hours for reading: "Mon–Fri 08:00–18:00"."""
        return self.text("hours.always") if hours == ALL_HOURS else format_hours(hours, self.format_locale)


def private_message_text(flow: Flow, recovery: Recovery, message: SendPrivateMessage, localizer: Localizer) -> str:
    """The text of a private message. Nudges of a step, a gate or a follow-up have a text of the flow."""
    args = dict(message.args)
    match message.key:
        case "nudge.still":
            (step_timer,) = flow.steps[args["step"]].timers.values()
            return _with_account(localizer(step_timer.text), recovery, localizer)
        case "nudge.gate":
            reminder = flow.steps[args["step"]].gates[args["name"]].remind
            if reminder is None:
                return localizer.text("nudge.snooze", account=recovery.account)
            return _with_account(localizer(reminder.text), recovery, localizer)
        case "nudge.follow_up":
            text = localizer(flow.follow_ups[args["follow_up"]].text).replace("{account}", recovery.account)
            return _with_account(text, recovery, localizer)
        case _:
            names = {"account": recovery.account} | args | _localized_arguments(args, localizer)
            return localizer.text(message.key, **names)


def _with_account(text: str, recovery: Recovery, localizer: Localizer) -> str:
    """A reminder with the client's name before it: people lead several recoveries at a time."""
    return localizer.text("nudge.of_account", account=recovery.account, text=text)


def _localized_arguments(args: dict[str, str], localizer: Localizer) -> dict[str, str]:
    """The arguments that are ids (a summary, the reason of a failed delivery) or a time (epoch seconds), as texts."""
    key_prefixes = {"summary": "summary.name", "why": "undelivered.why"}
    texts = {name: localizer.text(f"{key}.{args[name]}") for name, key in key_prefixes.items() if name in args}
    return texts | ({"when": localizer.format_time(float(args["when"]))} if "when" in args else {})


def thread_line_text(line: PostLineToThread, localizer: Localizer) -> str:
    """The text of a line in the account thread."""
    return localizer.text(f"line.{line.key}", **dict(line.args))
