"""A flow as a Mermaid diagram."""

from flows.definition.model import END, Flow, LocalizedText


def mermaid_diagram(flow: Flow, language: str) -> str:
    """The flow's steps and gates as a Mermaid flowchart. Gates that stay at their step are left out."""
    lines = ["flowchart TD"]
    for step_id, step in flow.steps.items():
        number = flow.numbered_steps.index(step_id) + 1 if step_id in flow.numbered_steps else 0
        title = _escape_label(step.title, language)
        lines.append(f'    s_{step_id}["{number}. {title}"]' if number else f'    s_{step_id}["{title}"]')
    lines.append(f'    s_{END}(["✓"])')
    lines += [
        f'    s_{step_id} -->|"{_escape_label(gate.label, language)}"| s_{gate.to}'
        for step_id, step in flow.steps.items()
        for gate in step.gates.values()
        if gate.to
    ]
    return "\n".join(lines) + "\n"


def _escape_label(label: LocalizedText, language: str) -> str:
    text = label.get(language) or next(iter(label.values()), "")
    return text.replace("#", "#35;").replace('"', "#quot;").replace("|", "#124;")
