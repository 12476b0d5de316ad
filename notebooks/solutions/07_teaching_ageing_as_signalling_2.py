"""Two messages in one parcel against each alone."""

import gutexo as gut

PARCELS = {
    "junctions": {"barrier": 50},
    "inflammation": {"inflammatory": 50},
    "both": {"barrier": 50, "inflammatory": 50},
}
arms = [gut.Scenario(name="no parcel")]
for name, cargo in PARCELS.items():
    given = gut.GiveExosomes(source=gut.designed_exosomes(1700, name=name, **cargo))
    arms.append(gut.Scenario(name=name, interventions=(given,)))
study = gut.Study(name="two messages", arms=tuple(arms)).change(gut.QUICK)

if __name__ == "__main__":
    result = gut.compare(study, replicates=4, seed=1, workers=2)
    ratio = {name: result.difference("plasma TNF", name, "no parcel").ratio for name in PARCELS}
    product = ratio["junctions"] * ratio["inflammation"]
    print(", ".join(f"{name} x {value:.3f}" for name, value in ratio.items()))
    print(f"the two alone, multiplied: x {product:.3f}")
    # A leakier wall lets in more of the LPS with which inflammatory cargo works.
    assert ratio["both"] > max(ratio["junctions"], ratio["inflammation"]) > 1
