"""How much of each group of numbers is assumed."""

from collections import defaultdict

import gutexo as gut

groups = defaultdict(list)
for entry in gut.Parameters().entries():
    if entry.sampled:
        groups[entry.name.partition(".")[0]].append(entry.grade == "assumed")

share = {name: sum(found) / len(found) for name, found in groups.items()}
for name in sorted(share, key=share.__getitem__):
    print(f"{name:12} {100 * share[name]:4.0f} % of {len(groups[name])} assumed")

assert sum(sum(found) for found in groups.values()) <= len(gut.Parameters().assumed())
assert 0.0 < min(share.values()) < 0.75 < max(share.values())
