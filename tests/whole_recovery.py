"""A recovery, as requests: all eight steps, both loops back from step 4, a parked fact, a promise, a summary."""

from dataclasses import dataclass

SUMMARY = "Acme: edited by hand\n\nThe export is fixed by Friday."


@dataclass(frozen=True, slots=True)
class Do:
    """One thing that the responder does."""

    what: str
    fields: tuple[tuple[str, str], ...]


def say(text: str) -> Do:
    return Do("say", (("as", "responder"), ("text", text)))


def tap(action: str) -> Do:
    return Do("tap", (("action", action),))


def fill(form: str, **answers: str) -> Do:
    return Do("fill", (("form", form), *answers.items()))


TALK = (
    say("/trust-recover Acme"),
    fill("note:contact", text="Kim, answers to the board"),
    fill("note:temperature_start", level="4"),
    tap("choose:ready"),
    fill("note:facts", text="The export was empty on Monday.", expression="said"),
    fill("note:facts", text="nobody called back", expression="said"),
    tap("choose:all_said"),
    fill("note:feeling", word="ignored", strength="3"),
    tap("choose:confirmed"),
    tap("choose:missed_fact"),
    fill("note:facts", text="the board saw the empty export", expression="unsaid"),
    tap("choose:all_said"),
    fill("note:feeling", word="embarrassed", strength="2"),
    tap("choose:confirmed"),
    tap("choose:missed_feeling"),
    tap("choose:confirmed"),
    tap("choose:yes"),
    fill("note:dispute", fact="e4", our_view="we called once", evidence="call log", standing="parked"),
    tap("choose:settled"),
    fill("note:frame", text="Exports can fail without a word to you."),
    tap("choose:agreed"),
    fill("note:our_part", text="I did not check the export"),
    tap("choose:done"),
    fill("note:commitment", who="Ana", what="a fixed export", when="2099-11-27T16:00"),
    fill("note:next_update", when="2099-11-26T10:00"),
    tap("choose:agreed"),
    fill("note:outcome", options="improving"),
    fill("note:root_cause", text="nobody watches the export"),
    tap("choose:finish"),
    fill("summary:internal", text=SUMMARY),
    tap("post:internal"),
)
