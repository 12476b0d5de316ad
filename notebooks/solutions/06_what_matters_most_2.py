"""One number moved in quick mice and in their twin."""

import numpy as np

import gutexo as gut
from gutexo.analysis.twin import from_twin

leak = gut.Parameters().barrier.leak
ends = (leak / 1.5, leak * 1.5)

twin = [from_twin({"barrier.leak": v}, mice=3, seed=1)["young FITC-dextran"] for v in ends]
mice = []
for value in ends:
    parameters = gut.Parameters().change(gut.QUICK).change({"barrier.leak": value})
    read = [gut.Mouse(parameters, seed=s).measure()["FITC-dextran"] for s in range(6)]
    mice.append(np.exp(np.mean(np.log(read))))

by_twin, by_mice = (np.log(high / low) for low, high in (twin, mice))
print(f"change of log leak: twin {by_twin:.2f}, quick mice {by_mice:.2f}")
print(f"level: twin {twin[1]:.1f}, quick mice {mice[1]:.1f} ug/mL: a coarse gut is another gut")

assert by_twin > 0 and by_mice > 0
assert abs(by_twin - by_mice) < 0.2
