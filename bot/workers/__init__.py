"""The loops that run beside requests: delivery, timers and housekeeping."""
