"""The pure engine: from a recovery and an event to the next recovery and its effects."""
