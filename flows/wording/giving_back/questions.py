"""Questions, also those that are typed without their mark."""

from flows.wording.giving_back.word_sets import word_set

_ENGLISH_QUESTION_WORDS = word_set("what where why how when who which")
_ENGLISH_STARTS = word_set(
    "is are am was were do does did have has had can could will would should don't doesn't didn't isn't aren't wasn't "
    "haven't hasn't can't won't couldn't"
)
_ENGLISH_AFTER_QUESTION_WORD = _ENGLISH_STARTS | word_set("happened happens long many much come the about")
_ENGLISH_SUBJECTS = word_set(
    "i you we they he she it this that anybody anyone somebody someone nobody there the my your our any"
)
_ENGLISH_ORDERS = {("do", word) for word in ("your", "the", "this", "that", "it")}
"""How an order begins that looks like a question: "do your job"."""
_SPANISH_STARTS = word_set("qué cuándo cuánto cuánta cuántos cuántas cómo dónde quién quiénes cuál cuáles")

_SPANISH_EXCLAIMED = word_set(
    "bien mal maravilla casualidad detalle nivel arte oportuno oportuna curioso curiosa raro rara gracia gracioso "
    "bonito bonita eficiencia sorpresa profesionales lujo servicio rapidez alegría amables ilusión conveniente "
    "práctico suerte original vergüenza asco pena desastre barbaridad locura lástima bueno buena poca poco manera "
    "forma falta tontería horror decepción rabia cara descaro morro humillación novedad listos listo fácil cómodo "
    "simpáticos simpático"
)


def is_question(text: str, language: str) -> bool:
    """Whether a sentence asks something, to judge by how it begins."""
    words = [word.strip(",;:“”").casefold() for word in text.split()[:3]]
    first, second = (*words, "", "")[:2]
    if language == "es":
        if first == "qué" and second in _SPANISH_EXCLAIMED:
            return False
        return first in _SPANISH_STARTS or (
            first in {"por", "para", "a", "de", "hasta", "desde"} and second in _SPANISH_STARTS
        )
    if first in _ENGLISH_QUESTION_WORDS:
        return second in _ENGLISH_AFTER_QUESTION_WORD and (first, second) not in {
            ("when", "the"),
            ("where", "the"),
            ("what", "the"),
        }
    is_order = (first, second) in _ENGLISH_ORDERS or (first, second) == ("don't", "you")
    return first in _ENGLISH_STARTS and second in _ENGLISH_SUBJECTS and first != "had" and not is_order
