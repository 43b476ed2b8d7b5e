"""What a flow is: its model, reading and checking a flow file, and a diagram of it."""
