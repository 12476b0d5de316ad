"""The box of dose, interval, duration and route: in what share do the reported signs hold?

Run: python experiments/dose_and_duration.py [--quick] [--out DIR]
"""

from _common import MICE_ONLY, options

import simulation as gut

if __name__ == "__main__":
    from simulation.analysis.box import shares, signs
    from simulation.figures.style import save

    asked = options(__doc__)
    result = gut.compare(asked.coarse(gut.study("dose and duration")), **asked.run)
    asked.out.mkdir(parents=True, exist_ok=True)
    figure = result.figure("dose_and_duration")
    print(save(figure, asked.out / "dose_and_duration", force=True)[0])
    print("\n".join(shares(signs(result.data))))
    print(MICE_ONLY)
