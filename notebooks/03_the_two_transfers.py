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
# # 3. The two transfers
#
# The study behind this model took exosomes from the gut of mice and gave them to mice of another
# age: those of old mice (24 months) to young ones (3 months), and those of young mice to old
# ones. Here both are done to simulated mice. **Simulated mice; nothing here speaks for people.**
#
# Only secondary reports of that study were read. Its dose, route, schedule, duration and group
# sizes are not known; one donor's luminal content a day for 28 days is ours.
#
# **Write down your prediction**: old exosomes to young mice, up or down, for leak (FITC-dextran),
# inflammation (plasma TNF) and insulin resistance (HOMA-IR)? And young exosomes to old mice?

# %%
import gutexo as gut

study = gut.study("exosome transfer").change(gut.QUICK)
study

# %% [markdown]
# There are controls of two kinds: *vehicle* (the handling without exosomes) and exosomes of the
# *same* age. The second matters, since any exosomes given are more exosomes.
#
# Mice are quick ones, four an arm: coarser mice have another gut, and four mice are few. Old mice
# and donors have to live 24 months first, each with its own seed; that is where the time goes.

# %%
result = gut.compare(study, replicates=4, seed=1, workers=2)
result

# %%
result.plot("FITC-dextran", "plasma TNF", "HOMA-IR")

# %% [markdown]
# A line is the mean, a band one standard deviation **between mice**: it says how mice differ, not
# how well a mean is known. Old mice differ far more than young ones, so the bands of old arms lie
# over one another even where every single mouse was changed. That is why arms are compared in
# pairs: mouse 2 of one arm is the very same animal as mouse 2 of the other, with the same
# chances.

# %%
import pandas as pd

rows = []
for arm, comparator in (
    ("young + old exosomes", "young + vehicle"),
    ("young + old exosomes", "young + young exosomes"),
    ("old + young exosomes", "old + vehicle"),
    ("old + young exosomes", "old + old exosomes"),
    ("old + vehicle", "young + vehicle"),
):
    for readout in ("FITC-dextran", "plasma TNF", "HOMA-IR"):
        e = result.difference(readout, arm, comparator)
        clear = e.ratio_low > 1 or e.ratio_high < 1
        rows.append((f"{arm} / {comparator}", readout, e.ratio, e.ratio_low, e.ratio_high, clear))
columns = ["comparison", "readout", "ratio", "low", "high", "interval leaves out 1"]
table = pd.DataFrame(rows, columns=columns).set_index(["comparison", "readout"])
table.round(2)

# %% [markdown]
# Ratio and interval are of pairs: 95 %, over the mice that were run, under these parameters. Four
# pairs make it wide. Where an interval holds 1, the sign is not settled *by this run*, and a
# ratio on one side of 1 is no more than a hint. Old against young mice are different animals,
# paired in name only.
#
# Look at one pair after another before any mean:

# %%
homa = result.data["HOMA-IR"].isel(time=-1)
pairs = homa.sel(scenario="old + young exosomes") / homa.sel(scenario="old + vehicle")
print("HOMA-IR, old + young exosomes over old + vehicle, mouse by mouse:", pairs.values.round(2))

# %% [markdown]
# ## What may not be claimed
#
# Four signs were reported, known when the model was built, and are among the rows to which its
# assumed numbers were fitted. The model says so itself:

# %%
for fact in result.facts():
    print(fact)

# %% [markdown]
# - These four are **built for, not predictions**. Where they hold, the construction stands. A few
#   quick mice may be too few for one of them, or too well for a rescue.
# - Sizes are not reproduced: the published ones are not known.
# - The rescue of old mice hangs on numbers without a source, such as `insulin.cargo_protection`
#   (exercise 1).
# - Whatever else you see in the table (a fall of TNF or of leak in old mice, say) was not
#   reported, and is at most the model's own guess.
# - Four quick mice are few, and another gut than default mice. `gutexo study` runs eight default
#   ones.
# - Intervals hold no doubt about parameters. `gut.compare(study, draws=...)` gives each mouse
#   parameters of its own (notebook 5).
#
# ## Exercises
#
# 1. Cut the coupling without a source (`insulin.cargo_protection` to 0, in all mice). What is
#    left of the rescue of HOMA-IR in old mice? (`solutions/03_the_two_transfers_1.py`)
# 2. Is it the donor's age or the cargo? Give young mice designed exosomes that carry nothing
#    (`gut.designed_exosomes(1700)`). (`solutions/03_the_two_transfers_2.py`)
