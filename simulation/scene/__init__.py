"""A mouse at one moment, for pages and pictures: its gut, cells, exosomes and signals."""
