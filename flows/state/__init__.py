"""What is stored: the state of a recovery, what was recorded, and the events and effects that change it."""
