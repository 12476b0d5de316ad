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
# # 4. Your own intervention
#
# An intervention does two things at most: it multiplies named rates while it acts (`modifiers`),
# and it gives doses at times (`doses`). A few lines make a new one; nothing in the package has to
# be touched. **Simulated mice; nothing here speaks for people.** An invented tea that helps here
# helps in a model, by a strength that we made up.

# %%
import gutexo as gut
from gutexo.catalogue.rates import RATE_NAMES

print(len(RATE_NAMES), "rates may be multiplied, among them:")
print([name for name in RATE_NAMES if name.startswith(("tight_junction", "exosome", "tnf"))])

# %% [markdown]
# ## Modifiers: a tea that speeds the repair of tight junctions
#
# Fields are checked: pydantic's `Field` gives a range. `start` and `stop` come from the base
# class.

# %%
from pydantic import Field


class TeaForJunctions(gut.Intervention):
    """A tea that speeds tight-junction repair, the more the longer it is drunk."""

    strength: float = Field(default=1.0, ge=0, le=10)
    days_to_full: float = Field(default=3.0, gt=0, le=100)

    def modifiers(self, day):
        return {"tight_junction.repair": 1 + self.strength * min(1, (day + 1) / self.days_to_full)}


for fields in ({"strength": 99}, {"strenght": 1}, {"start": "3 kg"}):
    try:
        TeaForJunctions(**fields)
    except gut.GutexoError as error:
        print("refused:", error)

# %% [markdown]
# ## Doses: a gut that is hurt, and LPS by mouth
#
# A dose has a time in hours, a substance, an amount and a route.

# %%


class BadWeek(gut.Intervention):
    """Epithelium is laid bare once a day for some days, with LPS swallowed each time."""

    share: float = Field(default=0.2, ge=0, le=1)
    days: int = Field(default=7, ge=0, le=100)

    def doses(self):
        given = []
        for day in range(self.days):
            hour = 24 * (self.start + day)
            given.append(gut.Dose(hour, "injury", self.share))
            given.append(gut.Dose(hour, "LPS", 1.0, "gavage"))
        return given


BadWeek(start="2 d").doses()[:2]

# %% [markdown]
# ## A study of them
#
# A scenario is a mouse and what is done to it; a study is scenarios and comparisons. Quick mice,
# young ones, so that nobody has to be raised for two years. They are a coarser gut than default
# mice.
#
# **Predict first**: does tea help more if it is drunk before the bad week, or only after it
# began?

# %%
bad = BadWeek(start="7 d")
study = gut.Study(
    name="tea in a bad week",
    question="Does tea help a gut in a bad week, and when must it be drunk?",
    arms=(
        gut.Scenario(name="left alone", duration=21),
        gut.Scenario(name="bad week", interventions=(bad,), duration=21),
        gut.Scenario(name="tea before", interventions=(bad, TeaForJunctions()), duration=21),
        gut.Scenario(
            name="tea late", interventions=(bad, TeaForJunctions(start="10 d")), duration=21
        ),
    ),
    comparisons=(
        ("bad week", "left alone"),
        ("tea before", "bad week"),
        ("tea late", "bad week"),
    ),
).change(gut.QUICK)
result = gut.compare(study, replicates=4, seed=1)
result.plot("FITC-dextran", "junction integrity", "plasma TNF")

# %%
for arm, comparator in study.comparisons:
    for day in (12, 21):
        e = result.difference("FITC-dextran", arm, comparator, day=day)
        print(
            f"day {day}: {arm:11} / {comparator:10} x {e.ratio:.2f} "
            f"({e.ratio_low:.2f} to {e.ratio_high:.2f})"
        )

# %% [markdown]
# Watch the bad week come (in JupyterLab): the wall, its cells, its exosomes, with tea and without.

# %%
gut.watch(study.arms[2], study.arms[1], seed=1)

# %% [markdown]
# Read both days. In the bad week dextran passes bare epithelium, which a tea for *junctions* does
# not cover: what it can do about the leak then is limited. On the last day the wall has nearly
# healed, and what the tea does then it does to junctions, hurt or not: an arm with tea and no bad
# week is missing here. Look at plasma TNF, too: does it respond to the tea?
#
# ## A failure is data
#
# A wrong name of a rate is refused before the first mouse is run. What else is wrong in an
# intervention of your own may show in a mouse only. The others go on, and the result says who
# failed, when, and why.

# %%


class ForgetsOnDayFive(gut.Intervention):
    """A faulty one: its plan ends on its fifth day."""

    def modifiers(self, day):
        plan = [1.5, 1.5, 1.4, 1.3, 1.2]
        return {"tight_junction.repair": plan[int(day)]}


arms = (
    gut.Scenario(name="fine", duration=7),
    gut.Scenario(name="faulty", interventions=(ForgetsOnDayFive(),), duration=7),
)
faulty = gut.compare(
    gut.Study(name="a faulty arm", arms=arms).change(gut.QUICK), replicates=2, seed=1
)
for failure in faulty.failures:
    print({name: failure[name] for name in ("scenario", "replicate", "day", "stage", "reason")})
faulty

# %% [markdown]
# ## Exercises
#
# 1. Write `ClosedWall`, which keeps exosomes from crossing (`exosome.mucus_entry` times 0), and
#    show that designed inflammatory exosomes then do nothing to plasma TNF.
#    (`solutions/04_your_own_intervention_1.py`)
# 2. Write `MealOfVesicles`, which gives one dose of a vial of protective exosomes every third
#    day. After four weeks, is there an effect on HOMA-IR of young mice?
#    (`solutions/04_your_own_intervention_2.py`)
