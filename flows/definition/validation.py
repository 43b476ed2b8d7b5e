"""Checks that a flow makes sense. Each problem names the line, the step, the fault and how to correct it."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from babel import Locale, UnknownLocaleError

from flows.definition import loader
from flows.definition.loader import FlowSource
from flows.definition.model import (
    END,
    Flow,
    FollowUp,
    LocalizedText,
    Section,
)
from flows.definition.step_validation import step_problems, wait_problems
from flows.definition.yaml_source import InvalidFile, NodePath, Problem

MAX_ANSWERS = 3
"""Fields that a follow-up can ask for: the fourth button leads to the guide."""
_FLOW_ID = re.compile(r"[a-z][a-z0-9-]*")
Problems = Iterator[Problem]


def load_flow(text: str, file: str) -> Flow:
    """The flow in a file's text.

    Raises:
        InvalidFile: the flow has faults. The error holds all of them.

    """
    source = loader.parse_flow(text, file)
    problems = sorted(_all_problems(source), key=lambda problem: problem.line)
    if problems:
        raise InvalidFile(problems)
    return source.value


def _all_problems(source: FlowSource) -> Problems:
    yield from _flow_problems(source)
    yield from _text_problems(source, source.value, ())
    for step_id, step in source.value.steps.items():
        yield from step_problems(source, step_id, step)
    gates = [gate for step in source.value.steps.values() for gate in step.gates.values()]
    if all(gate.to in {None, END, *source.value.steps} for gate in gates):  # a mistyped target is reported already
        yield from _reachability_problems(source)
    for name, follow_up in source.value.follow_ups.items():
        yield from wait_problems(source, follow_up.after_days, ("follow_ups", name, "after_days"))
        yield from _answer_problems(source, follow_up, ("follow_ups", name, "fields"))
    for version in ("internal", "client"):
        for i, section in enumerate(getattr(source.value.summary, version)):
            yield from _section_problems(source, section, ("summary", version, i))


def _flow_problems(source: FlowSource) -> Problems:
    flow = source.value
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
    yield from _coach_problems(source)


def _coach_problems(source: FlowSource) -> Problems:
    """What the coach takes from the flow must be there."""
    flow = source.value
    for key, known_ids in (
        ("latitude", [field_id for step in flow.steps.values() for field_id in step.fields]),
        ("owned", [field_id for step in flow.steps.values() for field_id in step.fields]),
        ("whispers_before", list(flow.numbered_steps)),
        ("hurries_to", list(flow.numbered_steps)),
    ):
        named_id = getattr(flow.coach, key)
        if named_id and named_id not in known_ids:
            remedy = f"Use one of: {', '.join(known_ids)}."
            yield source.problem(("coach", key), f"“{named_id}” does not exist here.", remedy)


def _field_id_problems(source: FlowSource) -> Problems:
    step_by_field: dict[str, str] = {}
    for step_id, step in source.value.steps.items():
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
    """Walk through all parts and check that each text has words in each of the flow's languages."""
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
    for language in source.value.languages:
        if not text_by_language.get(language, "").strip():
            fault = f"“{path[-1]}” has no words in “{language}”."
            yield source.problem((*path, language), fault, f"Add “{language}: ...”.")
    for language in text_by_language.keys() - set(source.value.languages):
        fault = f"“{language}” is not one of the flow's languages."
        yield source.problem((*path, language), fault, "Add it to “languages”, or remove the line.")


def _reachability_problems(source: FlowSource) -> Problems:
    """Follow the gates from the first step; a step that is not reached is a problem."""
    flow = source.value
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


def _answer_problems(source: FlowSource, follow_up: FollowUp, path: NodePath) -> Problems:
    """Whether the closing step has the fields that answer a follow-up, which are buttons of its reminder."""
    fields = source.value.steps[list(source.value.steps)[-1]].fields if source.value.steps else {}
    for field_id in follow_up.fields:
        if field_id not in fields:
            yield source.problem(path, f"The closing step has no field “{field_id}”.", "Name a field of that step.")
    if len(follow_up.fields) > MAX_ANSWERS:
        fault = f"A follow-up can ask for {MAX_ANSWERS} fields, and here are {len(follow_up.fields)}."
        yield source.problem(path, fault, "Remove some.")


def _section_problems(source: FlowSource, section: Section, path: NodePath) -> Problems:
    for field_id in section.fields:
        field = source.value.field(field_id)
        if field is None:
            yield source.problem((*path, "fields"), f"There is no field “{field_id}”.", "Name a field of a step.")
        elif path[1] == "client" and not field.client_safe:
            fault = f"“{field_id}” is not safe for the client to read."
            yield source.problem((*path, "fields"), fault, "Remove it here, or mark the field “client_safe: true”.")
    for key in ("durations", "first_yes", "about"):
        if getattr(section, key) and path[1] == "client":
            yield source.problem((*path, key), f"The client does not read “{key}”.", "Remove it.")
    if path[1] == "internal" and not section.heading and not section.about:
        yield source.problem(path, "This section has no heading.", "Add “heading”, or “about: true”.")
    for language, text in section.sentence.items():
        if "{text}" not in text:
            fault = f"The sentence in “{language}” has no place for the words."
            yield source.problem((*path, "sentence", language), fault, "Write {text} where they belong.")
