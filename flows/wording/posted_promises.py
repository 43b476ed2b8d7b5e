"""Which promises a posted text tells of, in the words that stand there."""

import re
from collections.abc import Iterable

from flows.state.entries import Commitment, CommitmentState, Entry
from flows.state.summaries import PostedPromise
from flows.wording.giving_back.sentences import inner_sentence

MAX_PROMISE_CHARACTERS = 2000


def posted_promises(text: str, entries: Iterable[Entry], language: str) -> tuple[PostedPromise, ...]:
    """The promises among these entries whose words stand in the text: whole words, in any case, with any spaces."""
    promises = []
    for entry in entries:
        if isinstance(entry.value, Commitment) and entry.value.state is not CommitmentState.DROPPED:
            words = words_in_text(entry.value.what, text, language)
            if words:
                promises.append(PostedPromise(entry.id, words))
    return tuple(promises)


def words_in_text(what: str, text: str, language: str) -> str:
    """What was promised, as it stands in the text; empty if it does not."""
    words = inner_sentence(what, language, MAX_PROMISE_CHARACTERS).split()
    if not words:
        return ""
    pattern = r"\s+".join(map(re.escape, words))
    match = re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
    return " ".join(match.group().split()) if match else ""
