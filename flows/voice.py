"""How the guide speaks to one person: language, time zone, and the words that all flows share."""

from dataclasses import dataclass
from datetime import UTC, datetime

from babel.dates import format_datetime

from flows.effects import PostLineToThread, Whisper
from flows.flow import Flow, Words
from flows.hours import ALWAYS, Hours, shown, zone
from flows.recovery import Recovery

Catalog = dict[str, Words]
"""The words that all flows share, by dotted key."""

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Voice:
    """One language and one time zone (an IANA name; UTC where there is none of that name)."""

    catalog: Catalog
    language: str
    timezone: str = "UTC"

    def __call__(self, words: Words) -> str:
        """A flow's own words; English or whatever there is where this language is missing."""
        return words.get(self.language) or words.get(FALLBACK) or next(iter(words.values()), "")

    def say(self, key: str, **args: str) -> str:
        """The shared words for a key, filled."""
        return self(self.catalog[key]).format(**args)

    def moment(self, at: float) -> str:
        """A date and time as one reads it: "Tue 24 Nov 2026, 16:00"."""
        local = datetime.fromtimestamp(at, UTC).astimezone(zone(self.timezone))
        return format_datetime(local, "EEE d MMM y, HH:mm", locale=self.language.replace("-", "_"))

    def local_iso(self, at: float) -> str:
        """A date and time as a date input holds it."""
        return datetime.fromtimestamp(at, UTC).astimezone(zone(self.timezone)).strftime("%Y-%m-%dT%H:%M")

    def hours(self, hours: Hours) -> str:
        """Working hours as one reads them: "Mon–Fri 08:00–18:00"."""
        return self.say("hours.always") if hours == ALWAYS else shown(hours, self.language)


def whisper_text(flow: Flow, recovery: Recovery, whisper: Whisper, voice: Voice) -> str:
    """What a whisper says. Nudges of a step, a gate or a follow-up speak the flow's own words."""
    args = dict(whisper.args)
    match whisper.key:
        case "nudge.still":
            (reminder,) = flow.steps[args["step"]].timers.values()
            return voice(reminder.text)
        case "nudge.gate":
            remind = flow.steps[args["step"]].gates[args["name"]].remind
            return voice(remind.text) if remind else voice.say("nudge.snooze")
        case "nudge.follow_up":
            return voice(flow.follow_ups[args["follow_up"]].text).replace("{account}", recovery.account)
        case _:
            return voice.say(whisper.key, **args | _named(args, voice))


def _named(args: dict[str, str], voice: Voice) -> dict[str, str]:
    """The words for what is named by id: a summary, and why something did not arrive."""
    ids = {"summary": "summary.name", "why": "undelivered.why"}
    return {name: voice.say(f"{key}.{args[name]}") for name, key in ids.items() if name in args}


def line_text(line: PostLineToThread, voice: Voice) -> str:
    """What a line in the account thread says."""
    return voice.say(f"line.{line.key}", **dict(line.args))
