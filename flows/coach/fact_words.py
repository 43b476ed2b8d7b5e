"""Words that carry no meaning of their own, numbers, and words that say the same, for finding facts again."""

from collections.abc import Mapping

from flows.wording.giving_back.word_sets import word_set

EMPTY_WORDS: Mapping[str, frozenset[str]] = {
    "en": word_set(
        "a an the and or of to in on at for with by from is are was were be been has have had it its this that "
        "they their you your we our i me my us them not no nobody never as so than then into onto one did didn "
        "don wasn when what who out up about after before again still too much"
    ),
    "es": word_set(
        "al como con cuando de del el en era eran es fue ha han he la las le les lo los mas me mi muy nadie no "
        "nos nuestra nuestro nunca o para por que se sin sobre son su sus tu un una unas unos usted ustedes y ya "
        "yo"
    ),
}
NUMBER_WORDS: Mapping[str, str] = {
    word: str(number)
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
        "once twice",
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "una primera segunda tercera cuarta quinta sexta",
    )
    for number, word in enumerate(words.split(), start=1)
} | {"fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "hundred": "100"}
CALENDAR_WORDS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo "
    "junio julio agosto septiembre octubre noviembre diciembre"
)
SAME_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "late delayed delay slow overdue",
        "wrong wrongly incorrect mistaken",
        "arrived came reached delivered turned got",
        "missing lost gone disappeared",
        "staff people employees colleagues team lads",
        "called rang phoned call",
        "client customer",
        "charged billed invoiced bill invoice charge",
        "broken broke damaged crashed",
        "rude impolite",
        "fixed repaired mended",
        "answer reply replied answered respond responded response",
        "sent send email emailed mail mailed",
        "said told tell",
        "pay paid",
        "left leave",
        "heard learned",
        "install installed fitted",
        "down dead outage offline",
        "twice double duplicate",
    ),
}
"""Words that say the same of what went wrong, a group each."""
