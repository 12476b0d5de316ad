"""Runs of many mice: lives that are raised once, workers, results and their provenance."""
