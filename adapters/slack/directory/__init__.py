"""What is stored of Slack: installations, people, and who can read a channel."""
