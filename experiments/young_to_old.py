"""Young exosomes into old mice: which problems do they ease?

Run: python experiments/young_to_old.py [--quick] [--out DIR]
"""

from _common import options, report

import gutexo as gut

if __name__ == "__main__":
    requested = options(__doc__)
    result = gut.compare(requested.coarse(gut.study("young to old")), **requested.run)
    report(result, requested, ["inflammation", "insulin_resistance", "barrier"])
