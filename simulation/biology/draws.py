"""Counter-based random draws: each is a hash of identity, decision and time, not a shared stream.

The order of activation therefore has no effect, and two simulations share every decision until
their biology differs. All keys are uint64; the mixer is the finaliser of SplitMix64 (Steele et al.
2014).
"""

from __future__ import annotations

import math

import numpy as np

from gutexo.biology.portable_math import exp, log
from gutexo.compiled import kernel, rule

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S30 = np.uint64(30)
_S27 = np.uint64(27)
_S31 = np.uint64(31)
_S11 = np.uint64(11)
_S12 = np.uint64(12)
_S32 = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_ONE = np.uint64(1)
# Inversion from zero is exact and fast up to this mean; counts of a larger mean are drawn in parts.
_MAX_INVERSION_MEAN = 30.0
CUMULATIVE_SIZE = 16  # cumulative probabilities that are stored where many counts share a mean
_RECIPROCALS = np.array([0.0] + [1.0 / n for n in range(1, 256)])


@rule
def mix(z):
    """Mix 64 bits so that every input bit affects every output bit."""
    z = np.uint64(z)
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@rule
def fold(key, value):
    """Key of part `value` of what `key` identifies; both are uint64."""
    return mix(np.uint64(key) + _GOLDEN * (np.uint64(value) + _ONE))


@rule
def draw(key, n):
    """The n-th 64 random bits that belong to a key."""
    return mix(np.uint64(key) + _GOLDEN * (np.uint64(n) + _ONE))


@rule
def hash_pair(key, identity):
    """Random bits of one identity in what `key` identifies; both must already be hashes."""
    return mix(np.uint64(key) + np.uint64(identity))


@rule
def uniform(bits):
    """Uniform number strictly between 0 and 1 from 64 bits."""
    return (float(np.uint64(bits) >> _S12) + 0.5) * 2.220446049250313e-16


@rule
def uniform_at(key, n):
    """The n-th uniform number that belongs to a key."""
    return uniform(draw(key, n))


@rule
def first_uniform(bits):
    """Uniform number from the upper half of 64 bits, accurate to 2.4e-10."""
    return (float(np.uint64(bits) >> _S32) + 0.5) * 2.3283064365386963e-10


@rule
def second_uniform(bits):
    """Uniform number from the lower half of 64 bits, so that one hash serves two decisions."""
    return (float(np.uint64(bits) & _LOW) + 0.5) * 2.3283064365386963e-10


@rule
def threshold(chance):
    """Probability as a bound for `below`, accurate to 1.2e-16."""
    return np.uint64(chance * 9007199254740992.0)


@rule
def below(bits, bound):
    """Whether 64 bits are below a bound made by `threshold`."""
    return (np.uint64(bits) >> _S11) < np.uint64(bound)


@rule
def exponential(u):
    """Standard exponential waiting time from a uniform number."""
    return -log(u)


@rule
def poisson_inversion(zero, mean, u):
    """Draw a Poisson count by inversion, starting at the probability of a count of 0.

    Args:
        zero: exp(-mean).
        mean: Mean, at most a few hundred.
        u: Uniform number.
    """
    return _continue_inversion(0, zero, zero, mean, u)


@rule
def poisson_small_mean(zero, mean, u):
    """Draw the count of `poisson_inversion` without a branch up to 2; for means below 1."""
    one = zero * mean
    two = one * (mean * 0.5)
    upto_1 = zero + one
    upto_2 = upto_1 + two
    if u > upto_2:
        return _continue_inversion(2, two, upto_2, mean, u)
    return (1 if u > zero else 0) + (1 if u > upto_1 else 0)


@rule
def _continue_inversion(count, p, upto, mean, u):
    """Continue the inversion from a count, given its probability and cumulative probability."""
    while u > upto and count < 2000:
        count += 1
        # Reciprocals of small counts come from a table: divisions would take most of the time.
        part = _RECIPROCALS[count] if count < 256 else 1.0 / count
        p = p * (mean * part)
        upto = upto + p
        if p < 1e-18 and count > mean:
            break
    return count


@kernel
def fill_poisson_cumulative(zero, mean, cumulative):
    """Fill in the first cumulative probabilities of a Poisson count.

    Args:
        zero: exp(-mean).
        mean: Mean, at most a few hundred.
        cumulative: float64[CUMULATIVE_SIZE] to be filled; its last entry is the probability of the
            count CUMULATIVE_SIZE - 2.
    """
    p = zero
    upto = p
    cumulative[0] = upto
    for count in range(1, CUMULATIVE_SIZE - 1):
        p = p * (mean * _RECIPROCALS[count])
        upto = upto + p
        cumulative[count] = upto
    cumulative[CUMULATIVE_SIZE - 1] = p


@kernel
def poisson_from_cumulative(cumulative, mean, u):
    """Draw the count of `poisson_inversion`, in most cases without its long loop.

    Args:
        cumulative: Array filled by `fill_poisson_cumulative`.
        mean: Mean.
        u: Uniform number.
    """
    count = 0
    for n in range(CUMULATIVE_SIZE - 1):
        count += 1 if u > cumulative[n] else 0
    if count < CUMULATIVE_SIZE - 1:
        return count
    return _continue_inversion(
        CUMULATIVE_SIZE - 2,
        cumulative[CUMULATIVE_SIZE - 1],
        cumulative[CUMULATIVE_SIZE - 2],
        mean,
        u,
    )


@rule
def poisson(mean, key):
    """Draw a Poisson count of any mean, as a sum of parts with means of at most 30."""
    total = 0
    n = 0
    while mean > _MAX_INVERSION_MEAN:
        total += poisson_inversion(
            exp(-_MAX_INVERSION_MEAN), _MAX_INVERSION_MEAN, uniform_at(key, n)
        )
        mean -= _MAX_INVERSION_MEAN
        n += 1
    return total + poisson_inversion(exp(-mean), mean, uniform_at(key, n))


@rule
def _binomial_part(n, p, u):
    """Draw a binomial count by inversion from 0, for a small n p."""
    q = 1.0 - p
    odds = p / q
    chance = 1.0
    base = q
    left = n
    while left > 0:
        if left % 2 == 1:
            chance = chance * base
        base = base * base
        left = left // 2
    upto = chance
    count = 0
    while u > upto and count < n:
        count += 1
        part = _RECIPROCALS[count] if count < 256 else 1.0 / count
        chance = chance * (odds * (n - count + 1) * part)
        upto = upto + chance
    return count


@rule
def binomial_from_uniform(n, p, u, key):
    """Draw a binomial count from one uniform number where it suffices, else from the key.

    Args:
        n: Units.
        p: Probability, 0 to 1.
        u: Uniform number.
        key: Key of this decision.
    """
    if 0.0 < p <= 0.5 and n * p <= _MAX_INVERSION_MEAN:
        return _binomial_part(n, p, u)
    return binomial(n, p, key)


@rule
def binomial(n, p, key):
    """Draw a binomial count: how many of n units have an event of probability p.

    Args:
        n: Units.
        p: Probability, 0 to 1.
        key: Key of this decision.
    """
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    flip = p > 0.5
    chance = 1.0 - p if flip else p
    part = max(1, int(_MAX_INVERSION_MEAN / chance))
    total = 0
    left = n
    draws = 0
    while left > 0:
        size = min(left, part)
        total += _binomial_part(size, chance, uniform_at(key, draws))
        left -= size
        draws += 1
    return n - total if flip else total


@rule
def _rational(r, a0, a1, a2, a3, a4, a5, a6, a7, b1, b2, b3, b4, b5, b6, b7):
    top = ((((((a7 * r + a6) * r + a5) * r + a4) * r + a3) * r + a2) * r + a1) * r + a0
    bottom = ((((((b7 * r + b6) * r + b5) * r + b4) * r + b3) * r + b2) * r + b1) * r + 1.0
    return top / bottom


@rule
def normal(u):
    """Standard normal deviate from a uniform number.

    References:
        Wichura 1988, algorithm AS 241 (PPND16).
    """
    q = u - 0.5
    if -0.425 <= q <= 0.425:
        r = 0.180625 - q * q
        return q * _rational(
            r,
            3.3871328727963666080e0,
            1.3314166789178437745e2,
            1.9715909503065514427e3,
            1.3731693765509461125e4,
            4.5921953931549871457e4,
            6.7265770927008700853e4,
            3.3430575583588128105e4,
            2.5090809287301226727e3,
            4.2313330701600911252e1,
            6.8718700749205790830e2,
            5.3941960214247511077e3,
            2.1213794301586595867e4,
            3.9307895800092710610e4,
            2.8729085735721942674e4,
            5.2264952788528545610e3,
        )
    r = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-log(r))
    if r <= 5.0:
        value = _rational(
            r - 1.6,
            1.42343711074968357734e0,
            4.63033784615654529590e0,
            5.76949722146069140550e0,
            3.64784832476320460504e0,
            1.27045825245236838258e0,
            2.41780725177450611770e-1,
            2.27238449892691845833e-2,
            7.74545014278341407640e-4,
            2.05319162663775882187e0,
            1.67638483018380384940e0,
            6.89767334985100004550e-1,
            1.48103976427480074590e-1,
            1.51986665636164571966e-2,
            5.47593808499534494600e-4,
            1.05075007164441684324e-9,
        )
    else:
        value = _rational(
            r - 5.0,
            6.65790464350110377720e0,
            5.46378491116411436990e0,
            1.78482653991729133580e0,
            2.96560571828504891230e-1,
            2.65321895265761230930e-2,
            1.24266094738807843860e-3,
            2.71155556874348757815e-5,
            2.01033439929228813265e-7,
            5.99832206555887937690e-1,
            1.36929880922735805310e-1,
            1.48753612908506148525e-2,
            7.86869131145613259100e-4,
            1.84631831751005468180e-5,
            1.42151175831644588870e-7,
            2.04426310338993978564e-15,
        )
    return -value if q < 0.0 else value


def derive_key(root: np.uint64, *parts: int | np.unsignedinteger) -> np.uint64:
    """Key of a nested part of what `root` identifies, for callers outside the compiled rules.

    Compiled functions return uint64 as Python's int, which they would later read as int64.
    """
    key = root
    for part in parts:
        key = np.uint64(fold(key, np.uint64(part)))
    return key
