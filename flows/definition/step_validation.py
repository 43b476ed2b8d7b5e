"""Checks of the steps of a flow: their phrases, fields and gates."""

import re
from collections.abc import Iterator

from rapidfuzz.process import extractOne

from flows.definition.loader import FlowSource
from flows.definition.model import (
    CHIP_KINDS,
    CLIENT_SAFE_KINDS,
    END,
    MAX_GATES,
    MAX_INSTRUCTION_WORDS,
    FieldKind,
    Flow,
    Gate,
    Phrase,
    Step,
)
from flows.definition.placeholders import placeholder_names
from flows.definition.yaml_source import NodePath, Problem

MAX_LABEL_CHARACTERS = 40
"""Characters of a button's label. Phones cut longer ones."""

_ID = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED_GATE_IDS = frozenset({"back", "skip", "jump", "close"})
_PHRASE_KINDS = frozenset(FieldKind) - {FieldKind.LEVEL, FieldKind.DISPUTE}
"""The kinds of fields whose entries can be put into a phrase."""
Problems = Iterator[Problem]


def step_problems(source: FlowSource, step_id: str, step: Step) -> Problems:
    """The problems of one step."""
    path = ("steps", step_id)
    yield from _step_problems(source, step, path)
    yield from _phrase_problems(source, step, path)
    yield from _field_problems(source, step, path)
    for gate_id, gate in step.gates.items():
        yield from _gate_problems(source, gate, (*path, "gates", gate_id))


def wait_problems(source: FlowSource, after: float, path: NodePath) -> Problems:
    """Whether one can wait for so many minutes or days."""
    if not 0 < after < float("inf"):
        yield source.problem(path, f"Nobody can wait for {after:g}.", "Write a number above 0.")


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
    yield from _card_field_problems(source, step, path)
    if len(step.timers) > 1:
        fault = f"{len(step.timers)} timers: a step nudges once at most."
        yield source.problem((*path, "timers"), fault, "Keep one.")
    for timer, reminder in step.timers.items():
        yield from wait_problems(source, reminder.after, (*path, "timers", timer, "after"))


def _card_field_problems(source: FlowSource, step: Step, path: NodePath) -> Problems:
    """The fields that stand on the card itself."""
    for key, field_ids in (("ask", filter(None, (step.ask,))), ("chips", step.chips)):
        for field_id in field_ids:
            if field_id not in step.fields:
                fault = f"“{field_id}” is not a field of this step."
                yield source.problem((*path, key), fault, _suggestion(step.fields))
            elif key == "chips" and step.fields[field_id].kind not in CHIP_KINDS:
                fault = f"One tap cannot fill “{field_id}”, a {step.fields[field_id].kind}."
                kinds = ", ".join(sorted(CHIP_KINDS))
                yield source.problem((*path, key), fault, f"Name fields of the kinds {kinds}, or use “ask”.")
    if step.gives_back is not None:
        field = source.value.field(step.gives_back)
        if field is None or field.kind is not FieldKind.FACT:
            fault = f"“{step.gives_back}” is not a field of facts."
            yield source.problem((*path, "gives_back"), fault, "Name a field of the kind “fact”.")


def _phrase_problems(source: FlowSource, step: Step, path: NodePath) -> Problems:
    if not step.say:
        yield source.problem((*path, "say"), "There is nothing to say.", "Add at least one phrase.")
        return
    known_names = {"account", *(field for other in source.value.steps.values() for field in other.fields)}
    for i, phrase in enumerate(step.say):
        yield from _placeholder_problems(source, phrase, known_names, (*path, "say", i))
    last = step.say[-1]
    if last.needs or any(set(placeholder_names(text)) - {"account"} for text in last.text.values()):
        fault = "The last phrase needs something that may not have been recorded."
        remedy = "Add one after it without placeholders and “needs”."
        yield source.problem((*path, "say", len(step.say) - 1), fault, remedy)
    for language, text in step.then.items():
        if placeholder_names(text):
            yield source.problem((*path, "then", language), "“then” cannot be filled.", "Use no placeholder here.")


def _placeholder_problems(source: FlowSource, phrase: Phrase, known_names: set[str], path: NodePath) -> Problems:
    for language, text in phrase.text.items():
        for name in placeholder_names(text):
            if name not in known_names:
                fault = f"The placeholder {{{name}}} is unknown."
                yield source.problem((*path, "text", language), fault, _suggestion(known_names, name))
            elif (field := source.value.field(name)) and field.kind not in _PHRASE_KINDS:
                fault = f"A {field.kind} cannot stand in a phrase."
                yield source.problem((*path, "text", language), fault, "Use a field of another kind.")
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
        if field.kind is FieldKind.DISPUTE and not _has_facts(source.value):
            yield source.problem(field_path, "There are no facts to dispute.", "Add a field of the kind “fact”.")


def _gate_problems(source: FlowSource, gate: Gate, path: NodePath) -> Problems:
    targets = [*source.value.steps, END]
    if gate.to is not None and gate.to not in targets:
        yield source.problem((*path, "to"), f"There is no step “{gate.to}”.", _suggestion(targets, gate.to))
    for language, text in gate.label.items():
        if len(text) > MAX_LABEL_CHARACTERS:
            fault = f"The button has {len(text)} characters in “{language}”."
            yield source.problem((*path, "label", language), fault, f"Use at most {MAX_LABEL_CHARACTERS}.")
    if gate.remind and gate.to is not None:
        yield source.problem((*path, "remind"), "A gate that leads on cannot remind.", "Remove “to” or “remind”.")
    if gate.remind:
        yield from wait_problems(source, gate.remind.after, (*path, "remind", "after"))
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
        field = source.value.field(field_id) if field_id else None
        if field_id and (field is None or field.kind not in allowed_kinds):
            kind_names = " or ".join(allowed_kinds)
            yield source.problem(
                (*path, key), f"“{field_id}” is not a {kind_names} field.", f"Name a field of kind {kind_names}."
            )
    for key in ("needs", "unless"):
        for field_id in getattr(gate, key):
            if source.value.field(field_id) is None:
                yield source.problem((*path, key), f"There is no field “{field_id}”.", "Name a field of the flow.")
    if gate.confirms and gate.denies:
        yield source.problem((*path, "denies"), "A gate cannot confirm and deny.", "Keep one of the two.")
    if gate.opens and gate.opens != "hand_over" and source.value.field(gate.opens) is None:
        yield source.problem((*path, "opens"), f"There is no form “{gate.opens}”.", "Name a field, or hand_over.")


def _has_facts(flow: Flow) -> bool:
    return any(field.kind is FieldKind.FACT for step in flow.steps.values() for field in step.fields.values())


def _suggestion(candidates: object, mistyped_name: str = "") -> str:
    """The candidate that is most like the mistyped name, or all of them."""
    names = sorted(str(name) for name in candidates) if isinstance(candidates, list | dict | set) else []
    closest = extractOne(mistyped_name, names, score_cutoff=60) if mistyped_name else None
    return f"Did you mean “{closest[0]}”?" if closest else f"Use one of: {', '.join(names)}."
