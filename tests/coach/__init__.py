"""Measures the coach on labelled drafts: `python -m tests.coach FILE…`."""
