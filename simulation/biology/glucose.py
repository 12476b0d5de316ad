"""Glucose and insulin: production by the liver, use by muscle and fat, secretion by beta cells.

This is Topp's model with three additions, each of which can be switched off: suppression of
production by insulin (`suppression` 0 is Topp's constant production), saturation of uptake above
the range of the animal's own insulin, and counter-regulation in hypoglycaemia. Levels are in mg/dL
and uU/mL, times in minutes; beta cells are in mg and days. The argument `g` is always the
record of rates made by `gutexo.body.assays.glycaemia.glucose_rates`.

References:
    Topp et al. 2000, J Theor Biol 206:605. The additions are assumed.
"""

from __future__ import annotations

from gutexo.biology.portable_math import exp
from gutexo.compiled import rule

BISECTION_STEPS = 64  # halvings of a bracket of about 10^3 mg/dL: below the last bit of the result


@rule
def peripheral_sensitivity(g, muscle, adipose):
    """Insulin sensitivity of the periphery: muscle and fat, weighted by their share of uptake."""
    return g.muscle_share * muscle + (1.0 - g.muscle_share) * adipose


@rule
def action(g, insulin):
    """Insulin action in tissues that plasma insulin leads to, expressed as insulin (uU/mL).

    It is proportional in the range of the animal's own insulin and saturates above; value and
    slope are continuous where saturation begins.
    """
    above = insulin - g.linear_insulin
    if above <= 0.0:
        return insulin
    return g.linear_insulin + above / (1.0 + above / g.saturation)


@rule
def production(g, liver, acting, glucose):
    """Glucose that the liver releases (mg/dL/min).

    Args:
        g: Rates.
        liver: Insulin sensitivity of the liver, 1 in a healthy young mouse.
        acting: Insulin action (uU/mL).
        glucose: Plasma glucose (mg/dL); a low one increases production, whatever the insulin.
    """
    suppressed = g.suppression * liver * acting / g.reference_insulin
    made = g.production * (1.0 + g.suppression) / (1.0 + suppressed)
    if glucose < g.counter_threshold:
        made = made + g.production * g.counter_gain * (1.0 - glucose / g.counter_threshold)
    return made


@rule
def uptake(g, periphery, acting, glucose):
    """Glucose that tissues use (mg/dL/min), without insulin and through its action (uU/mL)."""
    return (g.effectiveness + g.uptake * periphery * acting) * glucose


@rule
def first_pass(g, liver):
    """Share of absorbed glucose that the liver takes before it reaches the body.

    It is `first_pass` in a healthy liver, at most twice that, and less where the liver resists
    insulin.
    """
    return g.first_pass * 2.0 * liver / (1.0 + liver)


@rule
def secretion(g, mass, glucose):
    """Insulin that a beta-cell mass (mg) secretes at a glucose level (uU/mL/min)."""
    square = glucose * glucose
    return mass * g.secretion * square / (g.secretion_half + square)


@rule
def fasting_levels(g, mass, liver, periphery):
    """Fasting glucose and insulin: production equals use, and secretion equals clearance.

    Production falls and uptake rises with glucose, so the solution is unique, and bisection with a
    fixed number of halvings finds it.

    Args:
        g: Rates.
        mass: Beta-cell mass (mg).
        liver: Insulin sensitivity of the liver.
        periphery: Insulin sensitivity of the periphery, from `peripheral_sensitivity`.

    Returns:
        Glucose (mg/dL) and insulin (uU/mL).
    """
    low = 0.0
    high = g.counter_threshold + g.production * (1.0 + g.suppression) / g.effectiveness
    for _ in range(BISECTION_STEPS):
        glucose = 0.5 * (low + high)
        acting = action(g, secretion(g, mass, glucose) / g.insulin_clearance)
        if production(g, liver, acting, glucose) > uptake(g, periphery, acting, glucose):
            low = glucose
        else:
            high = glucose
    glucose = 0.5 * (low + high)
    return glucose, secretion(g, mass, glucose) / g.insulin_clearance


@rule
def beta_growth(g, glucose):
    """Relative growth of the beta-cell mass (1/d): glucose increases it, high glucose decreases it.

    It is zero at a stable level (100 mg/dL) and at the threshold of decompensation (250 mg/dL),
    both shifted by `beta_root`.
    """
    level = glucose - g.beta_root
    return g.beta_gain * level - g.beta_toxicity * level * level - g.beta_death


@rule
def advance_beta(g, mass, glucose, adaptation, days):
    """Beta-cell mass (mg) after some days at a glucose level (mg/dL), exact.

    The mass multiplies or is lost with glucose; a trace of it arises anew, from other cells.

    Args:
        g: Rates.
        mass: Mass now (mg).
        glucose: Fasting glucose (mg/dL); Topp's steady levels are on the same scale.
        adaptation: Factor on gain and loss; 1 is Topp's speed.
        days: Time (d).
    """
    rate = adaptation * beta_growth(g, glucose)
    factor = exp(rate * days)
    grown = days if abs(rate) * days < 1e-9 else (factor - 1.0) / rate
    return mass * factor + adaptation * g.beta_neogenesis * grown
