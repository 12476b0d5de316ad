"""A wall that no exosome crosses: the messages stay in the lumen."""

import gutexo as gut

vial = gut.designed_exosomes(1700, inflammatory=40, name="inflammatory")
given = gut.GiveExosomes(source=vial)


class ClosedWall(gut.Intervention):
    """Mucus that lets no exosome in."""

    def modifiers(self, day):
        return {"exosome.mucus_entry": 0.0}


study = gut.Study(
    name="closed wall",
    arms=(
        gut.Scenario(name="vehicle"),
        gut.Scenario(name="exosomes", interventions=(given,)),
        gut.Scenario(name="wall closed", interventions=(ClosedWall(),)),
        gut.Scenario(name="exosomes, wall closed", interventions=(ClosedWall(), given)),
    ),
).change(gut.QUICK)

if __name__ == "__main__":
    result = gut.compare(study, replicates=3, seed=1)
    opened = result.difference("plasma TNF", "exosomes", "vehicle")
    closed = result.difference("plasma TNF", "exosomes, wall closed", "wall closed")
    print(f"plasma TNF: x {opened.ratio:.3f} through an open wall, x {closed.ratio:.3f} else")
    assert opened.ratio > 1.02
    assert abs(closed.ratio - 1) < 0.1 * (opened.ratio - 1)
