"""Old exosomes into young mice, with a vehicle and a same-age control.

Run: python experiments/old_to_young.py [--quick] [--out DIR]
"""

from _common import options, report

import gutexo as gut

if __name__ == "__main__":
    asked = options(__doc__)
    result = gut.compare(asked.coarse(gut.study("old to young")), **asked.run)
    report(result, asked, ["inflammation", "insulin_resistance", "barrier"])
