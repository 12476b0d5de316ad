"""The searched number whose default lies nearest to an end of its prior.

A default at an end says that the search would perhaps have gone further: the prior may be too
narrow, or the rows hardly depend on the number, so that it drifted there.
"""

import math

import gutexo as gut


def to_nearest_end(entry):
    """Distance of the default to the nearest end of its prior, as a share of the prior."""
    scale = math.log if entry.prior == "loguniform" else float
    low, high, value = (scale(x) for x in (entry.prior_low, entry.prior_high, entry.value))
    return min(value - low, high - value) / (high - low)


searched = [e for e in gut.Parameters().entries() if e.declared_source == "feasibility-search"]
nearest = sorted(searched, key=to_nearest_end)
for entry in nearest[:5]:
    print(f"{entry.name}: {100 * to_nearest_end(entry):.1f} % of its prior from an end")

assert 0.0 <= to_nearest_end(nearest[0]) < 0.1 < to_nearest_end(nearest[-1])
