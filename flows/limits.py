"""How long typed text may be, in characters. Longer text is refused with a word about it, never cut."""

ACCOUNT = 120
NAME = 80
WORD = 60
TEXT = 2000
SUMMARY = 12_000
MESSAGE = 40_000
"""Of a message in a thread that becomes the first facts."""
