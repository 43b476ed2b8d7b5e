"""The pictures of README and docs: `make pictures`."""
