"""Glucose and insulin: what the liver makes, what muscle and fat use, what beta cells secrete.

Topp's model with three additions, each of which can be switched off: production that insulin
suppresses (`suppression` 0 is Topp's constant production), uptake that saturates beyond the range
of the animal's own insulin, and counter-regulation in hypoglycaemia. Levels in mg/dL and uU/mL,
times in minutes, beta-cell mass in mg and days. The argument `g` is always the record of rates
that `gutexo.body.glycaemia.glucose_rates` makes.

References:
    Topp et al. 2000, J Theor Biol 206:605. The additions are assumed.
"""

from __future__ import annotations

from gutexo.biology.exact import exp
from gutexo.compiled import rule

HALVINGS = 64  # of a bracket of some 10^3 mg/dL: well below the last bit of the answer


@rule
def peripheral(g, muscle, adipose):
    """Insulin sensitivity of the periphery: muscle and fat by their share of uptake."""
    return g.muscle_share * muscle + (1.0 - g.muscle_share) * adipose


@rule
def action(g, insulin):
    """Action to which plasma insulin drives tissues, as insulin (uU/mL).

    Proportional in the range of the animal's own insulin, then saturating; value and slope are
    continuous where saturation sets in.
    """
    above = insulin - g.linear_insulin
    if above <= 0.0:
        return insulin
    return g.linear_insulin + above / (1.0 + above / g.saturation)


@rule
def production(g, liver, acting, glucose):
    """Glucose the liver releases (mg/dL/min).

    Args:
        g: Rates.
        liver: Insulin sensitivity of the liver, 1 in a healthy young mouse.
        acting: Insulin action (uU/mL).
        glucose: Plasma glucose (mg/dL); a low one calls for more, whatever the insulin.
    """
    heard = g.suppression * liver * acting / g.reference_insulin
    made = g.production * (1.0 + g.suppression) / (1.0 + heard)
    if glucose < g.counter_threshold:
        made = made + g.production * g.counter_gain * (1.0 - glucose / g.counter_threshold)
    return made


@rule
def uptake(g, periphery, acting, glucose):
    """Glucose that tissues use (mg/dL/min), without insulin and by its action (uU/mL)."""
    return (g.effectiveness + g.uptake * periphery * acting) * glucose


@rule
def first_pass(g, liver):
    """Share of absorbed glucose that the liver takes before it reaches the body.

    `first_pass` in a healthy liver, twice that at most, less where the liver resists insulin.
    """
    return g.first_pass * 2.0 * liver / (1.0 + liver)


@rule
def secretion(g, mass, glucose):
    """Insulin that a beta-cell mass (mg) secretes at a glucose level (uU/mL/min)."""
    square = glucose * glucose
    return mass * g.secretion * square / (g.secretion_half + square)


@rule
def fasting(g, mass, liver, periphery):
    """Fasting glucose and insulin, where production meets use and secretion meets clearance.

    Production falls and uptake rises with glucose, so the answer is unique and bisection with a
    fixed number of halvings finds it.

    Args:
        g: Rates.
        mass: Beta-cell mass (mg).
        liver: Insulin sensitivity of the liver.
        periphery: Insulin sensitivity of the periphery, as `peripheral` gives it.

    Returns:
        Glucose (mg/dL) and insulin (uU/mL).
    """
    low = 0.0
    high = g.counter_threshold + g.production * (1.0 + g.suppression) / g.effectiveness
    for _ in range(HALVINGS):
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
    """Relative growth of the beta-cell mass (1/d): glucose feeds it, high glucose destroys it.

    It vanishes at a stable level (100 mg/dL) and at the threshold of decompensation (250 mg/dL),
    both moved by `beta_root`.
    """
    level = glucose - g.beta_root
    return g.beta_gain * level - g.beta_toxicity * level * level - g.beta_death


@rule
def advance_beta(g, mass, glucose, adaptation, days):
    """Beta-cell mass (mg) after some days at a glucose level (mg/dL).

    Args:
        g: Rates.
        mass: Mass now (mg).
        glucose: Fasting glucose (mg/dL), on whose scale Topp's steady levels are.
        adaptation: Factor on gain and loss; 1 is Topp's speed.
        days: Time (d).
    """
    return mass * exp(adaptation * beta_growth(g, glucose) * days)
