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
# # 7. Teaching: ageing as a conversation between organs
#
# A lesson of about an hour, for a class or for yourself. Three runs; before each, **write down a
# prediction** and a reason. A wrong prediction with a good reason is worth more than a right
# guess.
#
# **Simulated mice; nothing here speaks for people.** Nobody should change what they eat or take
# because of what a model mouse does.
#
# The idea: organs do not age each for itself. The gut sends exosomes (small parcels of cargo);
# cells of other organs open them and answer; their answers change what the gut loads next. If
# ageing is, in part, a message, then messages can be cut, and can be sent to somebody else.
#
# Quick mice are used: coarser mice, since a class has an hour. Their gut is another gut than that
# of default mice, so compare arms with one another and not with a laboratory.

# %%
import matplotlib.pyplot as plt
import pandas as pd

import gutexo as gut


def ratios(result, readouts):
    """Ratio of each comparison on the last day, mean over pairs of mice."""
    effects = [e for e in result.effects() if e.readout in readouts]
    table = pd.DataFrame(
        [(e.arm, e.readout, e.ratio) for e in effects], columns=["arm", "readout", "ratio"]
    )
    return table.pivot(index="arm", columns="readout", values="ratio")[readouts].round(2)


# %% [markdown]
# ## Before the runs: look
#
# In JupyterLab this cell is the page of `gutexo page`: the same young mouse twice, once given
# exosomes of old mice. Play a week of it. Who would you ask what it hears? Its lesson of six
# chapters is another hour.

# %%
gut.watch("young + old exosomes", "young + vehicle", seed=1)

# %% [markdown]
# ## Run 1: who hears what?
#
# Young mice get parcels that we pack ourselves, one kind of cargo each, for four weeks: cargo
# that disrupts tight junctions, that inflames, that blocks insulin signalling, that protects, and
# empty ones.
#
# **Predict**, for each parcel: leak (FITC-dextran), inflammation (plasma TNF), insulin resistance
# (HOMA-IR): up, down or unchanged? Which parcel changes more than one of them, and by which way?
#
# | parcel | leak | TNF | HOMA-IR | my reason |
# |---|---|---|---|---|
# | junctions | | | | |
# | inflammation | | | | |
# | insulin | | | | |
# | protection | | | | |
# | empty | | | | |

# %%
PARCELS = {
    "junctions": {"barrier": 50},
    "inflammation": {"inflammatory": 50},
    "insulin": {"insulin_resistance": 50},
    "protection": {"protective": 50},
    "empty": {},
}
READOUTS = ["FITC-dextran", "plasma TNF", "HOMA-IR"]


def arm(name, cargo):
    """Young mice that get such a parcel every day."""
    doses = gut.GiveExosomes(source=gut.designed_exosomes(1700, name=name, **cargo))
    return gut.Scenario(name=name, interventions=(doses,))


messages = gut.Study(
    name="messages",
    question="Who hears what?",
    arms=(gut.Scenario(name="no parcel"), *(arm(name, cargo) for name, cargo in PARCELS.items())),
    comparisons=tuple((name, "no parcel") for name in PARCELS),
).change(gut.QUICK)
responses = gut.compare(messages, replicates=3, seed=1, workers=2)
ratios(responses, READOUTS)

# %% [markdown]
# **Explain.** Follow one message from hop to hop. An inflaming parcel is heard by macrophages of
# the gut wall, which send TNF into the blood; who hears TNF? The same parcel, and TNF, also turn
# cells of gut and organs senescent (`gut induced share`). A parcel for insulin signalling
# needs no TNF at all: how do you see that in the table? And what did the empty parcels do, though
# as many of them travelled?
#
# ## Run 2: grow old with a cut wire
#
# Now mice live from 3 to 21 months, and one wire is cut from their first day: no exosome gets
# through the mucus; nobody makes TNF; no bacteria; production of senescent cells, which rises
# with age, is stopped.
#
# **Predict**: which cut leaves the old mouse most like a young one? Which readout does it save,
# which not?

# %%
from gutexo.analysis.ablations import ABLATIONS

chosen = ("nothing cut", "no exosome uptake", "no TNF", "no microbiota", "no senescence")
ablations = {one.name: one for one in ABLATIONS if one.name in chosen}
DAYS = 545
whole = gut.Scenario(name="a life", duration=DAYS).change(gut.QUICK)
life = gut.Study(name="a life", arms=(whole,))
lives = gut.Study(
    name="lives with a cut wire",
    question="Which wire carries ageing?",
    arms=tuple(one.apply(life).arms[0].named(name) for name, one in ablations.items()),
    comparisons=tuple((name, "nothing cut") for name in ablations if name != "nothing cut"),
)
lived = gut.compare(lives, replicates=2, seed=1, workers=2)
lived.figure("life")


# %%
def late_over_early(name, readout):
    """Last two months of the record over its first two, mean over mice."""
    lines = lived.data[readout].sel(scenario=name)
    return float((lines[:, -60:].mean("time") / lines[:, :60].mean("time")).mean())


change = {r: {name: late_over_early(name, r) for name in ablations} for r in READOUTS}
pd.DataFrame(change).round(2)

# %% [markdown]
# **Explain.** Each mouse is compared with its own youth, so chance weighs heavily: two mice a
# life, whose senescent cells come and go. Call a difference clear only if it is large beside how
# the mice of one life differ.
#
# - Where the production of senescent cells that rises with age is cut, hardly any drift is left:
#   in this model it *is* the clock. That was put in; it is no discovery. Chance still makes some
#   senescent cells: does a line rise for a while and come back?
# - The other wires carry what the clock says. Which of them does which readout depend on?
# - A germ-free mouse grows less leaky with age: without products of bacteria its senescent cells
#   secrete little. The numbers were searched for this, too, so it is no prediction. Which other
#   wire does a life without bacteria cut?
# - See where each line *begins*. Flat is not the same as young: a mouse that hears no exosomes
#   misses those of its own young gut, too, and they protect.
# - TNF of mice that make none says nothing, of course.
#
# ## Run 3: a second opinion, without mice
#
# One mouse is an anecdote. The loop from leak over LPS and macrophages back to leak can be asked
# for its gain: a small push is amplified 1 / (1 - gain) times. At gain 1 it would run away.
#
# **Predict**: is the loop stronger in old mice or in young ones? Through TNF alone or through
# everything?

# %%
from gutexo.analysis.ablations import loop_gains

gains = pd.DataFrame(
    [(g.age, g.through, g.gain) for g in loop_gains()], columns=["age", "through", "gain"]
)
gains["amplified"] = 1 / (1 - gains.gain)
gains.round(3)

# %%
figure, axes = plt.subplots(figsize=(5, 2.4), layout="constrained")
axes.barh([f"{g.age}, {g.through}" for g in gains.itertuples()], gains.gain, color="#0072B2")
axes.set(xlabel="gain of the barrier's loop", title="A simulated gut; not people")
plt.show()

# %% [markdown]
# **Explain.** Whatever the sign of your surprise: is a conversation that amplifies so little able
# to keep itself going after the first speaker falls silent? (Something else lasts: induced cells
# stay senescent until they are cleared, and mitochondria change over weeks. That part of the
# benefit lasts for a month was reported, and the numbers were searched for it.)
#
# ## What this lesson may not claim
#
# - The model was built to be able to show that old exosomes harm. That it does is no evidence
#   that they do.
# - Most of its numbers are assumed (notebook 5), and effects of transferred exosomes hang on
#   them.
# - Dose, route and schedule of the study behind it are not known. Only secondary reports were
#   read.
# - Mice of one kind, in a computer. People have more organs, longer lives, and other guts.
#
# To discuss: what experiment in real mice would prove the idea of a message wrong? Which control
# would you ask for first, and why is vehicle alone not enough?
#
# ## Exercises
#
# 1. Cut the wire at the receiver: block TNF (`gut.treatments.CytokineBlockade`) in young mice
#    that get the inflaming parcel. Does HOMA-IR still rise? And plasma TNF?
#    (`solutions/07_teaching_ageing_as_signalling_1.py`)
# 2. Two messages at once: junctions and inflammation in one parcel. Is its effect on plasma TNF
#    more than the two single ones together (ratios multiplied)?
#    (`solutions/07_teaching_ageing_as_signalling_2.py`)
