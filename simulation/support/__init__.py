"""General utilities without biology: files, text, signals, memory, digests."""
