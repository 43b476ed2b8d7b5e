"""What is typed but not spoken: laughter, smileys in letters, and swear words with stars in them."""

import re

_LAUGHTER = re.compile(
    r"(?<!\w)(?:lo+l+|lmf?ao+|rofl|lmfao|smh|ja(?:ja)+j?|je(?:je)+j?|ji(?:ji)+|jo(?:jo)+|jua(?:jua)+|ha(?:ha)+h?|"
    r"he(?:he)+h?|hi(?:hi)+|xd+|x-d|omg|tbh|imho|imo|ffs|wtaf)(?!\w)",
    re.IGNORECASE,
)
_SMILEY = re.compile(
    r"(?:(?<=\s)|^)(?:[:;=]['’]?[-^o]?[()\[\]DPpOo/\\|*3$]+|<3+|D[:;=]|[xX]D+|\^_*\^|¯\S*)(?=[\s.,!?]|$)"
)
_MASKED_EMPHASIS = re.compile(r"(?<!\w)(?:f[*#@$%]+\w*ing?|p[*#@$%]+t[oa]s?|d[*#@$%]+m?n(?:ed)?)(?!\w)", re.IGNORECASE)
_MASKED_SWEARWORD = re.compile(r"(?<!\w)(?:[^\W\d_]{1,3}[*#@$%]+[^\W\d_]+|[^\W\d_]{1,2}[*#@$%]{2,})(?![\w.])")
_SWEARWORD = "shit"


def without_laughter(text: str) -> str:
    """The text without laughter and smileys. A swear word with stars only adds emphasis and goes, or is spelled out."""
    text = _SMILEY.sub("", _LAUGHTER.sub(",", text))
    return _MASKED_SWEARWORD.sub(_SWEARWORD, _MASKED_EMPHASIS.sub("", text))
