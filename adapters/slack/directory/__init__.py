"""What we know of Slack: installations, people, and who reads a channel."""
