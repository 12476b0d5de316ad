"""Assays of glucose metabolism: HOMA-IR, tolerance tests and a clamp at constant sensitivities.

An assay starts from the fasting steady state of a beta-cell mass and three insulin sensitivities,
integrates in fixed steps over minutes and draws no random numbers; it does not use a mouse. Levels
are on the scale of Topp's constants (fasting 100 mg/dL and 10 uU/mL). There is no renal loss, so
glucose above about 400 mg/dL is not a realistic value for a mouse.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gutexo.biology.glucose import (
    action,
    fasting_levels,
    first_pass,
    peripheral_sensitivity,
    production,
    secretion,
    uptake,
)
from gutexo.catalogue.values.glucose import GlucoseParameters
from gutexo.compiled import rule

MINUTES_PER_DAY = 1440.0
STEP_MINUTES = (
    0.125  # min; halving it changes no curve by 0.1 % (0.5 min did, at the onset of saturation)
)

# State of an assay.
GLUCOSE = 0  # plasma glucose, mg/dL
ACTION = 1  # insulin action, which follows plasma insulin with a delay, uU/mL
INSULIN = 2  # plasma insulin, uU/mL
GUT = 3  # swallowed glucose not yet absorbed, mg/dL of the distribution volume
DEPOT = 4  # injected insulin not yet absorbed, uU/mL of the distribution volume
CONTROL = 5  # integral part of the clamp's controller, mg/dL/min
# Amounts that have flowed since the start, mg/dL of the distribution volume.
PRODUCED = 6
USED = 7
INFUSED = 8
FIRST_PASS_TAKEN = 9  # by the liver at first pass
N_STATES = 10

# The clamp's controller: an infusion follows the error and its integral.
CLAMP_GAIN = 0.5  # 1/min
CLAMP_INTEGRAL = 0.04  # 1/min^2
CLAMP_MINUTES = 180
CLAMP_READ_START = 150  # min; the infusion is averaged from here on


class GlucoseRates(NamedTuple):
    """Rates of glucose metabolism in mg/dL, uU/mL and minutes (beta cells: mg and days)."""

    production: float  # mg/dL/min
    effectiveness: float  # 1/min
    uptake: float  # mL/uU/min
    secretion: float  # uU/mL/min/mg
    secretion_half: float  # mg^2/dL^2
    insulin_clearance: float  # 1/min
    suppression: float
    reference_insulin: float  # uU/mL
    muscle_share: float
    linear_insulin: float  # uU/mL
    saturation: float  # uU/mL
    counter_threshold: float  # mg/dL
    counter_gain: float
    action_rate: float  # 1/min
    absorption: float  # 1/min
    first_pass: float
    insulin_absorption: float  # 1/min
    volume: float  # dL/kg
    tolerance_rise: float  # mg/dL, the whole dose in its volume
    insulin_rise: float  # uU/mL, the whole dose in its volume
    clamp_insulin: float  # uU/mL
    clamp_glucose: float  # mg/dL
    beta_gain: float  # dL/mg/d
    beta_toxicity: float  # dL^2/mg^2/d
    beta_death: float  # 1/d
    beta_root: float  # mg/dL
    beta_neogenesis: float  # mg/d
    diabetic: float  # mg/dL


def glucose_rates(glucose: GlucoseParameters) -> GlucoseRates:
    """Convert the catalogue's `glucose` group to the rates of the rules and assays.

    Args:
        glucose: Catalogue group, in catalogue units (days).

    Returns:
        The same numbers in minutes; production and uptake times the turnover of a mouse.
    """
    p = glucose
    speed = p.turnover / MINUTES_PER_DAY
    return GlucoseRates(
        production=float(p.production * speed),
        effectiveness=float(p.effectiveness * speed),
        uptake=float(p.sensitivity * speed),
        secretion=float(p.secretion / MINUTES_PER_DAY),
        secretion_half=float(p.secretion_half),
        insulin_clearance=float(p.insulin_clearance / MINUTES_PER_DAY),
        suppression=float(p.hepatic_suppression),
        reference_insulin=float(p.reference_insulin),
        muscle_share=float(p.muscle_share),
        linear_insulin=float(p.linear_insulin),
        saturation=float(p.saturation),
        counter_threshold=float(p.counter_threshold),
        counter_gain=float(p.counter_gain),
        action_rate=float(1.0 / p.action_delay),
        absorption=float(p.absorption),
        first_pass=float(p.first_pass),
        insulin_absorption=float(p.insulin_absorption),
        volume=float(p.volume),
        tolerance_rise=float(1000.0 * p.tolerance_dose / p.volume),
        insulin_rise=float(1e6 * p.insulin_dose / p.insulin_volume),
        clamp_insulin=float(p.clamp_insulin),
        clamp_glucose=float(p.clamp_glucose),
        beta_gain=float(p.beta_growth),
        beta_toxicity=float(p.beta_toxicity),
        beta_death=float(p.beta_death),
        beta_root=float(p.beta_root),
        beta_neogenesis=float(p.beta_neogenesis),
        diabetic=float(p.diabetic),
    )


@rule
def homa(glucose, insulin):
    """HOMA-IR of fasting glucose (mg/dL) and insulin (uU/mL).

    References:
        Insulin times glucose in mmol/L, divided by 22.5; 22.5 mmol/L are 405 mg/dL.
    """
    return glucose * insulin / 405.0


@rule
def state_slopes(g, mass, liver, periphery, clamped, state, out):
    """Write the slope of each state of an assay (per minute) into `out`."""
    glucose = state[GLUCOSE]
    acting = state[ACTION]
    made = production(g, liver, acting, glucose)
    used = uptake(g, periphery, acting, glucose)
    absorbed = g.absorption * state[GUT]
    taken = absorbed * first_pass(g, liver)
    injected = g.insulin_absorption * state[DEPOT]
    infusion = 0.0
    out[CONTROL] = 0.0
    out[INSULIN] = 0.0
    if clamped:
        error = g.clamp_glucose - glucose
        infusion = CLAMP_GAIN * error + state[CONTROL]
        # While glucose is above target and the pump is off, the integral must not accumulate.
        if infusion > 0.0 or error > 0.0:
            out[CONTROL] = CLAMP_INTEGRAL * error
        if infusion < 0.0:
            infusion = 0.0
    else:
        cleared = g.insulin_clearance * state[INSULIN]
        out[INSULIN] = secretion(g, mass, glucose) + injected - cleared
    out[GLUCOSE] = made + (absorbed - taken) + infusion - used
    out[ACTION] = g.action_rate * (action(g, state[INSULIN]) - acting)
    out[GUT] = -absorbed
    out[DEPOT] = -injected
    out[PRODUCED] = made
    out[USED] = used
    out[INFUSED] = infusion
    out[FIRST_PASS_TAKEN] = taken


@rule
def integrate(g, mass, liver, periphery, clamped, start, minutes, step):
    """Integrate an assay by fourth-order Runge-Kutta; return its states at every whole minute.

    Args:
        g: Rates.
        mass: Beta-cell mass (mg).
        liver: Insulin sensitivity of the liver.
        periphery: Insulin sensitivity of the periphery.
        clamped: Whether insulin is kept constant and glucose infused.
        start: float64[10], state at the start.
        minutes: Length (min, a whole number).
        step: Step (min); a minute must be a whole number of steps.

    Returns:
        float64[minutes + 1, 10].
    """
    per_minute = int(1.0 / step + 0.5)
    states = np.empty((minutes + 1, N_STATES))
    now = np.empty(N_STATES)
    trial = np.empty(N_STATES)
    first = np.empty(N_STATES)
    second = np.empty(N_STATES)
    third = np.empty(N_STATES)
    fourth = np.empty(N_STATES)
    for j in range(N_STATES):
        now[j] = start[j]
        states[0, j] = start[j]
    for minute in range(1, minutes + 1):
        for _ in range(per_minute):
            state_slopes(g, mass, liver, periphery, clamped, now, first)
            for j in range(N_STATES):
                trial[j] = now[j] + 0.5 * step * first[j]
            state_slopes(g, mass, liver, periphery, clamped, trial, second)
            for j in range(N_STATES):
                trial[j] = now[j] + 0.5 * step * second[j]
            state_slopes(g, mass, liver, periphery, clamped, trial, third)
            for j in range(N_STATES):
                trial[j] = now[j] + step * third[j]
            state_slopes(g, mass, liver, periphery, clamped, trial, fourth)
            for j in range(N_STATES):
                inner = second[j] + third[j]
                now[j] = now[j] + step / 6.0 * (first[j] + 2.0 * inner + fourth[j])
        for j in range(N_STATES):
            states[minute, j] = now[j]
    return states


@rule
def fasted_state(g, mass, liver, periphery):
    """State of an assay at its start: the fasting steady state, before anything is given."""
    state = np.zeros(N_STATES)
    glucose, insulin = fasting_levels(g, mass, liver, periphery)
    state[GLUCOSE] = glucose
    state[ACTION] = action(g, insulin)
    state[INSULIN] = insulin
    return state


@rule
def tolerance_states(g, mass, liver, periphery, step):
    """States for 120 minutes after glucose by mouth: float64[121, 10]."""
    start = fasted_state(g, mass, liver, periphery)
    start[GUT] = g.tolerance_rise
    return integrate(g, mass, liver, periphery, False, start, 120, step)


@rule
def insulin_states(g, mass, liver, periphery, step):
    """States for 60 minutes after an injection of insulin: float64[61, 10]."""
    start = fasted_state(g, mass, liver, periphery)
    start[DEPOT] = g.insulin_rise
    return integrate(g, mass, liver, periphery, False, start, 60, step)


@rule
def clamp_states(g, mass, liver, periphery, step):
    """States during a clamp, with constant insulin from its start: float64[181, 10]."""
    start = fasted_state(g, mass, liver, periphery)
    start[INSULIN] = g.clamp_insulin
    return integrate(g, mass, liver, periphery, True, start, CLAMP_MINUTES, step)


@rule
def sample_glucose(states, every_first, until_first, every, until):
    """Sample plasma glucose every `every_first` minutes until `until_first`, then every `every`."""
    early = until_first // every_first
    count = early + 1 + (until - until_first) // every
    curve = np.empty(count)
    for j in range(count):
        minute = j * every_first if j <= early else until_first + (j - early) * every
        curve[j] = states[minute, GLUCOSE]
    return curve


@rule
def glucose_tolerance(g, mass, liver, muscle, adipose):
    """Simulate a glucose tolerance test: glucose by mouth after a fast.

    Args:
        g: Rates.
        mass: Beta-cell mass (mg).
        liver: Insulin sensitivity of the liver.
        muscle: Insulin sensitivity of muscle.
        adipose: Insulin sensitivity of fat.

    Returns:
        Plasma glucose at 0, 15, 30, 60, 90 and 120 min (mg/dL), and the area above the fasting
        level by the trapezoid rule on these samples (mg/dL min).
    """
    states = tolerance_states(
        g, mass, liver, peripheral_sensitivity(g, muscle, adipose), STEP_MINUTES
    )
    curve = sample_glucose(states, 15, 30, 30, 120)
    area = 0.0
    for j in range(1, 6):
        width = 15.0 if j <= 2 else 30.0
        area = area + width * (0.5 * (curve[j] + curve[j - 1]) - curve[0])
    return curve, area


@rule
def insulin_tolerance(g, mass, liver, muscle, adipose):
    """Simulate an insulin tolerance test: an injection of insulin after a fast.

    Args:
        g: Rates.
        mass: Beta-cell mass (mg).
        liver: Insulin sensitivity of the liver.
        muscle: Insulin sensitivity of muscle.
        adipose: Insulin sensitivity of fat.

    Returns:
        Plasma glucose at 0, 15, 30, 45 and 60 min (mg/dL), and the area under it by the trapezoid
        rule on these samples (mg/dL min).
    """
    states = insulin_states(
        g, mass, liver, peripheral_sensitivity(g, muscle, adipose), STEP_MINUTES
    )
    curve = sample_glucose(states, 15, 60, 15, 60)
    area = 0.0
    for j in range(1, 5):
        area = area + 15.0 * 0.5 * (curve[j] + curve[j - 1])
    return curve, area


@rule
def clamp(g, mass, liver, muscle, adipose):
    """Simulate a hyperinsulinaemic euglycaemic clamp and return the glucose infusion it needs.

    Insulin is kept constant at a high level, and a feedback infusion keeps glucose at its target.
    The beta cells have no effect during the clamp, so the result is not a multiple of HOMA-IR.

    Args:
        g: Rates.
        mass: Beta-cell mass (mg), which sets the fasting state at the start.
        liver: Insulin sensitivity of the liver.
        muscle: Insulin sensitivity of muscle.
        adipose: Insulin sensitivity of fat.

    Returns:
        Glucose infusion rate, mean over the last 30 of 180 min (mg/kg/min).
    """
    states = clamp_states(g, mass, liver, peripheral_sensitivity(g, muscle, adipose), STEP_MINUTES)
    infused = states[CLAMP_MINUTES, INFUSED] - states[CLAMP_READ_START, INFUSED]
    return g.volume * infused / (CLAMP_MINUTES - CLAMP_READ_START)
