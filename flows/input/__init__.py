"""What people send, read into events: commands, buttons and form answers."""
