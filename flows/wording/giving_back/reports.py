"""Notes in which a responder reports what the client said: "client says nobody answers the hotline"."""

import re

from flows.wording.giving_back.word_sets import word_set

_REPORTS = {
    "en": re.compile(
        r"(?:(?:the )?(?:client|customer) )?(?:says?|said|claims?|claimed|reports?|complains?|complained|"
        r"told (?:me|us)|feels?|thinks?) (?:that )?(?=\S)",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"(?:(?:el |la )?(?:cliente|clienta) )?(?:dice|dijo|afirma|cuenta|comenta|"
        r"se queja de|reclama|me dijo|nos dijo) (?:que )?(?=\S)",
        re.IGNORECASE,
    ),
}
_PERSONS = {
    "en": word_set("i we me us my our you your he she they him her them his their theirs ours yours mine"),
    "es": word_set(
        "yo me mi mis nos nosotros nuestro nuestra nuestros nuestras le les lo la se su sus usted ustedes tu te os"
    ),
}


_NOTE_STARTS = {
    "en": ("client ", "the client ", "customer ", "the customer ", "says ", "claims ", "complains "),
    "es": ("cliente ", "el cliente ", "la cliente ", "la clienta ", "clienta ", "dice ", "afirma ", "se queja "),
}


def reported_words(text: str, language: str) -> str | None:
    """What a note reports, without "client says". Any other text is returned as it is.

    None if it is a note about the client that is not such a report or names persons: it cannot be said to the client,
    for who "we" and "they" are in it is not sure.
    """
    small_text = text.casefold()
    is_note = small_text.startswith(_NOTE_STARTS[language])
    match = _REPORTS[language].match(text) if is_note else None
    if match is None:
        return None if is_note else text
    rest = text[match.end() :]
    words = {word.strip(",;:“”").casefold().split("'")[0] for word in rest.split()}
    return None if words & _PERSONS[language] else rest
