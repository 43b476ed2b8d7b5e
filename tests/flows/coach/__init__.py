"""The coach: its notation, its rules and what it says better."""
