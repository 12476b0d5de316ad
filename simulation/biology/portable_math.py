"""exp, log and related functions from +, -, x, / and sqrt alone: the same bits on every processor.

C libraries differ in the last bit between processors; these functions do not. Errors are below 4
units in the last place, which the tests check against the C library.
"""

from __future__ import annotations

import math

import numpy as np

from gutexo.compiled import rule

_POWERS = np.array([2.0**k if k > -1075 else 0.0 for k in range(-1074, 1024)])
_LN2_HIGH = 6.93147180369123816490e-01  # the leading bits of ln 2, so that k * _LN2_HIGH is exact
_LN2_LOW = 1.90821492927058770002e-10
_INV_LN2 = 1.4426950408889634
_SQRT_HALF = 0.7071067811865476
_SMALLEST_NORMAL = 2.2250738585072014e-308
_TO_NORMAL = 18014398509481984.0  # 2^54
_MANTISSA = 0x000FFFFFFFFFFFFF
_HALF = 0x3FE0000000000000  # the exponent of numbers from 0.5 to 1


@rule
def power_of_two(k):
    """2 to an integer power, from -1074 to 1023."""
    return _POWERS[k + 1074]


@rule
def exp(x):
    """e to the power x, computed by reduction with powers of two and a Taylor polynomial."""
    if x != x:
        return x
    if x > 709.78:
        return math.inf
    if x < -745.0:
        return 0.0
    k = int(math.floor(x * _INV_LN2 + 0.5))
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    # |r| <= 0.347: the Taylor series to r^13 is accurate to the last place.
    # Even and odd powers are two chains, which a processor computes at the same time.
    s = r * r
    even = 2.08767569878681e-09
    even = 2.755731922398589e-07 + s * even
    even = 2.48015873015873e-05 + s * even
    even = 0.001388888888888889 + s * even
    even = 0.041666666666666664 + s * even
    even = 0.5 + s * even
    odd = 1.6059043836821613e-10
    odd = 2.505210838544172e-08 + s * odd
    odd = 2.7557319223985893e-06 + s * odd
    odd = 0.0001984126984126984 + s * odd
    odd = 0.008333333333333333 + s * odd
    odd = 0.16666666666666666 + s * odd
    p = 1.0 + (r + s * (even + r * odd))
    if k > 1023:
        return p * power_of_two(1023) * power_of_two(k - 1023)
    if k < -1022:
        return p * power_of_two(k + 60) * power_of_two(-60)
    return p * power_of_two(k)


@rule
def log(x):
    """Natural logarithm of a positive number; -inf for 0, NaN below."""
    if x != x or x < 0.0:
        return math.nan
    if x == 0.0:
        return -math.inf
    if x == math.inf:
        return x
    # Separating a number into mantissa and exponent rounds nothing, on any machine.
    scaled = 1022
    if x < _SMALLEST_NORMAL:
        x = x * _TO_NORMAL
        scaled = 1076
    pattern = np.float64(x).view(np.int64)
    k = (pattern >> 52) - scaled
    m = np.int64((pattern & _MANTISSA) | _HALF).view(np.float64)
    if m < _SQRT_HALF:
        m = m * 2.0
        k -= 1
    # log m = 2 artanh(s), |s| <= 0.1716
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = 0.043478260869565216
    even = 0.05263157894736842 + w * even
    even = 0.06666666666666667 + w * even
    even = 0.09090909090909091 + w * even
    even = 0.14285714285714285 + w * even
    even = 0.3333333333333333 + w * even
    odd = 0.047619047619047616
    odd = 0.058823529411764705 + w * odd
    odd = 0.07692307692307693 + w * odd
    odd = 0.1111111111111111 + w * odd
    odd = 0.2 + w * odd
    p = even + z * odd
    # 2 s = f - s f: the leading part is exact.
    tail = 2.0 * s * z * p - s * f
    return k * _LN2_HIGH + (f + (tail + k * _LN2_LOW))


@rule
def power(x, n):
    """x to an integer power n >= 0, computed by squaring."""
    result = 1.0
    base = x
    while n > 0:
        if n % 2 == 1:
            result = result * base
        base = base * base
        n = n // 2
    return result


@rule
def saturate(x):
    """Saturating response x / (1 + x): half the full effect at 1, nearly all of it far above."""
    return x / (1.0 + x)


@rule
def hill(x, n):
    """Hill response of integer exponent n to x, where x is in units of the half-effect level."""
    p = power(x, n)
    return p / (1.0 + p)


@rule
def hill_square(x):
    """Response x^2 / (1 + x^2): nearly nothing at small x, half at 1, nearly all far above."""
    square = x * x
    return square / (1.0 + square) if square < 1e16 else 1.0
