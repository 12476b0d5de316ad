"""The rescue of old mice over the one coupling that has no source, by the mean-field model."""

import gutexo as gut
from gutexo.analysis.mean_field_outcomes import evaluate_mean_field

NAME, QUESTION = "insulin.cargo_protection", "young-to-old-insulin-resistance"
default = gut.Parameters().insulin.cargo_protection
factors = (0, 0.5, 1, 2)
rescue = [evaluate_mean_field({NAME: default * f}, mice=3, seed=1)[QUESTION] for f in factors]

for factor, ratio in zip(factors, rescue, strict=True):
    print(f"{factor:g} times the default: HOMA-IR x {ratio:.3f}")

assert rescue == sorted(rescue, reverse=True)  # more protection, more rescue
assert abs(rescue[0] - 1) < 0.25 * abs(rescue[2] - 1)  # without it hardly any is left
