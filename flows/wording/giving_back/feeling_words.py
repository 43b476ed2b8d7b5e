"""Words of feelings: English adjectives, also for nouns, and Spanish nouns, also for adjectives."""

from flows.wording.giving_back.word_sets import word_set

ENGLISH_ADJECTIVES = {
    "anger": "angry", "rage": "furious", "fury": "furious", "frustration": "frustrated",
    "humiliation": "humiliated", "disappointment": "disappointed", "embarrassment": "embarrassed",
    "shame": "ashamed", "fear": "afraid", "worry": "worried", "anxiety": "anxious", "confusion": "confused",
    "distrust": "distrustful", "sadness": "sad", "exhaustion": "exhausted", "helplessness": "helpless",
    "loneliness": "lonely", "betrayal": "betrayed", "stress": "stressed", "annoyance": "annoyed",
    "irritation": "irritated", "resentment": "resentful", "despair": "desperate", "panic": "panicked",
    "uncertainty": "uncertain", "powerlessness": "powerless", "abandonment": "abandoned", "neglect": "neglected",
    "impatience": "impatient", "disrespect": "disrespected", "insecurity": "insecure", "hurt": "hurt",
    "upset": "upset", "mad": "mad", "sad": "sad", "small": "small", "stupid": "stupid", "lost": "lost",
    "alone": "alone", "scared": "scared", "afraid": "afraid", "angry": "angry", "cheated": "cheated",
    "used": "used", "sick": "sick", "tired": "tired", "unheard": "unheard", "unsafe": "unsafe",
    "furious": "furious", "livid": "livid", "bitter": "bitter", "numb": "numb", "cross": "cross", "fed": "fed",
    "worn": "worn", "powerless": "powerless", "foolish": "foolish", "silly": "silly", "unimportant": "unimportant",
    "invisible": "invisible", "worthless": "worthless", "vulnerable": "vulnerable", "nervous": "nervous",
    "uneasy": "uneasy", "weary": "weary", "bad": "bad", "awful": "awful", "terrible": "terrible",
    "ashamed": "ashamed", "ignored": "ignored", "confused": "confused", "desperate": "desperate", "proud": "proud",
    "stuck": "stuck", "trapped": "trapped", "misled": "misled", "unsure": "unsure", "uncertain": "uncertain",
    "empty": "empty", "hopeless": "hopeless", "indignant": "indignant", "jealous": "jealous", "shocked": "shocked",
    "stunned": "stunned", "unappreciated": "unappreciated", "unwelcome": "unwelcome", "anxious": "anxious",
    "lonely": "lonely", "resentful": "resentful", "insecure": "insecure", "impatient": "impatient",
    "helpless": "helpless", "distrustful": "distrustful", "uncomfortable": "uncomfortable",
    "overlooked": "overlooked", "broken": "broken", "heartbroken": "heartbroken", "let down": "let down",
    "forgotten": "forgotten", "unwell": "unwell",
}  # fmt: skip
"""What fits after "felt", by what was typed."""

SPANISH_NOUNS_BY_ADJECTIVE = {
    "abandonad": "abandono", "agobiad": "agobio", "agotad": "agotamiento", "angustiad": "angustia",
    "ansios": "ansiedad", "asustad": "miedo", "avergonzad": "vergüenza", "cabread": "enfado", "cansad": "cansancio",
    "confundid": "confusión", "confus": "confusión", "decepcionad": "decepción", "defraudad": "decepción",
    "desanimad": "desánimo", "desatendid": "abandono", "desconfiad": "desconfianza", "desesperad": "desesperación",
    "despreciad": "que se le despreciaba", "desilusionad": "desilusión", "desprotegid": "desprotección",
    "dolid": "dolor", "enfadad": "enfado", "enojad": "enojo", "estresad": "estrés", "frustrad": "frustración",
    "furios": "furia", "hart": "hartazgo", "herid": "dolor", "humillad": "humillación", "ignorad": "abandono",
    "indefens": "indefensión", "indignad": "indignación", "insegur": "inseguridad", "inquiet": "inquietud",
    "irritad": "irritación", "molest": "molestia", "nervios": "nervios", "ofendid": "indignación",
    "olvidad": "abandono", "perdid": "desorientación", "preocupad": "preocupación", "rabios": "rabia",
    "ridiculizad": "vergüenza", "saturad": "agobio", "sol": "soledad", "traicionad": "traición",
    "tranquil": "tranquilidad", "apenad": "pena", "asombrad": "asombro", "aislad": "aislamiento",
    "menospreciad": "que se le menospreciaba", "ningunead": "que se le ninguneaba",
    "maltratad": "que se le maltrataba", "desbordad": "agobio", "sorprendid": "sorpresa", "superad": "agobio",
    "desorientad": "desorientación", "avasallad": "impotencia", "impotente": "impotencia", "triste": "tristeza",
    "impaciente": "impaciencia", "vulnerable": "vulnerabilidad", "escéptic": "desconfianza",
    "engañad": "que se le había engañado", "no escuchad": "que no se le escuchaba",
    "poco valorad": "que no se le valoraba", "desvalorizad": "que no se le valoraba", "en ridículo": "vergüenza",
    "invisible": "que no se le veía", "inútil": "impotencia", "incómod": "incomodidad",
    "desprecio": "que se le despreciaba", "menosprecio": "que se le menospreciaba",
    "ninguneo": "que se le ninguneaba", "maltrato": "que se le maltrataba", "rechazo": "que se le rechazaba",
    "ridículo": "vergüenza", "olvido": "abandono", "engaño": "que se le había engañado", "ofensa": "indignación",
    "atropello": "impotencia", "desmotivad": "desmotivación",
}  # fmt: skip
"""The noun by the adjective, which stands without its ending -o, -a, -os or -as."""

SPANISH_NOUNS = word_set(
    "abandono agobio agotamiento alivio angustia ansiedad apatía asco asombro bochorno cansancio confusión culpa "
    "decepción desamparo desánimo desazón desconfianza desconcierto desencanto desesperación desesperanza desilusión "
    "despecho desprotección disgusto dolor duda dudas enfado enojo estrés fastidio fatiga frustración furia hartazgo "
    "humillación hastío impaciencia impotencia incertidumbre incomprensión indefensión indignación inquietud "
    "inseguridad intranquilidad ira irritación malestar miedo molestia nervios nerviosismo pánico pena preocupación "
    "presión rabia rencor resentimiento resignación sorpresa soledad sufrimiento susto temor tensión tristeza "
    "traición vacío vergüenza vulnerabilidad bronca coraje ganas falta desatención amargura desgana desmotivación "
    "aislamiento incomodidad injusticia desorientación intranquilidad"
)
_NOUN_ENDINGS = ("ción", "sión", "dad", "tud", "miento", "anza", "encia", "ancia", "eza", "umbre", "ismo")


def noun_of_adjective(words: str) -> str:
    """The noun that stands for one Spanish adjective, or two with "y"; empty if there is none."""
    parts = [part.strip() for part in words.split(" y ")]
    nouns = [_one_noun(part) for part in parts]
    if any(noun.startswith("que") for noun in nouns) and len(nouns) > 1:
        return ""
    return " y ".join(nouns) if all(nouns) else ""


def _one_noun(words: str) -> str:
    if words in SPANISH_NOUNS_BY_ADJECTIVE:
        return SPANISH_NOUNS_BY_ADJECTIVE[words]
    stem = words.removesuffix("s")
    return SPANISH_NOUNS_BY_ADJECTIVE.get(stem[:-1], "") if stem.endswith(("o", "a")) else ""


def is_spanish_noun(word: str) -> bool:
    """Whether a word is a noun that fits after "sintió"."""
    return word.strip(",") in SPANISH_NOUNS or word.strip(",").endswith(_NOUN_ENDINGS)
