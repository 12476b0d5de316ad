"""Protective vesicles by mouth every third day."""

from typing import Any

import gutexo as gut


class MealOfVesicles(gut.Intervention):
    """One dose of a vial every third day, by mouth."""

    vial: Any
    meals: int = 9

    def doses(self):
        hours = [24 * (self.start + 3 * n) for n in range(self.meals)]
        amount = self.vial.equivalent
        return [gut.Dose(hour, "exosomes", amount, "gavage", self.vial) for hour in hours]


vial = gut.designed_exosomes(1700, protective=60, name="protective")
study = gut.Study(
    name="vesicle meals",
    arms=(
        gut.Scenario(name="plain food"),
        gut.Scenario(name="vesicle meals", interventions=(MealOfVesicles(vial=vial),)),
    ),
).change(gut.QUICK)

if __name__ == "__main__":
    result = gut.compare(study, replicates=4, seed=1)
    e = result.difference("HOMA-IR", "vesicle meals", "plain food")
    print(f"HOMA-IR x {e.ratio:.3f} ({e.ratio_low:.3f} to {e.ratio_high:.3f})")
    # A benefit in this model; its size hangs on insulin.cargo_protection, which has no source.
    assert e.ratio_high < 1
