"""The forms, drawn from the state. What comes back is read by `flows.answers`."""

from flows.cards import Form, Input, PickInput, TextInput, WhenInput, WhoInput
from flows.flow import Field, FieldKind, Flow
from flows.hours import Hours, written
from flows.limits import ACCOUNT, MESSAGE, NAME, SUMMARY, TEXT, WORD
from flows.recovery import Recovery, Version
from flows.summary import summary
from flows.values import (
    Commitment,
    Entry,
    Fact,
    Feeling,
    Holder,
    Level,
    Moment,
    Picked,
    Promise,
    Standing,
    Text,
    Told,
    Value,
)
from flows.voice import Voice

LEVELS = 5
STRENGTHS = 3
AGAIN = frozenset({FieldKind.FACT, FieldKind.COMMITMENT})
"""Kinds of which people say several in a row."""
SHORT_OPTIONS = 60
"""Characters of a fact in a list to pick from."""


def form(flow: Flow, recovery: Recovery, form_id: str, voice: Voice) -> Form | None:
    """The form with this id (`tip`, `hand_over`, `observe`, `note:FIELD`, `edit:ENTRY`, `summary:VERSION`), or None."""
    kind, _, subject = form_id.partition(":")
    match kind:
        case "tip":
            return tip(voice)
        case "hand_over" | "observe":
            who = WhoInput("person", voice.say("form.person"))
            return Form(kind, voice.say(f"form.{kind}"), (who,), voice.say(f"form.{kind}.submit"))
        case "note":
            return note(flow, recovery, subject, voice)
        case "edit":
            return _edit(flow, recovery, subject, voice)
        case "summary" if subject in set(Version):
            return _summary(flow, recovery, Version(subject), voice)
        case _:
            return None


def start(voice: Voice, flow_id: str = "", account: str = "", message: str = "") -> Form:
    """Asks for the account to start this flow with; the default flow, if none is named.

    `message`: what somebody wrote, which can be the first fact.
    """
    inputs = [TextInput("account", voice.say("form.account"), account, limit=ACCOUNT, required=True)]
    if message:
        label, hint = voice.say("form.first_fact"), voice.say("form.first_fact.hint")
        inputs.append(TextInput("message", label, message, hint, MESSAGE, long=True))
    return Form(f"start:{flow_id}", voice.say("form.start"), tuple(inputs), voice.say("form.start.submit"))


def settings(voice: Voice, hours: Hours, languages: tuple[tuple[str, str], ...]) -> Form:
    """Asks in which language the guide speaks to somebody, and when they work. `languages`: code and own name."""
    picked = (voice.language,) if voice.language in dict(languages) else ()
    inputs = (
        PickInput("language", voice.say("form.language"), languages, picked),
        TextInput("hours", voice.say("form.hours"), written(hours), voice.say("form.hours.hint"), NAME, required=True),
    )
    return Form("settings", voice.say("form.settings"), inputs, voice.say("form.save"))


def tip(voice: Voice) -> Form:
    """An observer's private word to the responder."""
    text = TextInput("text", voice.say("form.tip.text"), limit=TEXT, required=True)
    return Form("tip", voice.say("form.tip"), (text,), voice.say("form.send"))


def note(flow: Flow, recovery: Recovery, field_id: str, voice: Voice) -> Form | None:
    """A new entry in a field. A field that holds one entry shows it, and the new one replaces it."""
    field = flow.field(field_id)
    if field is None:
        return None
    held = recovery.of(field_id)
    value = held[-1].value if held and field.holds_one else None
    inputs = _dispute(recovery, voice, None) if field.kind is FieldKind.DISPUTE else _inputs(field, value, voice)
    again = field.many and field.kind in AGAIN
    return Form(f"note:{field_id}", voice(field.label), inputs, voice.say("form.add"), again=again) if inputs else None


def _edit(flow: Flow, recovery: Recovery, entry_id: str, voice: Voice) -> Form | None:
    entry = recovery.entry(entry_id)
    field = flow.field(entry.field) if entry else None
    if entry is None or field is None:
        return None
    inputs = _inputs(field, entry.value, voice)
    if isinstance(entry.value, Fact):
        weighed = tuple(i for i in _dispute(recovery, voice, entry) if i.name != "fact")
        inputs = (*inputs, _pick("holder", Holder, entry.value.holder, voice), *weighed)
    if isinstance(entry.value, Commitment):
        inputs = (*inputs, _pick("state", Promise, entry.value.state, voice, prefix="promise"))
    if isinstance(entry.value, Feeling) or (isinstance(entry.value, Text) and field.needs_yes):
        inputs = (*inputs, _confirmed(entry.value, voice))
    return Form(f"edit:{entry_id}", voice(field.label), inputs, voice.say("form.save"))


def _summary(flow: Flow, recovery: Recovery, version: Version, voice: Voice) -> Form:
    wording = summary(flow, recovery, version, voice)
    box = TextInput("text", voice.say(f"summary.name.{version}"), wording, limit=SUMMARY, long=True)
    return Form(
        f"summary:{version}", voice.say("form.summary"), (box,), voice.say("form.save"), voice.say("form.summary.note")
    )


def _inputs(field: Field, value: Value | None, voice: Voice) -> tuple[Input, ...]:
    label, hint = voice(field.label), voice(field.hint)
    options = tuple((key, voice(words)) for key, words in field.options.items())
    match field.kind:
        case FieldKind.FACT:
            fact = value if isinstance(value, Fact) else Fact("")
            text = TextInput("text", label, fact.text, hint, TEXT, long="\n" in fact.text, required=True)
            return text, _pick("told", Told, fact.told, voice)
        case FieldKind.FEELING:
            return _feeling(field, value, voice)
        case FieldKind.COMMITMENT:
            return _commitment(field, value, voice)
        case FieldKind.PICK:
            picked = value.options if isinstance(value, Picked) else ()
            return (PickInput("options", label, options, picked, many=field.many, required=True),)
        case FieldKind.LEVEL:
            now = (str(value.level),) if isinstance(value, Level) else ()
            levels = tuple((str(n), voice.say(f"level.{n}")) for n in range(1, LEVELS + 1))
            return (PickInput("level", label, levels, now, required=True),)
        case FieldKind.MOMENT:
            at = voice.local_iso(value.at) if isinstance(value, Moment) else ""
            return (WhenInput("when", label, at, required=True, at=value.at if isinstance(value, Moment) else None),)
        case _:
            before = value.text if isinstance(value, Text) else ""
            return (TextInput("text", label, before, hint, TEXT, long="\n" in before, required=True),)


def _feeling(field: Field, value: Value | None, voice: Voice) -> tuple[Input, ...]:
    words = tuple(voice(option) for option in field.options.values())
    feeling = value if isinstance(value, Feeling) else Feeling("")
    word = voice(field.options[feeling.word]) if feeling.word in field.options else feeling.word
    strengths = tuple((str(n), voice.say(f"strength.{n}")) for n in range(1, STRENGTHS + 1))
    return (
        TextInput("word", voice(field.label), word, voice(field.hint), WORD, required=True, suggestions=words),
        PickInput("strength", voice.say("form.strength"), strengths, (str(feeling.strength),)),
    )


def _commitment(field: Field, value: Value | None, voice: Voice) -> tuple[Input, ...]:
    promise = value if isinstance(value, Commitment) else Commitment("", "")
    due = voice.local_iso(promise.due) if promise.due is not None else ""
    return (
        TextInput("who", voice.say("form.who"), promise.who, voice.say("form.who.hint"), NAME, required=True),
        TextInput("what", voice.say("form.what"), promise.what, voice(field.hint), TEXT, required=True),
        WhenInput("when", voice.say("form.when"), due, at=promise.due),
    )


def _dispute(recovery: Recovery, voice: Voice, entry: Entry | None) -> tuple[Input, ...]:
    facts = [e for e in recovery.entries if isinstance(e.value, Fact)]
    if not facts:
        return ()
    value = entry.value if entry and isinstance(entry.value, Fact) else Fact("")
    options = tuple((e.id, _short(e.value.text)) for e in facts if isinstance(e.value, Fact))
    picked = (entry.id,) if entry else (facts[0].id,) if len(facts) == 1 else ()
    return (
        PickInput("fact", voice.say("form.fact"), options, picked, required=True),
        TextInput("our_view", voice.say("form.our_view"), value.our_view, limit=TEXT),
        TextInput("evidence", voice.say("form.evidence"), value.evidence, limit=TEXT),
        _pick("standing", Standing, value.standing if entry else Standing.DISPUTED, voice),
    )


def _short(text: str) -> str:
    return text if len(text) <= SHORT_OPTIONS else text[: SHORT_OPTIONS - 1].rstrip() + "…"


def _confirmed(value: Feeling | Text, voice: Voice) -> PickInput:
    answers = {None: "open", True: "yes", False: "no"}
    options = tuple((key, voice.say(f"confirmed.{key}")) for key in answers.values())
    return PickInput("confirmed", voice.say("form.confirmed"), options, (answers[value.confirmed],))


def _pick(
    name: str,
    choices: type[Told | Holder | Standing | Promise],
    picked: str,
    voice: Voice,
    *,
    prefix: str = "",
) -> PickInput:
    options = tuple((choice.value, voice.say(f"{prefix or name}.{choice.value}")) for choice in choices)
    return PickInput(name, voice.say(f"form.{name}"), options, (picked,))
