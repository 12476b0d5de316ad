"""The mean-field model: a second implementation of the mouse in means, from docs/ODD.md alone.

It shares no line with `gutexo.biology` and `gutexo.body` and imports nothing from them, so where
the two agree, they agree because of the description. It is about a hundred times faster than a
mouse, so calibration and sensitivity evaluate it first.
"""

from gutexo.mean_field.gain import loop_gain
from gutexo.mean_field.harvest import Harvest
from gutexo.mean_field.mouse import MeanFieldMouse
from gutexo.mean_field.representatives import choose_donors, grow_old, old_animals, young_animals
from gutexo.mean_field.stability import tabulate_rest_points

__all__ = [
    "Harvest",
    "MeanFieldMouse",
    "choose_donors",
    "grow_old",
    "loop_gain",
    "old_animals",
    "tabulate_rest_points",
    "young_animals",
]
