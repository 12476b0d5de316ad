"""Old exosomes into young mice, with a vehicle and a same-age control.

Run: python experiments/old_to_young.py [--quick] [--out DIR]
"""

from _common import options, report

import gutexo as gut

if __name__ == "__main__":
    requested = options(__doc__)
    result = gut.compare(requested.coarse(gut.study("old to young")), **requested.run)
    report(result, requested, ["inflammation", "insulin_resistance", "barrier"])
