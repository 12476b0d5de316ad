"""Where along the gut the exosomes of the lumen are."""

from collections import Counter

import gutexo as gut

mouse = gut.Mouse(seed=1)
segments = mouse.agents.select(agent_type=gut.BarrierSegment).groupby("region").count()
region = {s.row: s.region for s in mouse.agents_by_type[gut.BarrierSegment]}
in_lumen = [e for e in mouse.agents_by_type[gut.Exosome] if e.place == "lumen"]
found = Counter(region[e.segment] for e in in_lumen)
dense = {name: found[name] / segments[name] for name in segments}

for name in segments:
    print(f"{name:9} {found[name]:5d} packets, {dense[name]:6.1f} a segment")

# Flow is slow in the colon and all that was released above arrives there.
assert max(dense, key=dense.__getitem__) == "colon"
