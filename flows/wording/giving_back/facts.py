"""A client's facts as clauses of one sentence that the responder says."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.wording.giving_back.asides import is_cry, without_asides
from flows.wording.giving_back.capitals import with_small_first_letter
from flows.wording.giving_back.choosing import Candidate, chosen
from flows.wording.giving_back.cleaning import Sentence, clean_sentences, has_address
from flows.wording.giving_back.english.notes import client_note as english_note
from flows.wording.giving_back.english.turning import turn_sentence as turn_english
from flows.wording.giving_back.predicates import has_verb
from flows.wording.giving_back.questions import is_question
from flows.wording.giving_back.remarks import Remark, judge_note, judge_sentence, without_emphasis
from flows.wording.giving_back.requests import as_statement
from flows.wording.giving_back.sentences import fit, plain_sentence
from flows.wording.giving_back.spanish.notes import client_note as spanish_note
from flows.wording.giving_back.spanish.turning import turn_sentence as turn_spanish
from flows.wording.giving_back.word_sets import word_set

MAX_CLAUSE_CHARACTERS = 120
"""Characters of all that is said back of one fact."""
MAX_TURNED_CHARACTERS = 150
"""Characters of one turned sentence. It is not cut: half of a sentence may say something else."""
MAX_FACTS_CHARACTERS = 300
"""Characters of all facts in a phrase. What comes after that is left out."""
_MAX_ITEM_WORDS = 6
_MIN_WORDS = 3
_REFERENCES = {
    "en": word_set("it he she they that this those these which one but so then his her their him them there"),
    "es": word_set("eso esto esta este ese esa pero asi entonces el ella ellos ellas lo la los las tampoco"),
}
_LINKS = frozenset({"and", "but", "y", "pero"})
_NUMBERS = {
    "en": word_set("one two three four five six seven eight nine ten twenty thirty forty fifty hundred twice dozens"),
    "es": word_set("dos tres cuatro cinco seis siete ocho nueve diez veinte treinta cuarenta cincuenta cien mil"),
}
_TURN = {"en": turn_english, "es": turn_spanish}
_NOTE = {"en": english_note, "es": spanish_note}


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    is_quotation: bool = False
    is_question: bool = False


def facts_clause(facts: Sequence[str], language: str, *, goes_on: bool = False) -> str:
    """These facts, in the client's words, as they can stand within a sentence of the responder.

    What can be turned around safely is turned ("we never called you back"), what cannot is quoted ("you told me: “…”"),
    and what says no fact, or nobody says aloud, is left out. Empty if nothing is left.
    `goes_on`: whether "and …" comes after it, so that the list does not end with it.
    """
    language = "es" if language == "es" else "en"
    chosen_clauses: list[_Clause] = []
    size = 0
    for fact in facts:
        for clause in _clauses_of(fact, language):
            size += len(clause.text)
            is_new = all(clause.text.casefold() != other.text.casefold() for other in chosen_clauses)
            if is_new and (size <= MAX_FACTS_CHARACTERS or not chosen_clauses):
                chosen_clauses.append(clause)
    return _join(_spoken_parts(chosen_clauses, language), language, goes_on=goes_on)


def _clauses_of(fact: str, language: str) -> list[_Clause]:
    """What is said back of one fact: its sentences that can be turned, or else its best that can be quoted."""
    all_sentences = clean_sentences(fact)
    sentences = [sentence for sentence in all_sentences if not has_address(sentence.text)]
    sentences = [_plain(sentence, language) for sentence in sentences]
    candidates: list[Candidate] = []
    has_address_sentences = len(sentences) < len(all_sentences)
    is_complete = not has_address_sentences
    was_ironic = False
    for index, sentence in enumerate(sentences):
        candidate = _candidate(sentence, language, is_complete=is_complete, is_first=index == 0)
        if was_ironic and _goes_on(sentence.text, language):
            continue
        was_ironic = not sentence.text
        is_remainder = has_address_sentences and len(sentence.text.split()) < _MIN_WORDS
        if candidate is not None and not (is_remainder and candidate.is_quotation):
            candidates.append(candidate)
        is_complete = is_complete and candidate is not None and not candidate.is_quotation
    quotation, turned_clauses = chosen(candidates)
    clauses = _within_limit(turned_clauses)
    if quotation is None:
        return clauses
    size = MAX_CLAUSE_CHARACTERS - len(quotation.text)
    rest = [clause for clause in clauses[:1] if len(clause.text) <= size]
    return [_Clause(_quotation(quotation.text), is_quotation=True, is_question=quotation.is_question), *rest]


def _plain(sentence: Sentence, language: str) -> Sentence:
    text = plain_sentence(without_emphasis(sentence.text, language), language)
    text, asks = without_asides(text, language, is_question=sentence.is_question)
    asks = asks or is_question(text, language)
    return Sentence(with_small_first_letter(text, language), asks, sentence.is_list_item)


def _candidate(sentence: Sentence, language: str, *, is_complete: bool, is_first: bool) -> Candidate | None:
    """What may be said of a sentence; None if nothing."""
    text, asks = sentence.text, sentence.is_question
    if not text:
        return None
    if (statement := as_statement(text, language)) is not None:
        line, is_reproach = statement
        turned_line = _turned_clause(line, language)
        if turned_line is not None:
            return Candidate(turned_line.replace("nosotros ", "", 1), has_verb=True)
        if is_reproach:
            return None
    note = None if asks else _NOTE[language](text, is_first=is_first)
    if note is not None:
        is_sayable = judge_sentence(note) is Remark.FACT or judge_note(note) is Remark.FACT
        return _statement(note, text, sentence, language) if note and is_sayable else None
    clause = None if asks else _turned_clause(text, language)
    if clause is not None and (is_complete or _stands_alone(text, language)):
        return _statement(clause, text, sentence, language)
    remark = judge_sentence(text)
    if remark is Remark.OMIT:
        return None
    return Candidate(
        text,
        is_quotation=True,
        is_question=asks,
        is_fact=remark is Remark.FACT,
        has_verb=has_verb(text, language),
        is_cry=is_cry(text),
    )


def _statement(clause: str, text: str, sentence: Sentence, language: str) -> Candidate:
    """What the responder says without quotation. `text`: the client's words that it stands for."""
    return Candidate(
        clause,
        has_verb=has_verb(text, language),
        has_number=any(word[:1].isdigit() or word in _NUMBERS[language] for word in text.casefold().split()),
        is_cry=is_cry(text),
        is_item=sentence.is_list_item and len(clause.split()) <= _MAX_ITEM_WORDS,
    )


def _within_limit(turned_clauses: list[str]) -> list[_Clause]:
    clauses: list[_Clause] = []
    size = 0
    for previous, turned_clause in zip(["", *turned_clauses], turned_clauses, strict=False):
        is_same_subject = previous.startswith("usted ") and turned_clause.startswith("usted ")
        clause = turned_clause.removeprefix("usted ") if is_same_subject else turned_clause
        size += len(clause) + 2
        if clauses and size > MAX_CLAUSE_CHARACTERS:
            break
        clauses.append(_Clause(clause))
    return clauses


def _turned_clause(text: str, language: str) -> str | None:
    clause = _TURN[language](text) if judge_sentence(text) is Remark.FACT else None
    return clause if clause and len(clause) <= MAX_TURNED_CHARACTERS else None


def _stands_alone(text: str, language: str) -> bool:
    """Whether a sentence says what it says without the one before it."""
    words = text.split()
    return len(words) > _MIN_WORDS and words[0].strip(",").casefold().split("'")[0] not in _REFERENCES[language]


def _goes_on(text: str, language: str) -> bool:
    """Whether a sentence goes on with what the one before it is about: "siempre es del cliente"."""
    words = [word.strip(",").casefold() for word in text.split()[:2]]
    is_without_subject = language == "es" and any(word in {"es", "era", "fue", "son", "eran", "será"} for word in words)
    references = _REFERENCES[language] - word_set("el la los las lo ella ellas ellos")
    return is_without_subject or not text or words[0].split("'")[0] in references


def _quotation(text: str) -> str:
    """The text to stand within quotation marks, without what led over to it. A quotation inside it gets single ones."""
    first, _space, rest = text.partition(" ")
    text = rest if rest and first.casefold() in _LINKS else text
    return fit(text).replace("“", "‘").replace("”", "’")


def _spoken_parts(clauses: list[_Clause], language: str) -> list[str]:
    """The clauses as they are spoken. Quotations that follow each other are introduced once."""
    lead, question_lead = (
        ("usted me dijo: ", "usted me preguntó: ") if language == "es" else ("you told me: ", "you asked me: ")
    )
    spoken_parts: list[str] = []
    last_lead = ""
    for clause in clauses:
        if not clause.is_quotation:
            spoken_parts.append(clause.text)
            last_lead = ""
            continue
        new_lead = question_lead if clause.is_question else lead
        text = clause.text
        if clause.is_question:
            text = f"¿{text}?" if language == "es" else f"{text}?"
        spoken_parts.append(f"{'' if new_lead == last_lead else new_lead}“{text}”")
        last_lead = new_lead
    return spoken_parts


def _join(parts: list[str], language: str, *, goes_on: bool) -> str:
    """The parts as one list: with commas, or with semicolons where a part has commas of its own."""
    if not parts[1:]:
        return "".join(parts)
    mark = ";" if any("," in part for part in parts) else ","
    if goes_on:
        return f"{mark} ".join(parts)
    last = parts[-1]
    link = (
        ("e" if last.casefold().startswith(("i", "hi")) and not last.casefold().startswith(("hie", "hia")) else "y")
        if language == "es"
        else "and"
    )
    starts_with_link = last.partition(" ")[0] in {"but", "and", "y", "e", "pero"}
    return f"{f'{mark} '.join(parts[:-1])}{mark} {last if starts_with_link else f'{link} {last}'}"
