"""How long typed text may be, in characters. Longer text is refused with a word about it, never cut."""

MAX_ACCOUNT_CHARACTERS = 120
MAX_NAME_CHARACTERS = 80
MAX_WORD_CHARACTERS = 60
MAX_TEXT_CHARACTERS = 2000
MAX_SUMMARY_CHARACTERS = 12_000
MAX_MESSAGE_CHARACTERS = 40_000
"""Of a message in a thread that becomes the first facts."""
