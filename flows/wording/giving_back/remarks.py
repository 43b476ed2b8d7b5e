"""Remarks that state no fact or that nobody says aloud to a client: insults, cries, sarcasm, threats, accusations."""

import re
from enum import Enum, auto

from flows.text import fold_text
from flows.wording.giving_back.word_sets import word_set


class Remark(Enum):
    """What may be done with a sentence."""

    FACT = auto()
    """It may be turned around."""
    QUOTE = auto()
    """It is the client's own to say: a threat, an accusation, a judgement. Only quoted."""
    OMIT = auto()
    """It says no fact, or a responder would not say it aloud, not even as a quotation."""


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(" ".join(fold_text(line).split()) for line in text.split(","))


def _folded_words(text: str) -> frozenset[str]:
    return frozenset(fold_text(text).split())


_EMPHASIS = {
    "en": word_set("fucking fuckin damn damned goddamn bloody freaking frigging effing"),
    "es": word_set("puto puta putos putas puñetero puñetera maldito maldita malditos malditas jodido jodida"),
}
_EMPHATIC_PHRASE = re.compile(
    r"(?: (?:the|in) (?:hell|fuck|heck|bloody hell)(?= )| as (?:hell|fuck)(?= )"
    r"|(?<= )piece of (?:crap|shit|junk|garbage) (?=[a-z])"
    r"| de (?:mierda|los cojones|las narices|los huevos|porquería)(?= )|(?<= )(?:puta )?mierda de (?=[a-z])"
    r"| (?:coño|cojones|carajo|narices|leches|diablos|demonios|rayos)"
    r"(?= (?:es|está|están|pasa|pasó|hacen|voy|quieren)))",
    re.IGNORECASE,
)
_SO_CALLED = re.compile(
    r"\b((?:your|su|sus|tu|tus|vuestro|vuestra|vuestros|vuestras) )"
    r"(?:so-called|supposed|supuest[oa]s?|dichos[oa]s?|flamantes?|famosos?|famosas?) (?=\w)",
    re.IGNORECASE,
)
"""Mocking words before a noun: "your so-called expert"."""
_SWEARWORDS = _folded_words(
    # English
    "bs bullcrap culo culos fuck fucked fucker fuckers fucks wtf ffs stfu shit shitty shitshow shite bullshit crap "
    "crappy ass asses asshole assholes arse arsehole arseholes bastard bastards bitch bitches dick dickhead dickheads "
    "cunt cunts prick pricks wanker wankers twat piss pissed jerk jerks moron morons idiots imbecile imbeciles retard "
    "retards cretin cretins scumbag scumbags motherfucker motherfuckers bollocks suck sucks hell clown clowns dumb "
    "dumbass "
    # Spanish
    "mierda mierdas joder jodan jodido jodidos coño cojones cojon hostia hostias cabron cabrones cabrona gilipollas "
    "puta puto putas putos pendejo pendejos pendejada pendejadas chingar chinga chingada verga culero culeros huevon "
    "huevones pelotudo pelotudos boludo boludos imbecil imbeciles idiotas estupidos carajo capullo capullos payaso "
    "payasos cagada cagado cagaron hijueputa hdp malparido malparidos subnormal subnormales inutiles incompetentes "
    "ladrones sinverguenzas chorizos mamon mamones "
)
_INSULTS = _phrases(
    "is an idiot, is a fool, is a liar, is an amateur, is a joke of, es un idiota, es un tonto, es un inutil, "
    "es un mentiroso, "
    "couldn't organise, could not organise, couldn't organize, couldn't run a, couldn't find your own, can't even tie, "
    "couldn't even tie, no saben ni, no sabe ni, no sabeis ni, no sabes ni, no saben organizar, no sabeis organizar, "
    "no sirven para nada, no sirves para nada, no valen para nada, "
    "shut up, go to, bunch of, you idiot, your stupid, you morons, son unos, sois unos, eres un, es usted un, son una "
    "panda, sois una panda, panda de, atajo de, son lo peor, vayanse, vete a, idos a, callense, callate, no tienen ni "
    "idea, no teneis ni idea"
)
_SARCASM_STARTS = _phrases(
    "oh wonderful, oh lovely, oh fantastic, oh brilliant, oh perfect, oh nice, oh good, oh how, oh well done, "
    "great job, good job, nice job, well done, congratulations, congrats, bravo, thanks for nothing, thank you so "
    "much, just great, oh great, how nice, how lovely, nice work, great work, brilliant, wonderful, fantastic, "
    "marvellous, lovely, what a surprise, what a service, oh sure, sure sure, very funny, slow clap, top notch, world "
    "class, premium support my, wow, muy bien, enhorabuena, felicidades, felicitaciones, estupendo, genial, "
    "fantastico, maravilloso, de maravilla, gracias por nada, muchas gracias por, bravo, que bien, que sorpresa, vaya "
    "servicio, menudo servicio, muy bonito, menuda sorpresa, que eficiencia, magnifico, perfecto, que profesionales, "
    "vaya profesionales, lo que faltaba"
)
_NO_FACT = _phrases(
    "are you kidding, you must be kidding, you have got to be kidding, you've got to be kidding, are you serious, are "
    "you joking, you must be joking, is this a joke, seriously, oh my god, omg, for god's sake, for heaven's sake, do "
    "not tell me to, don't tell me to, calm down, what the, are you insane, are you out of your, unbelievable, i "
    "don't even know, me estas tomando el pelo, me estan tomando el pelo, estan de broma, estas de broma, me toman el "
    "pelo, en serio, es broma, es una broma, por dios, no me digan que me calme, no me diga que me calme, no me digas "
    "que me calme, increible, que verguenza, madre mia, por el amor de, don't you start, don't you come, don't you "
    "try, don't you give, don't start with, don't give me, no me venga, no me vengan, no me vengas, no me vengais, "
    "spare me, spare us, save your, save it, save me the, what part of, which part of, what bit of, do i look like, do "
    "we look like, do you think i'm, who do you think you are, don't even think, do not even think, thanks a million, "
    "thanks for, oh sure, oh so, sure blame, good luck with, must be nice, i love it when, que parte de, tengo cara "
    "de, tenemos cara de, me ven cara de, quien se creen, quien se cree, quien te crees, ni se les ocurra, ni se le "
    "ocurra, ni se te ocurra, ni se os ocurra, ahorrense, ahorrese, ahorrate, ahorraos, guardese, guardense, guardate, "
    "metase, metanse, gracias por, ah claro, ah perfecto, ah bueno, ah muy bien, claro seguro, claro que si, como no, "
    "ya claro, si claro, si seguro, ahora resulta"
)
_QUOTED_WORDS = _folded_words(
    # English: accusations, threats, judgements, what a responder does not say of the client
    "lie lied lies lying liar liars cheat cheated cheating steal stole stolen scam scammed fraud fraudulent thief "
    "thieves deceive deceived mislead misled trick tricked rob robbed robbery incompetent incompetence amateur "
    "amateurs negligent negligence lawyer lawyers attorney sue suing court legal solicitor idiot fool fools stupid "
    "excuse excuses knew joke laughing laugh shame disgrace disgusting pathetic ridiculous ashamed care cares cared "
    "unacceptable outrageous disappointing understand useless hopeless clueless terrible horrible awful garbage "
    "rubbish trash nonsense pretend pretended hate hated robots robot promise promises kidding bother bothered "
    "fiction ficcion disrespect disrespectful betrayed ripoff rip-off "
    # Spanish
    "mintieron mienten mentido mentira mentiras mentiste mentisteis miente mentiroso mentirosos estafa estafaron "
    "estafadores timo timaron engano enganaron enganado robo robaron robado fraude abogado abogados demanda demandar "
    "demandare denuncia denunciar juicio juzgado incompetencia incompetente negligencia tonto tonta idiota estupido "
    "estupida ridiculo excusa excusas sabian sabiais sabias importa importamos importo verguenza asco pena broma risa "
    "burla burlan basura desastre chapuza chapuzas toman tomando robots robot inaceptable intolerable indignante "
    "entiendo vergonzoso lamentable patetico "
)
_QUOTED_PHRASES = _phrases(
    "we're gone, we are gone, i'm gone, i am done, i'm done, we're done, we are done, you people, we're leaving, i'm "
    "leaving, we are leaving, i will, i'll, we will, we'll, i'm going to, i am going to, we're going to, we are going "
    "to, i'm not going to, we're not going to, i won't, we won't, you always, always the same, y'all, like you, you "
    "lot, cancel our contract, cancel the contract, cancelling our contract, switch to, last chance, if this, if you, "
    "if i, on purpose, deliberately, you'd better, you better, you need to, you have to, you must, you can't just, "
    "you cannot just, how dare, i'm not paying, we're not paying, i refuse, we refuse, or else, better than you, even "
    "my, please, done with, thanks, you had one job, i guess, i suppose, i think, i mean, as you know, you and i, you "
    "and me, estoy que, hasta las narices, hasta el gorro, hasta el moño, hasta la coronilla, between us, i demand, we "
    "demand, i'm sure, i am sure, we're sure, we are sure, seguro que, estoy seguro, estoy segura, estamos seguros, "
    "estamos seguras, voy a, vamos a, si esto, si no, si vuelve, nos vamos, me voy, gracias, tienen que, tenes que, "
    "tienes que, teneis que, pienso, cancelo, harto de, harta de, hartos de, siempre igual, siempre lo mismo, a "
    "proposito, como ustedes, ultima vez, lo haria mejor, por favor, exijo, exigimos, les exijo"
)
_UNCLEAR_DOERS = _phrases(
    "me llegaron, nos llegaron, me llegan, nos llegan, me quedaron, nos quedaron, me quedan, nos quedan, me faltaron, "
    "nos faltaron, me faltan, nos faltan, culpa nuestra, culpa mia, es nuestro, es nuestra, era nuestro, era nuestra, "
    "fue nuestro, fue nuestra"
)
"""Spanish words of which it is not clear whose deed they tell, or which no other person's form can replace."""
_CLOSING_WORDS = _phrases(
    "so that's it, that's it, so there we are, there we are, that's that, so be it, fine then, whatever, hello, is "
    "anyone there, is anybody there, really, pues ya esta, ya esta, pues nada, en fin, bueno pues, de verdad, hay "
    "alguien, hola, no me digas"
)
_MAX_CLOSING_WORDS = 4
"""Words of a remark that begins like a closing word and says no more."""
_SPEAKERS_OF_US = _phrases("you are, you're, you people, you guys, you lot, your people, all of you, son, sois, eres")
_JUDGEMENTS = _folded_words(
    "useless hopeless clueless incompetent pathetic stupid idiots liars amateurs joke disgrace disgusting ridiculous "
    "fools inutiles incompetentes mentirosos ridiculos patetico pateticos desastre vergonzosos estafadores"
)
_NOTED_WORDS = _folded_words("ridiculo harto harta hartos hartas disappointed disappointing")
_MIN_FACT_WORDS = 2
MAX_CRY_CHARACTERS = 24
"""Characters of one word that says no fact. A longer one is a sentence in writing without spaces."""


def judge_sentence(text: str) -> Remark:
    """Whether a sentence may be turned around, only be quoted, or is left out."""
    key = " ".join(fold_text(text).replace(",", " ").replace("“", " ").replace("”", " ").split())
    words = key.split()
    if any(word in _SWEARWORDS for word in words) or _holds(key, _INSULTS):
        return Remark.OMIT
    if _holds(key, _SPEAKERS_OF_US) and any(word in _JUDGEMENTS for word in words):
        return Remark.OMIT
    is_cry = len(words) < _MIN_FACT_WORDS and len(key) <= MAX_CRY_CHARACTERS
    if is_cry or _starts(key, _SARCASM_STARTS) or _starts(key, _NO_FACT):
        return Remark.OMIT
    if len(words) <= _MAX_CLOSING_WORDS and _starts(key, _CLOSING_WORDS):
        return Remark.OMIT
    if any(word in _QUOTED_WORDS for word in words) or _holds(key, _QUOTED_PHRASES) or _holds(key, _UNCLEAR_DOERS):
        return Remark.QUOTE
    return Remark.FACT


def judge_note(note: str) -> Remark:
    """The same for what was noted of the client, who may be told that they are fed up or lost face."""
    return judge_sentence(" ".join(word for word in note.split() if fold_text(word) not in _NOTED_WORDS))


def has_swearword(text: str) -> bool:
    """Whether there is a word in it that nobody says aloud to a client."""
    return any(word.strip(".,;:!?“”") in _SWEARWORDS for word in fold_text(text).split())


def without_emphasis(text: str, language: str) -> str:
    """The text without swearwords that only add emphasis: "the damn invoice" → "the invoice"."""
    text = _EMPHATIC_PHRASE.sub(" ", f"{text} ")
    text = _SO_CALLED.sub(r"\1", text)
    emphasis = _EMPHASIS["es" if language == "es" else "en"]
    return " ".join(word for word in text.split() if word.casefold() not in emphasis)


def _holds(key: str, phrases: tuple[str, ...]) -> bool:
    line = f" {key} "
    return any(f" {phrase} " in line for phrase in phrases)


def _starts(key: str, phrases: tuple[str, ...]) -> bool:
    return any(f"{key} ".startswith(f"{phrase} ") for phrase in phrases)
