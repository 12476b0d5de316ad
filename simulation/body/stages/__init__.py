"""The stages of a tick, one file each; segments, cells and packets each have one `advance`."""
