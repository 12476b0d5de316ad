"""The mean-field model of the next mouse, in which signals age, from docs/next_mouse.md alone.

Like the first mean field it shares no line with `gutexo.biology` and `gutexo.body`.
"""

from gutexo.mean_field.second.mouse import SecondMeanFieldMouse
from gutexo.mean_field.second.numbers import NUMBERS, second_numbers

__all__ = ["NUMBERS", "SecondMeanFieldMouse", "second_numbers"]
