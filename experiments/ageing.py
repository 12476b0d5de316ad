"""A cohort followed from 3 to 24 months.

Run: python experiments/ageing.py [--quick] [--out DIR]
"""

from _common import options, report

import gutexo as gut

if __name__ == "__main__":
    requested = options(__doc__)
    result = gut.compare(requested.coarse(gut.study("ageing")), **requested.run)
    report(result, requested, ["life"])
