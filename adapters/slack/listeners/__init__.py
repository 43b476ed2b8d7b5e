"""Slack's requests, verified, translated and answered."""
