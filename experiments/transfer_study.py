"""The six arms of the exosome transfer: what do luminal exosomes do at another age?

Run: python experiments/transfer_study.py [--quick] [--out DIR]
"""

from _common import options, report

import gutexo as gut

if __name__ == "__main__":
    asked = options(__doc__)
    result = gut.compare(asked.coarse(gut.study("exosome transfer")), **asked.run)
    report(result, asked, ["inflammation", "insulin_resistance", "barrier", "overview"])
    for fact in result.facts():
        print(fact)
