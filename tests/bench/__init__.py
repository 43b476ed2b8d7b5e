"""How fast it is, as ratios to peers that run in the same minute on the same machine. `make bench`."""
