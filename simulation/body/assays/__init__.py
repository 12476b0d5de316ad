"""What a laboratory measures of a mouse, of its glucose, of its gut wall and of a culture."""
