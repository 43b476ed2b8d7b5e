"""Prints how well feelings are guessed in labelled messages: `python -m tests.coach.feelings [--errors] FILE…`.

`first three`: messages whose main feeling is among the first three guesses. `recall`: of the messages with a rare
feeling, those with it among the first three. `precision`: of the first three guesses with a rare feeling and a cue,
those labelled. `neutral`: messages without a feeling in which a cue was found.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bot.storage.coach_rules import load_coach
from flows.coach.client_words import MAX_SUGGESTIONS

RARE = ("ignored", "distrustful", "worried", "confused", "embarrassed")
USUAL = frozenset({"frustrated", "angry", "let_down"})
COACH = load_coach()


class LabelledMessage(NamedTuple):
    """A client's message with its feelings, the main one first, and its dangers."""

    text: str
    language: str
    feelings: tuple[str, ...]
    dangers: frozenset[str]


class Figures(NamedTuple):
    """Counts: of what was right, and of all."""

    first_three: tuple[int, int]
    usual_first_three: int
    recall: dict[str, tuple[int, int]]
    precision: tuple[int, int]
    neutral: tuple[int, int]
    dangers: dict[str, tuple[int, int, int]]
    errors: list[str]

    @property
    def macro_recall(self) -> float:
        """The mean of the rare feelings' recalls."""
        shares = [right / count for right, count in self.recall.values() if count]
        return sum(shares) / len(shares) if shares else 1.0


def read_messages(path: Path) -> list[LabelledMessage]:
    """The messages of a file."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        LabelledMessage(
            row["text"], row.get("language", "en"), tuple(row["feelings"]), frozenset(row.get("dangers") or ())
        )
        for row in rows
    ]


def measure(messages: Sequence[LabelledMessage]) -> Figures:
    """How well the feelings and dangers of these messages are found."""
    first_three = usual = with_feeling = neutral_cues = neutral = shown = right = 0
    found: Counter[str] = Counter()
    present: Counter[str] = Counter()
    danger_counts: dict[str, list[int]] = {}
    errors = []
    for message in messages:
        guesses, signs = COACH.read_message(message.text, message.language)
        top = guesses[:MAX_SUGGESTIONS]
        names = [guess.feeling for guess in top]
        if message.feelings:
            with_feeling += 1
            usual += message.feelings[0] in USUAL
            first_three += message.feelings[0] in names
            if message.feelings[0] not in names:
                errors.append(f"MISSED {message.feelings} guessed {names}: {message.text}")
        else:
            neutral += 1
            neutral_cues += any(guess.cues for guess in guesses)
            errors += [
                f"NEUTRAL {guess.feeling} {[message.text[c.start : c.end] for c in guess.cues]}: {message.text}"
                for guess in guesses
                if guess.cues
            ]
        for feeling in set(message.feelings) & set(RARE):
            present[feeling] += 1
            found[feeling] += feeling in names
        for guess in top:
            if guess.feeling in RARE and guess.cues:
                shown += 1
                right += guess.feeling in message.feelings
                if guess.feeling not in message.feelings:
                    words = [message.text[cue.start : cue.end] for cue in guess.cues]
                    errors.append(f"WRONG {guess.feeling} {words} is {message.feelings}: {message.text}")
        danger_names = {sign.danger for sign in signs}
        for danger in danger_names | message.dangers:
            counts = danger_counts.setdefault(danger, [0, 0, 0])
            counts[0] += danger in danger_names and danger in message.dangers
            counts[1] += danger in danger_names
            counts[2] += danger in message.dangers
            if (danger in danger_names) != (danger in message.dangers):
                errors.append(f"DANGER {danger} {'wrong' if danger in danger_names else 'missed'}: {message.text}")
    return Figures(
        (first_three, with_feeling),
        usual,
        {feeling: (found[feeling], present[feeling]) for feeling in RARE},
        (right, shown),
        (neutral_cues, neutral),
        {danger: (counts[0], counts[1], counts[2]) for danger, counts in danger_counts.items()},
        errors,
    )


def main() -> None:
    """Measure the files that are named."""
    arguments = sys.argv[1:]
    messages = [message for name in arguments if not name.startswith("--") for message in read_messages(Path(name))]
    if "--odd" in arguments:
        messages = messages[::2]
    if "--even" in arguments:
        messages = messages[1::2]
    figures = measure(messages)
    lines = figures.errors if "--errors" in arguments else []
    lines += [
        f"first three {figures.first_three} (always the usual ones: {figures.usual_first_three})",
        f"recall {figures.recall}, mean {figures.macro_recall:.2f}",
        f"precision {figures.precision}",
        f"neutral with a cue {figures.neutral}",
        f"dangers (right, shown, present) {figures.dangers}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
