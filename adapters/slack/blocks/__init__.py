"""Cards, forms, panels and homes as Block Kit."""
