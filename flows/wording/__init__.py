"""Texts: languages and time zones, phrases filled from the record, and the two summaries."""
