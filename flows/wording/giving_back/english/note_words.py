"""The words that notes about a client go by."""

from flows.wording.giving_back.word_sets import word_set

CLIENT_NAMES = word_set("client customer clients customers caller")
REPORTS = word_set("says said claims claimed reports reported complains complained thinks thought")
THIRD_PERSONS = word_set("he she him her his hers himself herself he's she's he'd she'd he'll she'll")
CLIENT_VERBS = word_set(
    "wants expects demands feels needs asks uses hopes believes fears finds resents regrets cannot can't doesn't "
    "hasn't isn't hates requests understands remembers thinks insists"
)
"""Verbs of a note that leaves the client out: "wants an apology"."""
AFTER_CLIENT_VERB = {
    "feels": word_set(
        "like that we as let talked treated ignored angry small stupid unheard unsafe misled cheated used abandoned "
        "alone lost helpless insulted humiliated betrayed forgotten disrespected sidelined frustrated trapped worthless"
    ),
    "needs": word_set("it to someone somebody answers an"),
    "doesn't": word_set("believe trust understand want feel think see accept know like care agree expect"),
    "isn't": word_set("happy sure willing satisfied convinced amused impressed"),
    "hasn't": word_set("heard received slept got had seen been"),
    "can't": word_set(
        "log reach access sleep get send pay sign see find use print export download upload trust understand believe "
        "afford invoice close ship work eat open"
    ),
}
"""What must follow where a thing could be meant: "doesn't believe us", not "doesn't start"."""
CLIENT_PASTS = word_set(
    "expected waited wrote paid ordered begged chased wanted needed hoped asked emailed phoned requested demanded "
    "complained reported apologised apologized cancelled felt signed"
) - word_set("cancelled signed reported demanded")
PASSIVES = word_set(
    "blocked told promised forced obliged ignored charged billed invoiced refused denied passed transferred "
    "embarrassed humiliated left kept given asked treated talked hung cut blamed accused bounced referred put shouted "
    "laughed yelled spoken lied led redirected interrupted assured made shouted stood dropped walked rushed locked "
    "pushed quoted offered assigned pressured insulted patronised patronized lectured fobbed brushed stonewalled "
    "ghosted informed warned notified consulted compensated refunded reimbursed misinformed misadvised double-charged "
    "double-billed overcharged overbilled"
) - word_set("lied")
"""Participles of what was done to the client, where a preposition or a number follows."""
ALWAYS_PASSIVE = word_set(
    "overcharged overbilled double-charged double-billed humiliated embarrassed forced obliged fobbed ghosted "
    "stonewalled patronised patronized misinformed refused promised denied"
)
CHARGES = word_set("charged billed invoiced overcharged overbilled double-charged double-billed quoted fined")
ACTIVE_WITH_TO = word_set("refused promised offered denied")
"""With "to" after it, it is what somebody else did: "refused to help"."""
ADJECTIVES = word_set(
    "furious angry upset livid exhausted frustrated annoyed disappointed worried desperate ashamed tired sick unable "
    "unhappy confused anxious concerned stuck stranded afraid scared fed outraged devastated disgusted irritated "
    "appalled shocked dissatisfied convinced certain"
) - word_set("stranded stuck disgusted")
SUPPLIER_VERBS = word_set(
    "hung interrupted laughed promised said told lied ignored deleted closed blamed yelled shouted called sent left "
    "muted transferred swore claimed insulted forgot assured says tells promises keeps kept refused refuses came comes "
    "arrived showed turned cut never answered replied admitted denied explained gave offered put accused broke dropped "
    "cancelled canceled made treated spoke talked apologised apologized knew knows"
) - word_set("says never apologised apologized gave")
"""What "he" did is rather what somebody of ours did."""
UNSAID_VERBS = word_set(
    "threatens threatened threatening threaten rude shouting screaming yelling difficult aggressive"
)
"""What is not told the client about the client."""
PERSON_NOUNS = word_set(
    "boss wife husband mother father daughter son sister brother colleague rep guy man woman clerk nurse doctor chef "
    "lawyer accountant assistant agent technician lead lad girl boy kid lady gentleman friend partner pilot cook guard "
    "staff person somebody someone anyone somebody who ceo cfo cto coo vp pm director auditor patient child mum dad "
    "guest student intern apprentice chairman chairwoman secretary team-mate receptionist operator cousin uncle aunt "
    "nephew niece captain mayor minister judge bride groom neighbour neighbor colleague's everyone each"
)
PERSON_ENDINGS = ("er", "or", "ist", "ician", "ant", "eer", "ee")
NO_PERSON_ENDINGS = (
    "number", "order", "letter", "offer", "after", "never", "over", "under", "error", "server", "router", "computer",
    "printer", "paper", "however", "whether", "other", "ever", "former", "whatever", "voucher", "folder", "container",
    "employee's", "fee", "coffee", "guarantee", "want", "important", "scanner", "trailer", "helpdesk", "meter", "for",
    "nor", "elevator", "motor", "monitor", "timer", "water", "power", "transfer", "newsletter", "quarter", "another",
    "either", "refer", "better", "later", "four", "november", "october", "september", "december", "summer", "winter",
    "restaurant", "plant", "refrigerator", "generator", "reactor", "tower", "boiler", "filter", "see", "three",
    "free", "agree", "poor", "floor", "door", "her", "loner", "burner", "sensor", "counter", "charter", "sister",
)  # fmt: skip
"""Ends of words that are no persons though they end like them."""
