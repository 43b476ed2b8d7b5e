"""Adapters decide nothing: they hold no grammar of actions, make up no requests, and guess no structure from text."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import adapters
from flows.action_ids import SEPARATOR, ActionKind, FormKind
from flows.wording.document import BULLET

FOLDER = Path(adapters.__file__).parent
MODULES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.py"))
GRAMMAR = tuple(f"{kind}{SEPARATOR}" for kind in (*ActionKind, *FormKind))
REQUESTS = {"ButtonTap", "FormSubmission", "StartRequest"}
HANDLERS = {
    "slack/listeners/actions.py": {"ButtonTap"},
    "slack/listeners/commands.py": {"StartRequest"},
    "slack/listeners/submissions.py": {"FormSubmission"},
    "teams/bot/card_actions.py": {"ButtonTap"},
    "teams/bot/dialogs.py": {"ButtonTap", "StartRequest"},
    "teams/bot/submissions.py": {"FormSubmission"},
    "web/routes.py": {"ButtonTap", "FormSubmission"},
}
"""Where a request of a platform becomes one of ours."""


@pytest.mark.parametrize("module", MODULES)
def test_no_adapter_reads_or_writes_an_action_or_a_form_id(module: str) -> None:
    parsed = [text for text in _strings(module) if text.startswith(GRAMMAR)]
    assert not parsed, f"{module} knows what stands in an action: {parsed}"


@pytest.mark.parametrize("module", MODULES)
def test_a_request_is_made_once_in_the_handler_of_a_platforms_request(module: str) -> None:
    made = Counter(name for name in _called_names(module) if name in REQUESTS)
    assert made == Counter(HANDLERS.get(module, set()))


@pytest.mark.parametrize("module", MODULES)
def test_no_adapter_looks_for_headings_in_a_text(module: str) -> None:
    patterns = [text for call in _calls(module) if _name(call.func) == "compile" for text in _constants(call)]
    assert not [pattern for pattern in patterns if BULLET.strip() in pattern]


def test_the_scan_sees_every_adapter() -> None:
    assert {module.partition("/")[0] for module in MODULES} >= {"slack", "teams", "web", "shared", "port.py"}
    assert set(HANDLERS) <= set(MODULES)


def _strings(module: str) -> Iterator[str]:
    """Every string constant of a module that is no docstring, with the beginnings of its f-strings."""
    tree = _tree(module)
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def _calls(module: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(_tree(module)) if isinstance(node, ast.Call))


def _called_names(module: str) -> Iterator[str]:
    return (_name(call.func) for call in _calls(module))


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _constants(call: ast.Call) -> Iterator[str]:
    for node in ast.walk(call):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse((FOLDER / module).read_text(encoding="utf-8"))
