"""What the adapters of several platforms use."""
