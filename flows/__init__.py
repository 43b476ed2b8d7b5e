"""What is said and when: pure. No platform, no database, no clock, no await."""
