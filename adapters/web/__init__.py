"""The practice room: a small chat platform of our own, in a browser, that needs no account anywhere."""
