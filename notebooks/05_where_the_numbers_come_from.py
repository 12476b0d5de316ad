# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5. Where the numbers come from
#
# A simulation is as good as its numbers. This one keeps them in a catalogue: each with unit,
# range, prior, grade and source. Most are assumed, and this notebook says what that means.
# **Simulated mice; nothing here speaks for people.**

# %%
import pandas as pd

import gutexo as gut

entries = gut.Parameters().entries()
catalogue = pd.DataFrame(
    [(e.name, e.value, e.unit, e.grade, e.source, e.sampled, e.meaning) for e in entries],
    columns=["name", "value", "unit", "grade", "source", "sampled", "meaning"],
).set_index("name")
catalogue.loc[catalogue.index.str.startswith("senescence.")]

# %% [markdown]
# ## Grades
#
# A: a paper's own abstract, table or legend. B: a secondary page. C: files of the authors or of a
# model. D: worked out from such. *assumed*: nothing published gives the number.
#
# **Predict first**: what share of the numbers is assumed? Settings (how many agents, how long a
# tick) are not sampled; count what is.

# %%
catalogue[catalogue.sampled].grade.value_counts().sort_index()

# %%
catalogue[(catalogue.grade == "A") & catalogue.sampled][["value", "unit", "source", "meaning"]]

# %% [markdown]
# ## Who is behind a number
#
# `gut.cite` gives the references behind a study, a scenario or an intervention, as text or
# BibTeX. A record says in which animal or cell something was measured: a half-life in rats is one
# in rats.

# %%
behind = gut.cite("exosome transfer").splitlines()
print(len(behind), "records; two of them:")
print(*behind[:2], sep="\n\n")
print()
print(gut.cite(gut.treatments.Senolytic(), style="bibtex"))

# %% [markdown]
# ## What was fitted, and on what
#
# Some of the assumed numbers were fitted to patterns that may be fitted (`calibrate`,
# `constrain`). The `constrain` rows are the four reported signs. `validate` rows were never
# fitted, and some of them fail: README and `docs/design.md` say which.

# %%
from gutexo.catalogue.patterns import USES, patterns

for use in USES:
    print(f"{use}: {', '.join(pattern.id for pattern in patterns(use))}\n")

# %% [markdown]
# ## Prior and posterior
#
# The defaults are one draw of what the calibration left. `gut.posterior()` gives all draws. For
# each fitted number: its prior from left to right (grey), the middle 90 % of the posterior
# (blue), the default (dot).

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

draws = pd.DataFrame(gut.posterior())
known = {e.name: e for e in entries}


def share_of_prior(entry, value):
    """Where a value lies in its prior, 0 to 1."""
    scale = math.log if entry.prior == "loguniform" else float
    low, high = scale(entry.prior_low), scale(entry.prior_high)
    return (scale(value) - low) / (high - low)


figure, axes = plt.subplots(figsize=(7, 5), layout="constrained")
widths = {}
for row, name in enumerate(draws):
    places = [share_of_prior(known[name], value) for value in draws[name]]
    low, high = np.quantile(places, [0.05, 0.95])
    widths[name] = (high - low) / 0.9
    axes.plot([0, 1], [row, row], color="0.85", linewidth=6)
    axes.plot([low, high], [row, row], color="#0072B2", linewidth=3)
    axes.plot(share_of_prior(known[name], known[name].value), row, "o", color="black")
axes.set_yticks(range(len(widths)), labels=list(widths))
axes.set(xlabel="share of the prior", title=f"{len(draws)} draws of the posterior")
plt.show()

# %%
half_as_wide = [name for name, width in widths.items() if width < 0.5]
print(len(widths), "numbers were fitted; less than half as wide as the prior:", half_as_wide)

# %% [markdown]
# Most blue lines are nearly as long as the grey ones: the rows that may be fitted say little
# about most single numbers. The defaults are not *the* numbers; they are one set that fits. (The
# calibration asks for more than a narrow interval before it calls a number identifiable:
# `docs/data.md`, "Calibration".)
#
# ## What that does to an answer
#
# Simulate mice with the default parameters, or each with a draw of its own. Quick young mice (a
# coarser gut than default mice, for a look).

# %%
young = gut.Scenario(name="young", duration=1).change(gut.QUICK)
alike = gut.simulate(young, replicates=10, seed=1)
with_draws = gut.simulate(young, replicates=10, seed=1, draws=gut.posterior(10, seed=1))
for name in ("FITC-dextran", "plasma TNF", "HOMA-IR"):
    spread = [np.log(r.data[name].isel(time=-1).values).std(ddof=1) for r in (alike, with_draws)]
    print(f"{name:13} spread (log sd): {spread[0]:.2f} at the defaults, {spread[1]:.2f} over draws")

# %% [markdown]
# The first spread is between animals; the second adds what is not known of the fitted numbers.
# All other numbers still stand at their defaults, so even the second is too small.
#
# ## What assumed numbers hold
#
# A sensitivity analysis moved all uncertain numbers within a factor of 1.5 and asked whose
# variance the answers hold. The package keeps the result.

# %%
from gutexo.catalogue.variance import assumed_shares

for one in sorted(assumed_shares(), key=lambda one: one.share):
    print(
        f"{one.question:34} {100 * one.share:4.0f} %  ({100 * one.low:.0f} to {100 * one.high:.0f})"
    )

# %% [markdown]
# The larger the share, the more an answer is ours and the less the literature's. The list is
# empty where defaults are no longer those that were analysed.
#
# ## Exercises
#
# 1. Which group of parameters has the largest share of assumed numbers among its sampled ones,
#    and which the smallest? (`solutions/05_where_the_numbers_come_from_1.py`)
# 2. Are posterior draws of two numbers tied to one another? Find the pair with the strongest rank
#    correlation. Say why one number alone may then look unknown.
#    (`solutions/05_where_the_numbers_come_from_2.py`)
