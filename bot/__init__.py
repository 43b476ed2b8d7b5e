"""The application: settings, store, delivery, HTTP, command line, and the one place that wires it all."""
