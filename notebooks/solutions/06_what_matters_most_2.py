"""One number moved in quick mice and in the mean-field model."""

import numpy as np

import gutexo as gut
from gutexo.analysis.mean_field_outcomes import evaluate_mean_field

leak = gut.Parameters().barrier.leak
ends = (leak / 1.5, leak * 1.5)

means = [
    evaluate_mean_field({"barrier.leak": v}, mice=3, seed=1)["young FITC-dextran"] for v in ends
]
mice = []
for value in ends:
    parameters = gut.Parameters().change(gut.QUICK).change({"barrier.leak": value})
    read = [gut.Mouse(parameters, seed=s).measure()["FITC-dextran"] for s in range(6)]
    mice.append(np.exp(np.mean(np.log(read))))

by_means, by_mice = (np.log(high / low) for low, high in (means, mice))
print(f"change of log leak: mean-field model {by_means:.2f}, quick mice {by_mice:.2f}")
print(f"level: mean-field model {means[1]:.1f}, quick mice {mice[1]:.1f} ug/mL")
print("a coarse gut is another gut")

assert by_means > 0 and by_mice > 0
assert abs(by_means - by_mice) < 0.2
