"""Capital letters: no shouting, and none inside a sentence but those of names and abbreviations."""

from collections.abc import Collection

from flows.wording.giving_back.english.words import DAYS_AND_MONTHS, EVERY_WORD
from flows.wording.giving_back.spanish.verbs import verb_forms
from flows.wording.giving_back.spanish.words import COMMON_WORDS as SPANISH_WORDS
from flows.wording.giving_back.word_sets import word_set

ABBREVIATIONS = word_set(
    "SLA SLAS API APIS CEO CFO CTO COO CIO CISO VP HR PR QA UX ERP CRM SAP VPN DNS SSL TLS SQL AWS CPU GPU USB PDF "
    "CSV XML JSON HTML HTTP HTTPS FTP SFTP SSO MFA OTP GDPR RGPD ISO KPI KPIS ROI FAQ PO IBAN SEPA VAT IVA CIF NIF "
    "IRPF EU UE USA UK EEUU SMS PIN PUK POS TPV SKU EDI ETA RMA POC RFP NDA TV PC PCS RAM SSD FAX B2B OK VIP IP SIM "
    "DHL UPS IBM BI"
)
MAX_CAPITALS = 4
"""Letters of a word in capitals that may be an abbreviation that is not in the list."""
_NAMES_TOO = frozenset({"may", "will", "mark", "bill", "drew", "rose", "grant", "black", "best"})
_SHOUTED_SHARE = 0.6
_NOT_NAMES = ("s", "ing", "ion", "ment", "ness", "ity", "ly", "ed", "ance", "ence", "mente", "ción", "dad", "miento")


def without_shouting(text: str, language: str) -> str:
    """The text in small letters where it shouts. Abbreviations keep their capitals."""
    tokens = text.split()
    counted_tokens = [token for token in tokens if _letters(token) > 1]
    loud_tokens = [token for token in counted_tokens if token.isupper()]
    is_shouting = (
        bool(loud_tokens)
        and len(loud_tokens) > _SHOUTED_SHARE * len(counted_tokens)
        and (len(loud_tokens) > 1 or len(counted_tokens) == 1)
    )
    common_words = SPANISH_WORDS if language == "es" else EVERY_WORD
    return " ".join(_in_small_letters(token, common_words, is_shouting=is_shouting) for token in tokens)


def with_small_first_letter(text: str, language: str) -> str:
    """The text with a small letter at its beginning, unless a name begins it."""
    first, space, rest = text.partition(" ")
    return without_title_case(first, language) + space + rest


def without_title_case(text: str, language: str) -> str:
    """The text with a small letter at its beginning and in words that are no names."""
    tokens = text.split()
    common_words = SPANISH_WORDS if language == "es" else EVERY_WORD
    for index, token in enumerate(tokens):
        word = token.strip("“”\"',;:.!?")
        small_word = word.lower()
        if not word[:1].isupper() or (not word[1:].islower() and len(word) > 1):
            continue
        if language != "es" and (word == "I" or small_word in DAYS_AND_MONTHS):
            continue
        if index and (len(word) == 1 or (language != "es" and small_word in _NAMES_TOO)):
            continue
        is_first = index == 0 or token.startswith("“")
        is_no_name = small_word in common_words or (
            is_first and ("'" in small_word or _is_no_name(small_word, language))
        )
        if is_no_name and (language == "es" or not small_word.startswith("i'")):
            tokens[index] = token.replace(word, small_word, 1)
    return " ".join(tokens)


def _is_no_name(word: str, language: str) -> bool:
    is_spanish_verb = language == "es" and (
        verb_forms(word) or word.endswith(("nme", "nlo", "nla", "nos", "ame", "eme"))
    )
    return word.endswith(_NOT_NAMES) or bool(is_spanish_verb)


def _in_small_letters(token: str, common_words: Collection[str], *, is_shouting: bool) -> str:
    word = token.strip("“”\"',;:.!?").removesuffix("'S").removesuffix("'s")
    if _letters(word) == 0 or word.upper() != word or (len(word) == 1 and not is_shouting):
        return _tame(token)
    if word in ABBREVIATIONS or (any(map(str.isdigit, word)) and word[:1].isalpha()):
        return token
    if word == "I" or word.startswith("I'"):
        return token[:1] + token[1:].lower() if common_words is EVERY_WORD else token.lower()
    is_common = word.lower() in common_words and word not in {"US", "IT"}
    return token.lower() if is_shouting or is_common or _letters(word) > MAX_CAPITALS else token


def _tame(token: str) -> str:
    """A word in mixed letters that holds a long run of capitals, in small letters."""
    run = longest = 0
    for character in token:
        run = run + 1 if character.isupper() else 0
        longest = max(longest, run)
    return token.lower() if longest > MAX_CAPITALS and token.strip("\"“”',;:s") not in ABBREVIATIONS else token


def _letters(token: str) -> int:
    return sum(map(str.isalpha, token))
