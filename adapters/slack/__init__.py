"""Slack: its events in, our cards out."""
