"""Slack's requests: verified, handed to the application, and answered."""
