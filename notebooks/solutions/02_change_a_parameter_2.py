"""Three doses of one vial: more does more, but not in proportion."""

import gutexo as gut

vial = gut.designed_exosomes(1700, barrier=60, name="designed")
arms = [gut.Scenario(name="vehicle", duration=14)]
for dose in (0.3, 1.0, 3.0):
    given = gut.GiveExosomes(source=vial, equivalents=dose, repeats=14)
    arms.append(gut.Scenario(name=f"dose {dose:g}", interventions=(given,), duration=14))
study = gut.Study(name="three doses", arms=tuple(arms)).change(gut.QUICK)

if __name__ == "__main__":
    result = gut.compare(study, replicates=4, seed=1, workers=2)
    found = [result.difference("FITC-dextran", arm.name, "vehicle") for arm in arms[1:]]
    for one in found:
        print(f"{one.arm}: x {one.ratio:.3f} ({one.ratio_low:.3f} to {one.ratio_high:.3f})")
    low, middle, high = (one.ratio - 1 for one in found)
    print(f"three times the dose does {high / middle:.1f} times as much")
    assert 0 < low < middle < high
    assert high < 3 * middle  # the response saturates
