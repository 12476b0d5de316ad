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
# ## What was searched, and on what
#
# Some of the assumed numbers were searched until mice met the rows of a table of published
# patterns. Their declared source is `feasibility-search`. The rows that a search may use are
# `calibrate` and `constrain`; among the latter are the four reported signs. `validate` rows were
# not used: README and `docs/design.md` say which of them fail.

# %%
from gutexo.catalogue.patterns import USES, patterns

for use in USES:
    print(f"{use}: {', '.join(pattern.id for pattern in patterns(use))}\n")

# %% [markdown]
# ## Priors, and the point that was found
#
# A search finds a point that fits; it does not say how many others do. For each number that was
# searched: its prior from left to right (grey) and the default (dot).

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

known = {e.name: e for e in entries}
searched = [e for e in entries if e.declared_source == "feasibility-search"]


def share_of_prior(entry, value):
    """Where a value lies in its prior, 0 to 1."""
    scale = math.log if entry.prior == "loguniform" else float
    low, high = scale(entry.prior_low), scale(entry.prior_high)
    return (scale(value) - low) / (high - low)


figure, axes = plt.subplots(figsize=(7, 9), layout="constrained")
for row, entry in enumerate(searched):
    axes.plot([0, 1], [row, row], color="0.85", linewidth=5)
    axes.plot(share_of_prior(entry, entry.value), row, "o", color="black")
axes.set_yticks(range(len(searched)), labels=[entry.name for entry in searched], fontsize=8)
axes.set_ylim(-1, len(searched))
axes.set(xlabel="share of the prior", title=f"{len(searched)} numbers that were searched")
plt.show()

# %%
widths = {e.name: e.prior_high / e.prior_low for e in searched if e.prior == "loguniform"}
print(f"the ends of a prior differ by a factor of {np.median(list(widths.values())):.0f} (median)")

# %% [markdown]
# The dots lie anywhere on the grey lines. The defaults are not *the* numbers; they are one set
# that fits. Another set that fits may answer other questions in another way. A calibration gives
# many sets, with weights: where one was made of these defaults, `gut.posterior()` returns its
# draws (`docs/data.md`, "Calibration").
#
# ## What that does to an answer
#
# Simulate mice with the default parameters, or each with searched numbers of its own, drawn
# within a factor of 1.5 of the defaults. These draws are not a posterior: nothing was fitted to
# them. Quick young mice (a coarser gut than default mice, for a look).

# %%
FACTOR = 1.5
random = np.random.default_rng(1)


def near_defaults():
    """The searched numbers, each within `FACTOR` of its default and within its limits."""
    drawn = {e.name: e.value * FACTOR ** random.uniform(-1, 1) for e in searched}
    return {name: min(known[name].high, max(known[name].low, x)) for name, x in drawn.items()}


young = gut.Scenario(name="young", duration=1).change(gut.QUICK)
alike = gut.simulate(young, replicates=10, seed=1)
with_draws = gut.simulate(young, replicates=10, seed=1, draws=[near_defaults() for _ in range(10)])
for name in ("FITC-dextran", "plasma TNF", "HOMA-IR"):
    spread = [np.log(r.data[name].isel(time=-1).values).std(ddof=1) for r in (alike, with_draws)]
    print(f"{name:13} spread (log sd): {spread[0]:.2f} at the defaults, {spread[1]:.2f} over draws")

# %% [markdown]
# The first spread is between animals; the second adds numbers that are not known. Only a factor of
# 1.5 was tried, and all other numbers still stand at their defaults, so even the second is too
# small.
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
# 2. Which searched number lies nearest to an end of its prior? Say what this may mean for the
#    prior, and for the number.
#    (`solutions/05_where_the_numbers_come_from_2.py`)
