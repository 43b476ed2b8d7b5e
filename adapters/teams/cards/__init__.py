"""Cards, forms, panels and homes as Adaptive Cards and messages."""
