"""How ten young mice differ in how much dextran they leak."""

import numpy as np

import gutexo as gut

seeds = range(10)
leak = np.array([gut.Mouse(seed=seed).measure()["FITC-dextran"] for seed in seeds])
spread = leak.std(ddof=1) / leak.mean()

print(f"mean {leak.mean():.1f} ug/mL, standard deviation {100 * spread:.0f} % of it")
print(f"leakiest: seed {seeds[int(leak.argmax())]} with {leak.max():.1f} ug/mL")

assert 0.02 < spread < 1.0  # healthy mice differ, though their parameters are the same
