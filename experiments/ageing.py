"""A cohort followed from 3 to 24 months.

Run: python experiments/ageing.py [--quick] [--out DIR]
"""

from _common import options, report

import gutexo as gut

if __name__ == "__main__":
    asked = options(__doc__)
    result = gut.compare(asked.coarse(gut.study("ageing")), **asked.run)
    report(result, asked, ["life"])
