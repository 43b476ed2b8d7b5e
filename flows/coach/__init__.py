"""Judges the words of a responder, and finds what a client's words say: by rules that are data, without any model."""
