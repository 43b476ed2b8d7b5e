"""Where the pictures go."""

from pathlib import Path

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
