"""The placeholders in a flow's phrases: `{field_id}`, or `{account}`."""

import re
from functools import cache

PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def placeholder_names(text: str) -> tuple[str, ...]:
    """The names in braces, in the order of the text."""
    return tuple(PLACEHOLDER.findall(text))
