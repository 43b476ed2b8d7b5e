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
    source = loader.parse_flow(text, file)
    problems = sorted(_all_problems(source), key=lambda problem: problem.line)
    if problems:
        raise InvalidFlow(problems)
    return source.flow


def _all_problems(source: FlowSource) -> Problems:
    yield from _flow_problems(source)
    yield from _text_problems(source, source.flow, ())
    for step_id, step in source.flow.steps.items():
        path = ("steps", step_id)
        yield from _step_problems(source, step, path)
        yield from _phrase_problems(source, step, path)
        yield from _field_problems(source, step, path)
        for gate_id, gate in step.gates.items():
            yield from _gate_problems(source, gate, (*path, "gates", gate_id))
    gates = [gate for step in source.flow.steps.values() for gate in step.gates.values()]
    if all(gate.to in {None, END, *source.flow.steps} for gate in gates):  # else a mistyped step is the cause
        yield from _reachability_problems(source)
    for name, follow_up in source.flow.follow_ups.items():
        yield from _wait_problems(source, follow_up.after_days, ("follow_ups", name, "after_days"))
    for version in ("internal", "client"):
        for i, section in enumerate(getattr(source.flow.summary, version)):
            yield from _section_problems(source, section, ("summary", version, i))


def _flow_problems(source: FlowSource) -> Problems:
    flow = source.flow
    if not _FLOW_ID.fullmatch(flow.id):
        yield source.problem(("id",), f"“{flow.id}” cannot be a flow's id.", "Use small letters, digits and hyphens.")
    if flow.version < 1:
        yield source.problem(("version",), f"Version {flow.version} does not exist.", "Begin with 1.")
    for i, language in enumerate(flow.languages):
        if not _is_language(language):
            fault = f"“{language}” is not a language."
            yield source.problem(("languages", i), fault, "Use a code such as en, es or pt-BR.")
        if language in flow.languages[:i]:
            yield source.problem(("languages", i), f"“{language}” stands here twice.", "Keep one of the two.")
    if not flow.languages:
        yield source.problem(("languages",), "No language is named.", "List at least one, such as [en].")
    closing_steps = [step_id for step_id, step in flow.steps.items() if step.closing]
    if not flow.steps or closing_steps != [list(flow.steps)[-1]]:
        fault = (
            f"The closing step must be the last one, and the only one (found: {', '.join(closing_steps) or 'none'})."
        )
        yield source.problem(("steps",), fault, "Give the last step “closing: true”, and no other.")
    elif len(flow.steps) == 1:
        yield source.problem(("steps",), "There is no step before the closing one.", "Add at least one.")
    yield from _field_id_problems(source)


def _field_id_problems(source: FlowSource) -> Problems:
    step_by_field: dict[str, str] = {}
    for step_id, step in source.flow.steps.items():
        for field_id in step.fields:
            if field_id in step_by_field:
                fault = f"The field “{field_id}” is already in step {step_by_field[field_id]}."
                yield source.problem(("steps", step_id, "fields", field_id), fault, "Give it another id.")
            step_by_field[field_id] = step_id


def _is_language(code: str) -> bool:
    try:
        return bool(Locale.parse(code.replace("-", "_")))
    except (ValueError, UnknownLocaleError):
        return False


def _text_problems(source: FlowSource, part: object, path: NodePath) -> Problems:
    """Walk through everything and see that each text is there in each language."""
    if isinstance(part, tuple):
        for i, item in enumerate(part):
            yield from _text_problems(source, item, (*path, i))
    elif isinstance(part, dict):
        for key, item in part.items():
            find_problems = _language_problems if isinstance(item, dict) else _text_problems
            yield from find_problems(source, item, (*path, key))
    elif is_dataclass(part):
        for field in fields(part):
            value, field_path = getattr(part, field.name), (*path, field.name)
            if field.type != LocalizedText:
                yield from _text_problems(source, value, field_path)
            elif field_path in source.lines:
                yield from _language_problems(source, value, field_path)


def _language_problems(source: FlowSource, text_by_language: LocalizedText, path: NodePath) -> Problems:
    for language in source.flow.languages:
        if not text_by_language.get(language, "").strip():
            fault = f"“{path[-1]}” has no words in “{language}”."
            yield source.problem((*path, language), fault, f"Add “{language}: ...”.")
    for language in text_by_language.keys() - set(source.flow.languages):
        fault = f"“{language}” is not one of the flow's languages."
        yield source.problem((*path, language), fault, "Add it to “languages”, or remove the line.")


def _step_problems(source: FlowSource, step: Step, path: NodePath) -> Problems:
    step_id = str(path[1])
    if not _ID.fullmatch(step_id) or step_id == END:
        yield source.problem(path, f"“{step_id}” cannot be a step's id.", "Use small letters, digits and underscores.")
    for language, text in step.nudge.items():
        word_count = len(text.split())
        if word_count > MAX_INSTRUCTION_WORDS:
            fault = f"The instruction has {word_count} words in “{language}”."
            yield source.problem((*path, "nudge", language), fault, f"Use at most {MAX_INSTRUCTION_WORDS}.")
    if len(step.gates) > MAX_GATES:
        fault = f"{len(step.gates)} gates and “More” would be {len(step.gates) + 1} buttons."
        yield source.problem((*path, "gates"), fault, f"Keep at most {MAX_GATES} gates: four buttons are in view.")
    if not any(gate.to for gate in step.gates.values()):
        yield source.problem((*path, "gates"), "No gate leads on.", "Give one gate a “to”.")
    if step.ask is not None and step.ask not in step.fields:
        yield source.problem((*path, "ask"), f"“{step.ask}” is not a field of this step.", _suggestion(step.fields))
    if len(step.timers) > 1:
        fault = f"{len(step.timers)} timers: a step nudges once at most."
        yield source.problem((*path, "timers"), fault, "Keep one.")
    for timer, reminder in step.timers.items():
        yield from _wait_problems(source, reminder.after, (*path, "timers", timer, "after"))


def _phrase_problems(source: FlowSource, step: Step, path: NodePath) -> Problems:
    if not step.say:
        yield source.problem((*path, "say"), "There is nothing to say.", "Add at least one phrase.")
        return
    known_names = {"account", *(field for other in source.flow.steps.values() for field in other.fields)}
    for i, phrase in enumerate(step.say):
        yield from _placeholder_problems(source, phrase, known_names, (*path, "say", i))
    last_index = len(step.say) - 1
    if step.say[last_index].needs or any(
        set(placeholder_names(text)) - {"account"} for text in step.say[last_index].text.values()
    ):
        fault = "The last phrase needs something that may not have been recorded."
        yield source.problem((*path, "say", last_index), fault, "Add one after it without placeholders and “needs”.")
    for language, text in step.then.items():
        if placeholder_names(text):
            yield source.problem((*path, "then", language), "“then” cannot be filled.", "Use no placeholder here.")


def _placeholder_problems(source: FlowSource, phrase: Phrase, known_names: set[str], path: NodePath) -> Problems:
    for language, text in phrase.text.items():
        for name in placeholder_names(text):
            if name not in known_names:
                fault = f"The placeholder {{{name}}} is unknown."
                yield source.problem((*path, "text", language), fault, _suggestion(known_names, name))
            elif (field := source.flow.field(name)) and field.kind not in _PHRASE_KINDS:
                fault = f"A {field.kind} cannot stand in a phrase."
                yield source.problem((*path, "text", language), fault, "Use a fact, a feeling, a text or a pick.")
    for name in phrase.needs:
        if name not in known_names:
            yield source.problem((*path, "needs"), f"The field “{name}” is unknown.", _suggestion(known_names, name))


def _field_problems(source: FlowSource, step: Step, path: NodePath) -> Problems:
    for field_id, field in step.fields.items():
        field_path = (*path, "fields", field_id)
        if not _ID.fullmatch(field_id) or field_id == "account":
            yield source.problem(
                field_path, f"“{field_id}” cannot be a field's id.", "Use another word in small letters."
            )
        if field.kind in {FieldKind.PICK, FieldKind.FEELING} and not field.options:
            yield source.problem(field_path, f"A {field.kind} needs something to choose from.", "Add “options”.")
        for option in field.options:
            if not _ID.fullmatch(option):
                fault = f"“{option}” cannot be an option's id."
                yield source.problem(
                    (*field_path, "options", option), fault, "Use small letters, digits and underscores."
                )
        if field.client_safe and field.kind not in CLIENT_SAFE_KINDS:
            fault = f"A {field.kind} can never be safe for the client to read."
            yield source.problem((*field_path, "client_safe"), fault, "Remove “client_safe”.")
        if field.needs_yes and field.kind is not FieldKind.TEXT:
            yield source.problem((*field_path, "needs_yes"), "Only a text can need a yes.", "Remove “needs_yes”.")
        if field.kind is FieldKind.DISPUTE and not _has_facts(source.flow):
            yield source.problem(field_path, "There are no facts to dispute.", "Add a field of the kind “fact”.")


def _gate_problems(source: FlowSource, gate: Gate, path: NodePath) -> Problems:
    targets = [*source.flow.steps, END]
    if gate.to is not None and gate.to not in targets:
        yield source.problem((*path, "to"), f"There is no step “{gate.to}”.", _suggestion(targets, gate.to))
    for language, text in gate.label.items():
        if len(text) > MAX_LABEL_CHARACTERS:
            fault = f"The button has {len(text)} characters in “{language}”."
            yield source.problem((*path, "label", language), fault, f"Use at most {MAX_LABEL_CHARACTERS}.")
    if gate.remind and gate.to is not None:
        yield source.problem((*path, "remind"), "A gate that leads on cannot remind.", "Remove “to” or “remind”.")
    if gate.remind:
        yield from _wait_problems(source, gate.remind.after, (*path, "remind", "after"))
    if path[-1] in _RESERVED_GATE_IDS:
        yield source.problem(path, f"“{path[-1]}” is what a move is called.", "Give the gate another id.")
    yield from _gate_field_problems(source, gate, path)


def _gate_field_problems(source: FlowSource, gate: Gate, path: NodePath) -> Problems:
    answerable_kinds = (FieldKind.FEELING, FieldKind.TEXT)
    for key, allowed_kinds in (
        ("confirms", answerable_kinds),
        ("denies", answerable_kinds),
        ("keeps", (FieldKind.TEXT,)),
    ):
        field_id = getattr(gate, key)
        field = source.flow.field(field_id) if field_id else None
        if field_id and (field is None or field.kind not in allowed_kinds):
            kind_names = " or ".join(allowed_kinds)
            yield source.problem(
                (*path, key), f"“{field_id}” is not a {kind_names} field.", f"Name a field of kind {kind_names}."
            )
    if gate.confirms and gate.denies:
        yield source.problem((*path, "denies"), "A gate cannot confirm and deny.", "Keep one of the two.")
    if gate.opens and gate.opens != "hand_over" and source.flow.field(gate.opens) is None:
        yield source.problem((*path, "opens"), f"There is no form “{gate.opens}”.", "Name a field, or hand_over.")


def _wait_problems(source: FlowSource, after: float, path: NodePath) -> Problems:
    if not 0 < after < float("inf"):
        yield source.problem(path, f"Nobody can wait for {after:g}.", "Write a number above 0.")


def _reachability_problems(source: FlowSource) -> Problems:
    flow = source.flow
    reachable_steps: set[str] = set()
    steps_to_visit = [flow.first_step] if flow.steps else []
    while steps_to_visit:
        step = steps_to_visit.pop()
        if step in flow.steps and step not in reachable_steps:
            reachable_steps.add(step)
            steps_to_visit += [gate.to for gate in flow.steps[step].gates.values() if gate.to]
    for step_id in flow.steps:
        if step_id not in reachable_steps:
            fault = "No gate leads to this step."
            yield source.problem(("steps", step_id), fault, f"Give a gate “to: {step_id}”, or remove the step.")


def _section_problems(source: FlowSource, section: Section, path: NodePath) -> Problems:
    for field_id in section.fields:
        field = source.flow.field(field_id)
        if field is None:
            yield source.problem((*path, "fields"), f"There is no field “{field_id}”.", "Name a field of a step.")
        elif path[1] == "client" and not field.client_safe:
            fault = f"“{field_id}” is not safe for the client to read."
            yield source.problem((*path, "fields"), fault, "Remove it here, or mark the field “client_safe: true”.")
    if section.durations and path[1] == "client":
        yield source.problem((*path, "durations"), "The client does not read minutes per step.", "Remove it.")


def _has_facts(flow: Flow) -> bool:
    return any(field.kind is FieldKind.FACT for step in flow.steps.values() for field in step.fields.values())


def _suggestion(candidates: object, mistyped_name: str = "") -> str:
    names = sorted(str(name) for name in candidates) if isinstance(candidates, list | dict | set) else []
    closest = extractOne(mistyped_name, names, score_cutoff=60) if mistyped_name else None
    return f"Did you mean “{closest[0]}”?" if closest else f"Use one of: {', '.join(names)}."
