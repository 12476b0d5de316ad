"""The dose grid (dose, interval, duration, route): in what share do the reported signs hold?

Run: python experiments/dose_and_duration.py [--quick] [--out DIR]
"""

from _common import options, report

import gutexo as gut

if __name__ == "__main__":
    from gutexo.analysis.dose_grid import describe_shares, score_signs

    requested = options(__doc__)
    result = gut.compare(requested.coarse(gut.study("dose and duration")), **requested.run)
    report(result, requested, ["dose_and_duration"], describe_shares(score_signs(result.data)))
