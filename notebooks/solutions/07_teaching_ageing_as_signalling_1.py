"""The message is sent, but nobody hears TNF."""

import gutexo as gut

parcel = gut.GiveExosomes(source=gut.designed_exosomes(1700, inflammatory=50, name="inflammation"))
deaf = gut.treatments.CytokineBlockade(which=("TNF",), share=1.0)
study = gut.Study(
    name="deaf to TNF",
    arms=(
        gut.Scenario(name="no parcel"),
        gut.Scenario(name="parcel", interventions=(parcel,)),
        gut.Scenario(name="deaf", interventions=(deaf,)),
        gut.Scenario(name="deaf, parcel", interventions=(deaf, parcel)),
    ),
).change(gut.QUICK)

if __name__ == "__main__":
    result = gut.compare(study, replicates=3, seed=1)
    found = {}
    for readout in ("plasma TNF", "HOMA-IR"):
        heard = result.difference(readout, "parcel", "no parcel").ratio
        blocked = result.difference(readout, "deaf, parcel", "deaf").ratio
        found[readout] = (heard, blocked)
        print(f"{readout}: x {heard:.3f} where TNF is heard, x {blocked:.3f} where it is not")
    # TNF is still made; what it does to insulin signalling is gone.
    assert found["plasma TNF"][1] > 1.05
    assert abs(found["HOMA-IR"][1] - 1) < 0.2 * (found["HOMA-IR"][0] - 1)
