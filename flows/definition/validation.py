"""Whether a flow makes sense. Each problem names the line, the step, what is wrong and what would be right."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from babel import Locale, UnknownLocaleError
from rapidfuzz.process import extractOne

from flows.definition import loader
from flows.definition.loader import FlowSource, InvalidFlow, NodePath, Problem
from flows.definition.model import (
    CLIENT_SAFE_KINDS,
    END,
    MAX_GATES,
    MAX_INSTRUCTION_WORDS,
    FieldKind,
    Flow,
    Gate,
    LocalizedText,
    Phrase,
    Section,
    Step,
)
from flows.definition.placeholders import placeholder_names

MAX_LABEL_CHARACTERS = 40
"""Characters of a button: more is cut on a phone."""

_ID = re.compile(r"[a-z][a-z0-9_]*")
_FLOW_ID = re.compile(r"[a-z][a-z0-9-]*")
_RESERVED_GATE_IDS = frozenset({"back", "skip", "jump", "close"})
_PHRASE_KINDS = frozenset({FieldKind.FACT, FieldKind.FEELING, FieldKind.TEXT, FieldKind.PICK})
Problems = Iterator[Problem]


def load_flow(text: str, file: str) -> Flow:
    """The flow in a file's text.

    Raises:
        BrokenFlow: with everything that is wrong.

    """
    read = loader.parse_flow(text, file)
    problems = sorted(_all_problems(read), key=lambda problem: problem.line)
    if problems:
        raise InvalidFlow(problems)
    return read.flow


def _all_problems(read: FlowSource) -> Problems:
    yield from _flow_problems(read)
    yield from _text_problems(read, read.flow, ())
    for step_id, step in read.flow.steps.items():
        path = ("steps", step_id)
        yield from _step_problems(read, step, path)
        yield from _phrase_problems(read, step, path)
        yield from _field_problems(read, step, path)
        for gate_id, gate in step.gates.items():
            yield from _gate_problems(read, gate, (*path, "gates", gate_id))
    gates = [gate for step in read.flow.steps.values() for gate in step.gates.values()]
    if all(gate.to in {None, END, *read.flow.steps} for gate in gates):  # else a mistyped step is the cause
        yield from _reachability_problems(read)
    for name, follow_up in read.flow.follow_ups.items():
        yield from _wait_problems(read, follow_up.after_days, ("follow_ups", name, "after_days"))
    for version in ("internal", "client"):
        for i, section in enumerate(getattr(read.flow.summary, version)):
            yield from _section_problems(read, section, ("summary", version, i))


def _flow_problems(read: FlowSource) -> Problems:
    flow = read.flow
    if not _FLOW_ID.fullmatch(flow.id):
        yield read.problem(("id",), f"“{flow.id}” cannot be a flow's id.", "Use small letters, digits and hyphens.")
    if flow.version < 1:
        yield read.problem(("version",), f"Version {flow.version} does not exist.", "Begin with 1.")
    for i, language in enumerate(flow.languages):
        if not _is_language(language):
            wrong = f"“{language}” is not a language."
            yield read.problem(("languages", i), wrong, "Use a code such as en, es or pt-BR.")
        if language in flow.languages[:i]:
            yield read.problem(("languages", i), f"“{language}” stands here twice.", "Keep one of the two.")
    if not flow.languages:
        yield read.problem(("languages",), "No language is named.", "List at least one, such as [en].")
    closing = [step_id for step_id, step in flow.steps.items() if step.closing]
    if not flow.steps or closing != [list(flow.steps)[-1]]:
        wrong = f"The closing step must be the last one, and the only one (found: {', '.join(closing) or 'none'})."
        yield read.problem(("steps",), wrong, "Give the last step “closing: true”, and no other.")
    elif len(flow.steps) == 1:
        yield read.problem(("steps",), "There is no step before the closing one.", "Add at least one.")
    yield from _field_id_problems(read)


def _field_id_problems(read: FlowSource) -> Problems:
    seen: dict[str, str] = {}
    for step_id, step in read.flow.steps.items():
        for field in step.fields:
            if field in seen:
                wrong = f"The field “{field}” is already in step {seen[field]}."
                yield read.problem(("steps", step_id, "fields", field), wrong, "Give it another id.")
            seen[field] = step_id


def _is_language(code: str) -> bool:
    try:
        return bool(Locale.parse(code.replace("-", "_")))
    except (ValueError, UnknownLocaleError):
        return False


def _text_problems(read: FlowSource, part: object, path: NodePath) -> Problems:
    """Walk through everything and see that each text is there in each language."""
    if isinstance(part, tuple):
        for i, item in enumerate(part):
            yield from _text_problems(read, item, (*path, i))
    elif isinstance(part, dict):
        for key, item in part.items():
            walk = _language_problems if isinstance(item, dict) else _text_problems
            yield from walk(read, item, (*path, key))
    elif is_dataclass(part):
        for field in fields(part):
            value, where = getattr(part, field.name), (*path, field.name)
            if field.type != LocalizedText:
                yield from _text_problems(read, value, where)
            elif where in read.lines:
                yield from _language_problems(read, value, where)


def _language_problems(read: FlowSource, words: LocalizedText, path: NodePath) -> Problems:
    for language in read.flow.languages:
        if not words.get(language, "").strip():
            wrong = f"“{path[-1]}” has no words in “{language}”."
            yield read.problem((*path, language), wrong, f"Add “{language}: ...”.")
    for language in words.keys() - set(read.flow.languages):
        wrong = f"“{language}” is not one of the flow's languages."
        yield read.problem((*path, language), wrong, "Add it to “languages”, or remove the line.")


def _step_problems(read: FlowSource, step: Step, path: NodePath) -> Problems:
    step_id = str(path[1])
    if not _ID.fullmatch(step_id) or step_id == END:
        yield read.problem(path, f"“{step_id}” cannot be a step's id.", "Use small letters, digits and underscores.")
    for language, text in step.nudge.items():
        count = len(text.split())
        if count > MAX_INSTRUCTION_WORDS:
            wrong = f"The instruction has {count} words in “{language}”."
            yield read.problem((*path, "nudge", language), wrong, f"Use at most {MAX_INSTRUCTION_WORDS}.")
    if len(step.gates) > MAX_GATES:
        wrong = f"{len(step.gates)} gates and “More” would be {len(step.gates) + 1} buttons."
        yield read.problem((*path, "gates"), wrong, f"Keep at most {MAX_GATES} gates: four buttons are in view.")
    if not any(gate.to for gate in step.gates.values()):
        yield read.problem((*path, "gates"), "No gate leads on.", "Give one gate a “to”.")
    if step.ask is not None and step.ask not in step.fields:
        yield read.problem((*path, "ask"), f"“{step.ask}” is not a field of this step.", _suggestion(step.fields))
    if len(step.timers) > 1:
        wrong = f"{len(step.timers)} timers: a step nudges once at most."
        yield read.problem((*path, "timers"), wrong, "Keep one.")
    for timer, reminder in step.timers.items():
        yield from _wait_problems(read, reminder.after, (*path, "timers", timer, "after"))


def _phrase_problems(read: FlowSource, step: Step, path: NodePath) -> Problems:
    if not step.say:
        yield read.problem((*path, "say"), "There is nothing to say.", "Add at least one phrase.")
        return
    known = {"account", *(field for other in read.flow.steps.values() for field in other.fields)}
    for i, phrase in enumerate(step.say):
        yield from _placeholder_problems(read, phrase, known, (*path, "say", i))
    last = len(step.say) - 1
    if step.say[last].needs or any(set(placeholder_names(text)) - {"account"} for text in step.say[last].text.values()):
        wrong = "The last phrase needs something that may not have been recorded."
        yield read.problem((*path, "say", last), wrong, "Add one after it without placeholders and “needs”.")
    for language, text in step.then.items():
        if placeholder_names(text):
            yield read.problem((*path, "then", language), "“then” cannot be filled.", "Use no placeholder here.")


def _placeholder_problems(read: FlowSource, phrase: Phrase, known: set[str], path: NodePath) -> Problems:
    for language, text in phrase.text.items():
        for name in placeholder_names(text):
            if name not in known:
                wrong = f"The placeholder {{{name}}} is unknown."
                yield read.problem((*path, "text", language), wrong, _suggestion(known, name))
            elif (field := read.flow.field(name)) and field.kind not in _PHRASE_KINDS:
                wrong = f"A {field.kind} cannot stand in a phrase."
                yield read.problem((*path, "text", language), wrong, "Use a fact, a feeling, a text or a pick.")
    for name in phrase.needs:
        if name not in known:
            yield read.problem((*path, "needs"), f"The field “{name}” is unknown.", _suggestion(known, name))


def _field_problems(read: FlowSource, step: Step, path: NodePath) -> Problems:
    for field_id, field in step.fields.items():
        where = (*path, "fields", field_id)
        if not _ID.fullmatch(field_id) or field_id == "account":
            yield read.problem(where, f"“{field_id}” cannot be a field's id.", "Use another word in small letters.")
        if field.kind in {FieldKind.PICK, FieldKind.FEELING} and not field.options:
            yield read.problem(where, f"A {field.kind} needs something to choose from.", "Add “options”.")
        for option in field.options:
            if not _ID.fullmatch(option):
                wrong = f"“{option}” cannot be an option's id."
                yield read.problem((*where, "options", option), wrong, "Use small letters, digits and underscores.")
        if field.client_safe and field.kind not in CLIENT_SAFE_KINDS:
            wrong = f"A {field.kind} can never be safe for the client to read."
            yield read.problem((*where, "client_safe"), wrong, "Remove “client_safe”.")
        if field.needs_yes and field.kind is not FieldKind.TEXT:
            yield read.problem((*where, "needs_yes"), "Only a text can need a yes.", "Remove “needs_yes”.")
        if field.kind is FieldKind.DISPUTE and not _has_facts(read.flow):
            yield read.problem(where, "There are no facts to dispute.", "Add a field of the kind “fact”.")


def _gate_problems(read: FlowSource, gate: Gate, path: NodePath) -> Problems:
    targets = [*read.flow.steps, END]
    if gate.to is not None and gate.to not in targets:
        yield read.problem((*path, "to"), f"There is no step “{gate.to}”.", _suggestion(targets, gate.to))
    for language, text in gate.label.items():
        if len(text) > MAX_LABEL_CHARACTERS:
            wrong = f"The button has {len(text)} characters in “{language}”."
            yield read.problem((*path, "label", language), wrong, f"Use at most {MAX_LABEL_CHARACTERS}.")
    if gate.remind and gate.to is not None:
        yield read.problem((*path, "remind"), "A gate that leads on cannot remind.", "Remove “to” or “remind”.")
    if gate.remind:
        yield from _wait_problems(read, gate.remind.after, (*path, "remind", "after"))
    if path[-1] in _RESERVED_GATE_IDS:
        yield read.problem(path, f"“{path[-1]}” is what a move is called.", "Give the gate another id.")
    yield from _gate_field_problems(read, gate, path)


def _gate_field_problems(read: FlowSource, gate: Gate, path: NodePath) -> Problems:
    answered = (FieldKind.FEELING, FieldKind.TEXT)
    for name, wanted in (("confirms", answered), ("denies", answered), ("keeps", (FieldKind.TEXT,))):
        field_id = getattr(gate, name)
        field = read.flow.field(field_id) if field_id else None
        if field_id and (field is None or field.kind not in wanted):
            kinds = " or ".join(wanted)
            yield read.problem((*path, name), f"“{field_id}” is not a {kinds} field.", f"Name a field of kind {kinds}.")
    if gate.confirms and gate.denies:
        yield read.problem((*path, "denies"), "A gate cannot confirm and deny.", "Keep one of the two.")
    if gate.opens and gate.opens != "hand_over" and read.flow.field(gate.opens) is None:
        yield read.problem((*path, "opens"), f"There is no form “{gate.opens}”.", "Name a field, or hand_over.")


def _wait_problems(read: FlowSource, after: float, path: NodePath) -> Problems:
    if not 0 < after < float("inf"):
        yield read.problem(path, f"Nobody can wait for {after:g}.", "Write a number above 0.")


def _reachability_problems(read: FlowSource) -> Problems:
    flow = read.flow
    seen: set[str] = set()
    ahead = [flow.first_step] if flow.steps else []
    while ahead:
        step = ahead.pop()
        if step in flow.steps and step not in seen:
            seen.add(step)
            ahead += [gate.to for gate in flow.steps[step].gates.values() if gate.to]
    for step_id in flow.steps:
        if step_id not in seen:
            wrong = "No gate leads to this step."
            yield read.problem(("steps", step_id), wrong, f"Give a gate “to: {step_id}”, or remove the step.")


def _section_problems(read: FlowSource, section: Section, path: NodePath) -> Problems:
    for field_id in section.fields:
        field = read.flow.field(field_id)
        if field is None:
            yield read.problem((*path, "fields"), f"There is no field “{field_id}”.", "Name a field of a step.")
        elif path[1] == "client" and not field.client_safe:
            wrong = f"“{field_id}” is not safe for the client to read."
            yield read.problem((*path, "fields"), wrong, "Remove it here, or mark the field “client_safe: true”.")
    if section.durations and path[1] == "client":
        yield read.problem((*path, "durations"), "The client does not read minutes per step.", "Remove it.")


def _has_facts(flow: Flow) -> bool:
    return any(field.kind is FieldKind.FACT for step in flow.steps.values() for field in step.fields.values())


def _suggestion(known: object, near: str = "") -> str:
    names = sorted(str(name) for name in known) if isinstance(known, list | dict | set) else []
    close = extractOne(near, names, score_cutoff=60) if near else None
    return f"Did you mean “{close[0]}”?" if close else f"Use one of: {', '.join(names)}."
