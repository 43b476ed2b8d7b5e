"""Prints precision and recall of each flag on labelled drafts: `python -m tests.coach [--errors] FILE…`.

A flag is right if the author marked a fault of its kind on words that it touches. A fault is found if a flag of its
kind touches it. A missing part counts in whole apologies only.
"""

import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

from flows.coach.checker import check_draft
from flows.coach.compiled_rules import CompiledRules, compile_rules
from flows.coach.model import DraftContext, Flag
from flows.coach.rule_files import load_rules
from tests.coach.labels import LabelledDraft, LabelledFlag, read_drafts

RULES = Path("flows/data/coach")


@cache
def all_rules(language: str) -> CompiledRules:
    """The rules of a language, also those that are off."""
    path = RULES / f"{language}.yaml"
    file = load_rules(path.read_text(encoding="utf-8"), path.name)
    return compile_rules(
        replace(file, rules={rule_id: replace(rule, is_on=True) for rule_id, rule in file.rules.items()})
    )


class Tally:
    """Counts what was right, wrong, found and missed, by kind."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.right: Counter[str] = Counter()
        self.shown: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.present: Counter[str] = Counter()
        self.errors: list[str] = []

    def add(self, draft: LabelledDraft) -> None:
        """Judge one draft."""
        context = DraftContext(facts=draft.facts, latitude=draft.latitude)
        judgement = check_draft(all_rules(draft.language), draft.text, context)
        for flag in judgement.flags:
            self.shown[flag.id] += 1
            if any(_is_same(flag, label) for label in draft.flags):
                self.right[flag.id] += 1
            else:
                self.errors.append(f"WRONG  {flag.id}: [{draft.text[flag.start : flag.end]}] in: {draft.text}")
        for label in draft.flags:
            self.present[label.id] += 1
            if any(_is_same(flag, label) for flag in judgement.flags):
                self.found[label.id] += 1
            else:
                self.errors.append(f"MISSED {label.id}: [{draft.text[label.start : label.end]}] in: {draft.text}")
        if draft.missing is not None:
            self._add_missing(draft, {f"missing {part.id}" for part in judgement.missing})

    def _add_missing(self, draft: LabelledDraft, missing: set[str]) -> None:
        labels = {f"missing {part}" for part in draft.missing or ()}
        for part in missing:
            self.shown[part] += 1
            self.right[part] += part in labels
        for part in labels:
            self.present[part] += 1
            self.found[part] += part in missing
        self.errors += [f"WRONG  {part} {draft.facts}: {draft.text}" for part in missing - labels]
        self.errors += [f"MISSED {part} {draft.facts}: {draft.text}" for part in labels - missing]

    def table(self) -> str:
        """A line for each kind."""
        kinds = sorted({*self.shown, *self.present}, key=lambda kind: (kind.startswith("missing"), kind))
        return "\n".join(self._line(kind) for kind in kinds)

    def _line(self, kind: str) -> str:
        right, shown, found, present = (counter[kind] for counter in (self.right, self.shown, self.found, self.present))
        return (
            f"{kind:16} right of shown {right:3}/{shown:3} {_share(right, shown)}"
            f"   found of present {found:3}/{present:3} {_share(found, present)}"
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:4.2f}" if whole else "  - "


def _is_same(flag: Flag, label: LabelledFlag) -> bool:
    return flag.id == label.id and flag.start < label.end and label.start < flag.end


def main() -> None:
    """Measure the files that are named."""
    arguments = sys.argv[1:]
    tally = Tally()
    for name in arguments:
        if name != "--errors":
            for draft in read_drafts(Path(name)):
                tally.add(draft)
    if "--errors" in arguments:
        sys.stdout.write("\n".join(tally.errors) + "\n")
    sys.stdout.write(tally.table() + "\n")


if __name__ == "__main__":
    main()
