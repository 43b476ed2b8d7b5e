"""What we know of Teams: tenants, people, who reads a conversation, and where each card is."""
