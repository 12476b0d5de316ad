"""The six arms of the exosome transfer: what do luminal exosomes do at another age?

Run: python experiments/transfer_study.py [--quick] [--out DIR]
"""

from _common import options, report

import gutexo as gut

if __name__ == "__main__":
    requested = options(__doc__)
    result = gut.compare(requested.coarse(gut.study("exosome transfer")), **requested.run)
    report(result, requested, ["inflammation", "insulin_resistance", "barrier", "overview"])
    for fact in result.facts():
        print(fact)
