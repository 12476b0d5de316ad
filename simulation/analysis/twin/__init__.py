"""The mean-field twin: a second mouse, in means, written from docs/ODD.md alone.

It shares no line with `gutexo.biology` and `gutexo.body` and imports nothing of them, so
what the two agree on is what the description says. It is some hundred times faster than a mouse,
which is why calibration and sensitivity ask it first.
"""

from gutexo.analysis.twin.burden import burden_path
from gutexo.analysis.twin.cohort import donors_of, grown_old, old_animals, young_animals
from gutexo.analysis.twin.gain import loop_gain
from gutexo.analysis.twin.mouse import Harvest, Twin
from gutexo.analysis.twin.questions import from_twin

__all__ = [
    "Harvest",
    "Twin",
    "burden_path",
    "donors_of",
    "from_twin",
    "grown_old",
    "loop_gain",
    "old_animals",
    "young_animals",
]
