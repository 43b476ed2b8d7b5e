"""Microsoft Teams: its requests in, our cards out."""
