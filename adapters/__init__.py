"""One folder a platform: its events in, our cards out. Knows the vocabulary of `flows` and nothing of `bot`."""
