"""The page: a mouse to watch, to change and to share."""
