"""The rule book: pure functions of numbers, no Mesa, no state."""
