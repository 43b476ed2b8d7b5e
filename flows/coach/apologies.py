"""Apologies that come again, or go on for too long."""

import re
from collections.abc import Iterator, Sequence

from flows.coach.compiled_rules import CompiledRules
from flows.coach.sentences import Sentence

REPEATED = "repeat_sorry"
LONG = "long_apology"
MAX_APOLOGIES = 2
"""Apologies of one draft. The next one is named."""
MAX_APOLOGY_WORDS = 25
"""Words of an apology: about seven seconds of speech. Longer apologies lowered satisfaction (docs/coach.md)."""
MAX_BARE_APOLOGY_WORDS = 4
"""Words of a sentence that apologises and says nothing else."""
_WORD = re.compile(r"\w[\w'-]*")

Place = tuple[str, int, int]
"""A rule's id and the place of the fault in the draft."""


def apology_faults(rules: CompiledRules, sentences: Sequence[Sentence]) -> Iterator[Place]:
    """The faults of a draft's apologies as a whole."""
    if not {REPEATED, LONG} & rules.rules.keys():
        return
    apologies = [
        (sentence, sentence.start + match.start, sentence.start + match.end)
        for sentence in sentences
        for match in sorted(rules.apologies.matches(sentence), key=lambda match: match.start)
    ]
    repeated = [
        (sentence.start + match.start, sentence.start + match.end)
        for sentence in sentences
        for match in rules.repeated_apologies.matches(sentence)
    ]
    repeated += [(start, end) for sentence, start, end in apologies[1:] if _says_nothing_new(sentence)]
    if repeated:
        yield (REPEATED, *repeated[0])
    elif len(apologies) > MAX_APOLOGIES:
        yield (REPEATED, *apologies[MAX_APOLOGIES][1:])
    for sentence, start, _end in apologies:
        words = list(_WORD.finditer(sentence.text, start - sentence.start))
        if len(words) > MAX_APOLOGY_WORDS:
            yield LONG, start, sentence.start + words[-1].end()
            return


def _says_nothing_new(sentence: Sentence) -> bool:
    return len(_WORD.findall(sentence.text)) <= MAX_BARE_APOLOGY_WORDS
