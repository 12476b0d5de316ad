"""Young exosomes into old mice: which problems do they ease?

Run: python experiments/young_to_old.py [--quick] [--out DIR]
"""

from _common import options, report

import gutexo as gut

if __name__ == "__main__":
    asked = options(__doc__)
    result = gut.compare(asked.coarse(gut.study("young to old")), **asked.run)
    report(result, asked, ["inflammation", "insulin_resistance", "barrier"])
