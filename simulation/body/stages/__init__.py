"""The stages of a tick, one file each; segments, cells and packets have one `advance` each."""
