"""`python -m bot` is `trust-recover`."""

from bot.cli import main

main(prog_name="trust-recover")
