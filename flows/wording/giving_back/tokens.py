"""The words of a sentence, each with the marks around it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A word with what stands around it. `key` is the word in small letters; a quotation is one token."""

    before: str
    word: str
    after: str
    is_quotation: bool = False

    @property
    def key(self) -> str:
        """The word to compare by."""
        return "" if self.is_quotation else self.word.casefold()


def tokens_of(sentence: str, corrections: Mapping[str, str]) -> list[Token]:
    """The words of a sentence. `corrections`: how a word in small letters is spelled right."""
    tokens: list[Token] = []
    for index, part in enumerate(sentence.replace("”", "“").split("“")):
        if index % 2:
            tokens.append(Token("“", part, "”", is_quotation=True))
            continue
        for raw in part.split():
            word = raw.strip(",;:")
            if not word:
                if tokens:
                    tokens[-1] = Token(
                        tokens[-1].before, tokens[-1].word, tokens[-1].after + raw, tokens[-1].is_quotation
                    )
                continue
            before, after = raw[: raw.index(word)], raw[raw.index(word) + len(word) :]
            tokens.append(Token(before, corrections.get(word.casefold(), word), after))
    return tokens
