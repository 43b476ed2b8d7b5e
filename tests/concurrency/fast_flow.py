"""A flow whose nudges come after a moment, and whose steps lead to and fro for as long as anybody likes."""

from pathlib import Path

ID = "hurry"
_TEXT = """\
id: hurry
version: 1
languages: [en]
title: {en: "A talk in a hurry"}

steps:
  listen:
    title: {en: "Listen"}
    nudge: {en: "Let them finish."}
    say: [{text: {en: "What else should I know?"}}]
    ask: missed
    fields:
      missed: {kind: fact, many: true, label: {en: "What they said"}}
    gates:
      go: {label: {en: "They have finished"}, to: reply}
      wait: {label: {en: "They will ring back"}, remind: {after: AFTER, text: {en: "Have they rung back?"}}}
    timers:
      still: {after: AFTER, text: {en: "No hurry."}}

  reply:
    title: {en: "Reply"}
    nudge: {en: "Say what you can do."}
    say: [{text: {en: "Let me tell you what I can do."}}]
    gates:
      go: {label: {en: "There is more"}, to: listen}
      wait: {label: {en: "They think it over"}, remind: {after: AFTER, text: {en: "Have they thought?"}}}
      done: {label: {en: "That is all"}, to: wrap_up}
    timers:
      still: {after: AFTER, text: {en: "One sentence is enough."}}

  wrap_up:
    closing: true
    title: {en: "Wrap up"}
    nudge: {en: "Check the summary."}
    say: [{text: {en: "Thank you for telling me."}}]
    gates:
      finish: {label: {en: "See the summary"}, to: end}

summary:
  internal:
    - {heading: {en: "What they said"}, fields: [missed]}
  client: []
"""


def write_flow(folder: Path, seconds: float) -> Path:
    """Write the flow into a folder of its own, its nudges coming after so many seconds; the folder."""
    flows = folder / "flows"
    flows.mkdir()
    (flows / "hurry.yaml").write_text(_TEXT.replace("AFTER", f"{seconds / 60:.6f}"), "utf-8")
    return flows
