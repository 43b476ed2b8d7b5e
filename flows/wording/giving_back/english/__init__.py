"""English: the words that tell, and the turning around."""
