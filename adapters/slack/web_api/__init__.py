"""Calls to Slack's Web API, and what its errors mean."""
