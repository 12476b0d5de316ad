"""Values of the catalogue, a file a group."""
