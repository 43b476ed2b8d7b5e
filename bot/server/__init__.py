"""The running server: health, web application, platforms, and the one place that wires it all."""
