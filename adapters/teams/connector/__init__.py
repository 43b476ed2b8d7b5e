"""Calls to Teams' connector, and proving who we are."""
