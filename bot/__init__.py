"""The application: settings, storage, delivery, web server, command line, and the one place that connects all parts."""
