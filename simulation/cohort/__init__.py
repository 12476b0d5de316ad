"""Many mice: lives that are raised once, workers, results and where they came from."""
