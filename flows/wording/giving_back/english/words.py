"""The English words that the turning around of a sentence goes by. What is not here is taken for a noun."""

from flows.wording.giving_back.word_sets import word_set

SUBJECT_PRONOUNS = word_set(
    "i we you he she it they this that there nobody no-one noone everybody everyone somebody someone nothing "
    "everything anybody anyone something these those none what it's that's there's he's she's they're they've"
)
DETERMINERS = word_set(
    "the a an my our your his her their its no none all every each half some many most several both another any other "
    "few fewer more one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "eighteen twenty thirty forty fifty hundred dozens half this that these those only even not neither either which "
    "whose"
)
AUXILIARIES = word_set(
    "am is are was were be been being have has had do does did will would can could shall should may might must isn't "
    "aren't wasn't weren't haven't hasn't hadn't don't doesn't didn't won't wouldn't can't cannot couldn't shouldn't "
    "mustn't needn't mightn't"
)
ADVERBS = word_set(
    "never always still just already even only simply not really once again also ever almost nearly finally "
    "repeatedly constantly continually keep often rarely barely hardly twice suddenly actually honestly clearly "
    "obviously probably certainly definitely deliberately apparently completely totally absolutely currently recently "
    "first then now literally basically usually sometimes no longer long today yesterday immediately quickly later "
    "too either consistently promptly properly fully"
)
PREPOSITIONS = word_set(
    "to from with by of for at on in about without against behind between towards toward through via into onto upon "
    "among under over around beside near per off out up down despite except within beyond across"
)
EITHER_PREPOSITION_OR_CONJUNCTION = word_set("after before since until till like than as")
CONJUNCTIONS = word_set(
    "and but or so because that if when while whether where why how what which who whom whenever unless although "
    "though nor yet whatever whose"
)
BASE_VERBS = word_set(
    "accept accuse add admit agree allow announce answer apologise apologize appear apply approve argue arrive ask "
    "assume assure avoid ban be become begin believe bill blame block book break bring build buy call cancel care "
    "change charge check choose claim clean close come communicate compensate complain complete confirm confuse "
    "connect consider contact continue control correct cost cover crash create cut damage deal decide delay delete "
    "deliver deny deploy deserve destroy dismiss double drop email ensure escalate expect explain fail feel fight "
    "file fill find finish fix follow forget forward get give go guarantee handle hang happen have hear help hide "
    "hire hold hope ignore inform insist install invoice issue keep know lack launch learn leave let listen load log "
    "look lose mail make manage mean meet mention mess migrate miss move name need notice notify offer open order "
    "overcharge owe pass pay phone pick plan postpone prefer prepare present pretend prevent process produce promise "
    "propose provide publish push put raise reach react read realise realize rebuild receive recommend refund refuse "
    "reject release rely remember remind remove renew repair repeat replace reply report request require reschedule "
    "reset resolve respond restart restore return reveal review roll run save say schedule see seem sell send serve "
    "set ship show shut sign sit skip sleep sort sound spend spoil stand start stay stop submit suffer suggest supply "
    "support suspend take talk tell test think throw touch train transfer treat trust try turn understand update "
    "upgrade use verify wait wake want warn waste watch work write acknowledge address assign attach bother breach "
    "buffer bump chase commit configure consult cope copy count disappear disappoint disconnect discuss document "
    "download enter exceed exist face fall grow guess hate introduce invite involve know lead lie lock love measure "
    "misread overlook overwrite pull redo regret reverse ring ruin speak split struggle track underestimate upload "
    "violate visit vanish"
)
PAST_FORMS = word_set(
    "became began broke brought built bought came chose cost cut dealt did drew drove fell felt fought found forgot "
    "gave got grew had heard held hid hit hung kept knew laid led left lent let lost made meant met misled misread "
    "overlooked paid put quit ran rang read rose said sat saw sent set shook showed shut slept sold spent split spoke "
    "spread stole stood stuck swore taught thought threw told took understood undid went woke won wore wrote withdrew "
    "overcharged lied went oversaw overran shrank sank sought cut redid rewrote reset"
)
NOT_PAST = word_set(
    "need feed speed indeed red bed shed hundred exceed proceed succeed bleed breed weed seed deed hatred"
)
REPORTING_VERBS = word_set(
    "know knew think thought say said says heard hope believe believed guess wish assume assumed understand "
    "understood feel felt told promised see saw means mean meant find found noticed realised realized learned learnt "
    "discovered show showed confirmed claim claimed insist insisted"
)
TAKES_TWO_OBJECTS = word_set(
    "give gave given send sent tell told ask asked offer offered show showed pay paid cost bring brought owe owed "
    "grant granted lend lent teach taught write wrote email emailed forward forwarded sending giving telling asking "
    "paying"
)
TAKES_BARE_INFINITIVE = word_set("make made makes let lets help helped see saw hear heard watch watched have had has")
GENERIC_YOU = (
    "thank you",
    "thanks to you",
    "mind you",
    "you know what",
    "bless you",
    "screw you",
    "damn you",
    "see you",
    "you know",
    "you never know",
    "you'd think",
    "you would think",
    "you'd expect",
    "you see",
    "you can imagine",
    "if you ask",
    "you name it",
    "you get what",
    "you can say",
    "you could say",
)
SPELLING_CORRECTIONS = {
    "monday": "Monday", "tuesday": "Tuesday", "wednesday": "Wednesday", "thursday": "Thursday", "friday": "Friday",
    "saturday": "Saturday", "sunday": "Sunday", "noone": "no one",
    "dont": "don't", "didnt": "didn't", "cant": "can't", "isnt": "isn't", "wasnt": "wasn't", "havent": "haven't",
    "hasnt": "hasn't", "doesnt": "doesn't", "couldnt": "couldn't", "shouldnt": "shouldn't", "wouldnt": "wouldn't",
    "arent": "aren't", "werent": "weren't", "hadnt": "hadn't", "im": "I'm", "ive": "I've", "youre": "you're",
    "youve": "you've", "theyre": "they're", "thats": "that's", "u": "you", "ur": "your", "pls": "please", "i": "I",
    "i'm": "I'm", "i've": "I've", "i'd": "I'd", "i'll": "I'll", "alot": "a lot", "wont": "won't",
}  # fmt: skip
NOUNS = word_set(
    "account accounts address agent alert answer answers api app application apology attachment backup backups bill "
    "billing bills board boss bug bugs call calls callback callbacks case chat checkout client clients colleague "
    "colleagues communication company consultant contact contract contracts customer customers dashboard data date "
    "dates day days deadline deadlines delay delays delivery deliveries department documentation documents e-mail "
    "e-mails email emails engineer engineers error errors excuse excuses explanation export exports feedback file "
    "files fix hardware help helpdesk hotline hour hours import information install integration invoice invoices item "
    "items job launch lead line login mail mails maintenance management manager managers meeting meetings message "
    "messages migration minutes mistake mistakes money month months news notice number numbers office order orders "
    "outage outages package parcel parts password payment payments people permission person phone plan platform "
    "portal price prices problem problems process product products production project promise promises quality "
    "quarter queue quote refund release reminder reminders replacement report reports reply respect response result "
    "results sales server servers service services setup shipment shop silence site software someone staff status "
    "subscription support system systems task team teams technician template templates ticket tickets time times tool "
    "training transfer update updates upgrade user users version visit warning website week weekend weeks work "
    "workers year years morning afternoon evening night"
)
OTHER_WORDS = word_set(
    "yes ok okay please very so such bad good wrong late missing broken same different new old last next long short "
    "whole full empty available reachable open closed down here there because why how who when where own much little "
    "less least worse worst better best great slow fast early first second third fourth fifth time everything "
    "anything later earlier unacceptable ridiculous joke disgrace shame ever enough more than too without me us him "
    "them you i we he she it they mine ours yours theirs myself ourselves yourself yourselves promised ruined useless "
    "sick tired done fed serious seriously urgent asap stop now immediately today tomorrow tonight yesterday refund "
    "impossible thank thanks hello hi dear sorry unbelievable incredible nothing waiting been guess let lets "
    "everybody due to half between fact number page top bottom"
)
DAYS_AND_MONTHS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february april june july august september "
    "october november december easter christmas"
)
TIME_STARTS = word_set(
    "yesterday today tonight last on in for since after during at every as with within by until twice once again "
    "since before despite from over this still now then finally instead meanwhile"
)
INCLUSIVE_VERBS = word_set("agreed agree spoke talked discussed met scheduled arranged shook  negotiated")
SHARED_THINGS = word_set("deal agreement understanding contract plan appointment meeting call date")
INCLUSIVE_NOUNS = word_set(
    "call meeting agreement relationship partnership conversation collaboration cooperation talk deal"
)
FOREIGN_WORDS = word_set(
    "der das und nicht ist ihr uns wir ich sie ein eine habt haben kein keine nie zu mit für auf von dem den des el "
    "la los las que de no-hay una con por para muy está estan están ustedes nadie nunca ni nada llamó pero porque le "
    "les est pas je vous nous et un une dans sur pour avec ne c'est il elle jamais rien du il di che non sono è gli "
    "della per mai um uma não você vocês isso com nunca mais é"
) - word_set("no me a on is")
EVERY_WORD = (
    SUBJECT_PRONOUNS | DETERMINERS | AUXILIARIES | ADVERBS | PREPOSITIONS | EITHER_PREPOSITION_OR_CONJUNCTION
    | CONJUNCTIONS | BASE_VERBS | PAST_FORMS | NOUNS | OTHER_WORDS
)  # fmt: skip
