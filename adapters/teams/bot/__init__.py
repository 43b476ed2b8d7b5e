"""Teams' requests, verified, translated and answered."""
