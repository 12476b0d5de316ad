"""Sick young donors, healthy old donors, empty and designed exosomes: is it cargo or age?

Run: python experiments/cargo_not_age.py [--quick] [--out DIR]
"""

from _common import options, report

import gutexo as gut

if __name__ == "__main__":
    requested = options(__doc__)
    result = gut.compare(requested.coarse(gut.study("cargo not age")), **requested.run)
    report(result, requested, ["overview"])
