"""The rescue of old mice, without a coupling that has no source."""

import gutexo as gut

PAIR = ("HOMA-IR", "old + young exosomes", "old + vehicle")

if __name__ == "__main__":
    # Two arms are enough, so that no old donors need be raised.
    arms = tuple(gut.scenario(name) for name in PAIR[1:])
    study = gut.Study(name="rescue", arms=arms).change(gut.QUICK)
    whole = gut.compare(study, replicates=6, seed=1, workers=2).difference(*PAIR)
    uncoupled = study.change({"insulin.cargo_protection": 0})
    without = gut.compare(uncoupled, replicates=6, seed=1, workers=2).difference(*PAIR)

    for name, e in (("as it stands", whole), ("coupling removed", without)):
        print(f"{name}: HOMA-IR x {e.ratio:.2f} ({e.ratio_low:.2f} to {e.ratio_high:.2f})")

    # Part of the rescue runs through it: the same mice without it are helped less.
    assert whole.ratio < without.ratio
