"""Slack: its requests go to the application, and our cards and messages go to Slack."""
