"""What several platforms need, and no platform in particular."""
