"""The running server: health, web application, platforms, and the one place that connects all parts."""
