"""Caches of rows, read and written in batches, and how old a row is by a clock that can be set."""
