"""The application: what platforms call, one transaction an event."""
