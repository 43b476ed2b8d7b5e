"""How long typed text may be, in characters. Longer text is refused with an explanation, never cut."""

MAX_COMMAND_CHARACTERS = 1000
"""A whole command, with a link in it perhaps."""
MAX_ACCOUNT_CHARACTERS = 120
"""The name of an account."""
MAX_NAME_CHARACTERS = 80
"""The name of a person, and other short answers."""
MAX_WORD_CHARACTERS = 60
"""A feeling that is typed instead of chosen."""
MAX_TEXT_CHARACTERS = 2000
"""The text of a fact, a note, a promise or a tip."""
MAX_SUMMARY_CHARACTERS = 12_000
"""An edited summary."""
MAX_MESSAGE_CHARACTERS = 40_000
"""A message in a thread that becomes the first facts."""
