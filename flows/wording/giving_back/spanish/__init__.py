"""Spanish: verbs, who does what, and the turning around."""
