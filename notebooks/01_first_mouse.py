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
# # 1. A first mouse
#
# Two lines raise a young mouse and draw four weeks of it. The rules are compiled once, the first
# time they are used (half a minute); after that it takes seconds.
#
# **Simulated mice; nothing here speaks for people.** A mouse here is a hypothesis written in
# numbers, most of which are assumed (notebook 5 says which).

# %%
import gutexo as gut

gut.simulate(gut.scenario("young mouse"), seed=1).plot()

# %% [markdown]
# Four weeks of one untreated mouse. It is not flat: cells turn over, exosomes arrive one by one,
# and its senescent cells come and go.
#
# ## What a mouse is
#
# A mouse is a Mesa model. Its clock runs in hours, and it starts at an age of 90 days.

# %%
mouse = gut.Mouse(seed=1)
mouse

# %% [markdown]
# It is made of agents: slices of gut wall (`BarrierSegment`), cells (`Enterocyte`,
# `Macrophage`, `Hepatocyte`, `Myocyte`, `Adipocyte`) and exosomes. One `Exosome` agent is a
# packet: it stands for a great many real particles that travel together. How many is a setting,
# not biology.

# %%
segments = mouse.agents.select(agent_type=gut.BarrierSegment)
print(segments.groupby("region").count())
print("weakest segment:", round(segments.agg("ter", min), 1), "ohm cm2")
print(mouse.agents_by_type[gut.Exosome].groupby("place").count())

# %% [markdown]
# Look at one exosome and at one macrophage. Cargo is counted in units on four axes; what an
# exosome does to the cell that opens it follows from that cargo alone, never from the age of its
# sender.

# %%
exosome = next(e for e in mouse.agents_by_type[gut.Exosome] if e.place == "lumen")
macrophage = next(iter(mouse.agents_by_type[gut.Macrophage]))
print(exosome.place, "of segment", exosome.segment, exosome.cargo)
print("activation of a macrophage:", round(macrophage.activation, 3))

# %% [markdown]
# ## Read it, and run on
#
# `measure` reads every observable without disturbing the mouse: assays are done on a frozen copy.
# Every observable has a unit and a meaning.

# %%
reading = mouse.measure()
for name in ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR"):
    print(f"{name:12} {reading[name]:6.2f} {gut.OBSERVABLES[name].unit:7} ", end="")
    print(gut.OBSERVABLES[name].meaning)

# %%
mouse.run_for("14 d")  # a number alone would be hours
print("age", mouse.age, "d; days on record:", len(mouse.recorder.days))

# %% [markdown]
# The recorder holds every observable once a day.

# %%
import matplotlib.pyplot as plt

figure, axes = plt.subplots(figsize=(6, 2.6), layout="constrained")
axes.plot(mouse.recorder.days, mouse.recorder["plasma TNF"], "o-")
axes.set(xlabel="day", ylabel=f"plasma TNF ({gut.OBSERVABLES['plasma TNF'].unit})")
axes.set_title("One simulated mouse, seed 1")
plt.show()
# %% [markdown]
# ## The seed is the animal
#
# The seed fixes who a mouse is and all its chances. The same seed is the same mouse, to the last
# bit, on any machine. Another seed is another animal. One animal proves nothing.

# %%
again, other = gut.Mouse(seed=1), gut.Mouse(seed=2)
for m in (again, other):
    m.run_for("14 d")
print("same seed, same mouse:", again.measure() == mouse.measure())
print(
    "another seed:",
    round(other.measure()["HOMA-IR"], 2),
    "against",
    round(mouse.measure()["HOMA-IR"], 2),
)

# %% [markdown]
# ## Exercises
#
# 1. Raise ten young mice (seeds 0 to 9). How far do their FITC-dextran readings differ: what is
#    the standard deviation against the mean? Which of them is the leakiest?
#    (`solutions/01_first_mouse_1.py`)
# 2. Where along the gut are most exosomes of the lumen? Count them by region, then a segment of
#    each region, since regions differ in length. (`solutions/01_first_mouse_2.py`)
#
# Mice are not people: nothing here is medical advice.
