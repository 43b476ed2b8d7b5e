"""What is known about Teams: tenants, conversations, people, who can read, and where each guide is."""
