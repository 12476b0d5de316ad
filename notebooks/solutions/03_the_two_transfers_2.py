"""Exosomes that carry nothing do nothing, whoever sends them."""

import gutexo as gut

vial = gut.designed_exosomes(1700, name="empty")
study = gut.Study(
    name="empty exosomes",
    arms=(
        gut.Scenario(name="vehicle"),
        gut.Scenario(name="empty", interventions=(gut.GiveExosomes(source=vial),)),
    ),
).change(gut.QUICK)

if __name__ == "__main__":
    result = gut.compare(study, replicates=2, seed=1)
    for readout in ("FITC-dextran", "plasma TNF", "HOMA-IR"):
        e = result.difference(readout, "empty", "vehicle")
        print(f"{readout}: x {e.ratio:.6f}")
        # The packets travel and are opened; there is nothing in them to act.
        assert abs(e.ratio - 1) < 1e-6
