"""What a mouse looks like at one moment, and who hears what from whom: for pages and pictures."""
