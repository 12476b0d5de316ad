"""The two fitted numbers whose posterior draws are tied most closely.

Where two numbers are tied, data hold a combination of both: each alone may go up if the other goes
with it, so each alone looks unknown.
"""

import numpy as np
import pandas as pd

import gutexo as gut

draws = pd.DataFrame(gut.posterior())
tied = draws.rank().corr().to_numpy(copy=True)
np.fill_diagonal(tied, 0.0)
first, second = np.unravel_index(np.abs(tied).argmax(), tied.shape)
strongest = tied[first, second]

print(f"{draws.columns[first]} and {draws.columns[second]}: rank correlation {strongest:.2f}")
print(f"among {len(draws)} draws and {len(draws.columns) * (len(draws.columns) - 1) // 2} pairs")

# So many pairs and so few draws: chance alone gives some correlation.
assert 0.3 < abs(strongest) < 1
