"""The rules of the model: pure functions of numbers, without Mesa and without state."""
