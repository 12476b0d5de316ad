"""TNF is made, but its action is blocked."""

import gutexo as gut

parcel = gut.GiveExosomes(source=gut.designed_exosomes(1700, inflammatory=50, name="inflammation"))
blockade = gut.treatments.CytokineBlockade(which=("TNF",), share=1.0)
study = gut.Study(
    name="TNF blocked",
    arms=(
        gut.Scenario(name="no parcel"),
        gut.Scenario(name="parcel", interventions=(parcel,)),
        gut.Scenario(name="blocked", interventions=(blockade,)),
        gut.Scenario(name="blocked, parcel", interventions=(blockade, parcel)),
    ),
).change(gut.QUICK)

if __name__ == "__main__":
    result = gut.compare(study, replicates=3, seed=1)
    found = {}
    for readout in ("plasma TNF", "HOMA-IR"):
        free = result.difference(readout, "parcel", "no parcel").ratio
        blocked = result.difference(readout, "blocked, parcel", "blocked").ratio
        found[readout] = (free, blocked)
        print(f"{readout}: x {free:.3f} where TNF acts, x {blocked:.3f} where it is blocked")
    # TNF is still made; what it does to insulin signalling is gone. LPS in the liver is left.
    assert found["plasma TNF"][1] > 1.05
    assert abs(found["HOMA-IR"][1] - 1) < 0.5 * (found["HOMA-IR"][0] - 1)
