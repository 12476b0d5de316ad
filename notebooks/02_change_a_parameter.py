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
# # 2. Change a parameter
#
# Every number of the mouse has a name, a unit, a range, a grade and a source, and every number
# can be changed. **Simulated mice; nothing here speaks for people.**
#
# This notebook uses *quick* mice (`gut.QUICK`): fewer segments, cells and packets. They are for a
# look. They cost truth: a coarse gut is another gut, and levels, the leak above all, differ from
# those of default mice. Take the default mice for anything you want to believe.

# %%
import gutexo as gut

print(gut.QUICK)

# %% [markdown]
# ## What is known of a number

# %%
known = {entry.name: entry for entry in gut.Parameters().entries()}
half_life = known["exosome.clearance_half_life"]
print(half_life.meaning)
print("value", half_life.value, half_life.unit, "| accepted", half_life.low, "to", half_life.high)
print("grade", half_life.grade, "| source", half_life.source)
print("how derived:", half_life.derived)

# %% [markdown]
# Grade A is a paper's own abstract, table or legend, B a secondary page, C files of a model or of
# the authors, D worked out from such. `assumed` means that nothing published gives the number.
#
# ## Change it, with a unit
#
# Parameters are never edited: `change` gives a changed copy. Text may carry a unit, which is
# converted.

# %%
quick = gut.Parameters().change(gut.QUICK)
slow = quick.change({"exosome.clearance_half_life": "0.5 h"})
before, after = (p.exosome.clearance_half_life for p in (quick, slow))
print(f"from {before} to {after} {half_life.unit}")

# %% [markdown]
# **Predict first**: exosomes stay longer in plasma. By how much will their number in plasma rise,
# if the half-life is changed so? Will the leak of the gut change?

# %%
packets, leak = [], []
for parameters in (quick, slow):
    mouse = gut.Mouse(parameters, seed=1)
    mouse.run_for("14 d")
    packets.append(mouse.recorder["plasma exosomes"].mean())
    leak.append(mouse.measure()["FITC-dextran"])
print(f"packets in plasma, mean of 15 days: {packets[0]:.1f}, then {packets[1]:.1f}")
print(f"FITC-dextran: {leak[0]:.2f}, then {leak[1]:.2f} ug/mL")
print(f"packets x {packets[1] / packets[0]:.2f}, half-life x {after / before:.2f}")

# %% [markdown]
# The number in plasma rises. Does it rise as the half-life did? A handful of packets is in plasma
# at once, so chance is large in one mouse; and clearance is not the only way out, since tissues
# take exosomes up as well. The leak hardly changes: what acts on the wall comes from the
# lumen, not from the blood.
#
# ## What a wrong change does
#
# A mistake is reported in one line, and nothing is run with it.

# %%
wrong = (
    {"exosome.clearence_half_life": "12 min"},  # a name
    {"exosome.clearance_half_life": "12 mg"},  # a unit
    {"exosome.clearance_half_life": "12 h"},  # out of the range that is accepted
    {"resolution.segments": 16.5},  # not a whole number
)
for changes in wrong:
    try:
        quick.change(changes)
    except gut.GutexoError as error:
        print("refused:", error)

# %% [markdown]
# ## A small sweep
#
# A sweep runs a study again at every point of a grid, with the same mice at each. Here young mice
# get designed exosomes that carry barrier-disrupting cargo only, and one assumed number is moved:
# how much junction loss such cargo can cause.

# %%
disruption = known["barrier.cargo_disruption"]
print(disruption.meaning, "|", disruption.value, disruption.unit, "| grade", disruption.grade)

vial = gut.designed_exosomes(1700, barrier=60, name="designed")
study = gut.Study(
    name="designed barrier cargo",
    question="How leaky do young mice become under barrier cargo?",
    arms=(
        gut.Scenario(name="vehicle", duration=14),
        gut.Scenario(
            name="barrier cargo",
            interventions=(gut.GiveExosomes(source=vial, repeats=14),),
            duration=14,
        ),
    ),
    comparisons=(("barrier cargo", "vehicle"),),
).change(gut.QUICK)
study

# %%
swept = gut.sweep(study, {"barrier.cargo_disruption": ["0.05/d", "0.2/d", "0.8/d", "3.2/d"]})
result = gut.compare(swept, replicates=4, seed=1, workers=2)
result.figure("sweep")

# %% [markdown]
# The line is the ratio to vehicle, its bars a 95 % interval over the mice run. Leak follows the
# number that was moved, as it must: the effect runs through it. TNF and HOMA-IR respond
# indirectly, to the LPS that the leak lets in: compare the scales. A sweep shows what the model
# does with a number, not which value is right: the number is assumed, and the figure is a picture
# of that.

# %% [markdown]
# ## With sliders
#
# In JupyterLab the next cell is a page: the mouse of a scenario, or two beside each other, with
# *Play*, *Step*, a day to drag back, and a slider for each parameter you name. A slider acts on
# the next mouse that is raised, and on its whole life. Press *Raise the mouse*, then *Play*.

# %%
gut.watch(
    study.arms[1],
    study.arms[0],
    sliders=["barrier.cargo_disruption", "barrier.repair", "exosome.transcytosis"],
)

# %% [markdown]
# ## Exercises
#
# 1. Which exosomes reach plasma hangs on the wall too. Raise `exosome.transcytosis` fourfold: how
#    much more exosome is in plasma after two weeks? Is its grade better than that of the
#    half-life? (`solutions/02_change_a_parameter_1.py`)
# 2. Sweep the dose instead: `equivalents` of 0.3, 1 and 3 of the same vial are three arms of one
#    study. Does three times the dose do three times as much to the leak?
#    (`solutions/02_change_a_parameter_2.py`)
