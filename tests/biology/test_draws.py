"""Draws: their distributions, their independence, the same bits without compilation."""

import math
import subprocess
import sys

import numpy as np
import pytest

from gutexo.biology import draws

KEY = np.uint64(12345)


def keys(n, seed=1):
    base = np.uint64(seed)
    return [np.uint64(draws.fold(base, np.uint64(i))) for i in range(n)]


def test_every_input_bit_reaches_half_of_the_output_bits():
    flips = []
    for bit in range(64):
        for i in range(50):
            z = int(draws.mix(np.uint64(i * 977 + 1)))
            other = int(draws.mix(np.uint64((i * 977 + 1) ^ (1 << bit))))
            flips.append(bin(z ^ other).count("1"))
    assert abs(np.mean(flips) - 32.0) < 0.5


def test_uniform_is_uniform_and_open():
    u = np.array([draws.uniform_at(k, 0) for k in keys(20000)])
    counts, _ = np.histogram(u, 20, (0, 1))
    chi2 = ((counts - 1000) ** 2 / 1000).sum()
    assert chi2 < 50  # 19 degrees of freedom
    assert 0.0 < draws.uniform(np.uint64(0)) and draws.uniform(np.uint64(2**64 - 1)) < 1.0


def test_neighbouring_identities_are_uncorrelated():
    u = np.array([draws.uniform_at(k, 0) for k in keys(20000)])
    v = np.array([draws.uniform_at(k, 1) for k in keys(20000)])
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 0.025
    assert abs(np.corrcoef(u, v)[0, 1]) < 0.025


@pytest.mark.parametrize("mean", [0.0, 0.3, 4.0, 29.0, 150.0])
def test_poisson(mean):
    x = np.array([draws.poisson(mean, k) for k in keys(8000)], float)
    z = (x.mean() - mean) / math.sqrt(max(mean, 1e-9) / len(x))
    assert abs(z) < 4
    if mean:
        assert x.var() == pytest.approx(mean, rel=0.08)


@pytest.mark.parametrize("n,p", [(1, 0.3), (20, 0.15), (20, 0.9), (1000, 0.4), (5000, 0.01)])
def test_binomial(n, p):
    x = np.array([draws.binomial(n, p, k) for k in keys(6000)], float)
    sd = math.sqrt(n * p * (1 - p))
    assert abs(x.mean() - n * p) < 4 * sd / math.sqrt(len(x))
    assert x.var() == pytest.approx(sd * sd, rel=0.1)
    assert x.min() >= 0 and x.max() <= n


@pytest.mark.parametrize("mean", [0.05, 0.5, 2.0, 8.0, 72.0])
def test_quicker_ways_to_a_poisson_count_give_the_same_count(mean):
    zero = math.exp(-mean)
    cumulative = np.zeros(draws.CUMULATIVE_SIZE)
    draws.fill_poisson_cumulative(zero, mean, cumulative)
    for u in np.random.default_rng(3).random(2000):
        count = draws.poisson_inversion(zero, mean, u)
        assert draws.poisson_from_cumulative(cumulative, mean, u) == count
        if mean < 1:
            assert draws.poisson_small_mean(zero, mean, u) == count


@pytest.mark.parametrize("n,p", [(12, 0.15), (150, 0.15), (900, 0.15), (20, 0.7)])
def test_binomial_from_one_number(n, p):
    bits = keys(6000)
    spare = [draws.derive_key(k, 9) for k in bits]
    u = [draws.first_uniform(k) for k in bits]
    x = [draws.binomial_from_uniform(n, p, v, k) for v, k in zip(u, spare, strict=True)]
    sd = math.sqrt(n * p * (1 - p))
    assert abs(np.mean(x) - n * p) < 4 * sd / math.sqrt(len(x))
    assert np.var(x) == pytest.approx(sd * sd, rel=0.1)


def test_the_two_halves_of_a_hash_are_independent_and_uniform():
    bits = keys(20000)
    a = np.array([draws.first_uniform(k) for k in bits])
    b = np.array([draws.second_uniform(k) for k in bits])
    for x in (a, b):
        counts, _ = np.histogram(x, 20, (0, 1))
        assert ((counts - 1000) ** 2 / 1000).sum() < 50
        assert 0.0 < x.min() and x.max() < 1.0
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.025


def test_below_is_a_chance():
    bound = np.uint64(draws.threshold(0.3))
    share = np.mean([draws.below(k, bound) for k in keys(20000)])
    assert share == pytest.approx(0.3, abs=0.013)
    assert not draws.below(np.uint64(0), np.uint64(draws.threshold(0.0)))
    assert draws.below(np.uint64(2**64 - 1), np.uint64(draws.threshold(1.0)))


def test_meeting_keys_are_uncorrelated_over_ticks():
    identity = np.uint64(draws.fold(KEY, np.uint64(1)))
    u = np.array([draws.uniform(np.uint64(draws.hash_pair(k, identity))) for k in keys(20000)])
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 0.025 and abs(u.mean() - 0.5) < 0.01


def test_binomial_at_its_ends():
    assert draws.binomial(7, 0.0, KEY) == 0
    assert draws.binomial(7, 1.0, KEY) == 7
    assert draws.binomial(0, 0.5, KEY) == 0


def test_normal_matches_its_known_quantiles():
    for u, z in [(0.5, 0.0), (0.975, 1.959963984540054), (1e-10, -6.361340902404056)]:
        assert draws.normal(u) == pytest.approx(z, abs=1e-12)


def test_exponential_has_mean_one():
    x = [draws.exponential(draws.uniform_at(k, 0)) for k in keys(20000)]
    assert np.mean(x) == pytest.approx(1.0, abs=0.03)


SCRIPT = """
import numpy as np
from gutexo.biology import draws, portable_math
out = []
for i in range(400):
    k = np.uint64(draws.fold(np.uint64(7), np.uint64(i)))
    u = draws.uniform_at(k, 3)
    out += [u.hex() if hasattr(u, "hex") else float(u).hex(), float(portable_math.log(u)).hex(),
            float(portable_math.exp(-9.0 * u)).hex(), float(draws.normal(u)).hex(),
            str(int(draws.poisson(40.0 * u, k))), str(int(draws.binomial(300, u, k)))]
print("\\n".join(out))
"""


def test_the_same_bits_with_and_without_compilation(tmp_path):
    import os

    def run(**extra):
        env = {**os.environ, **extra}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, check=True
        )
        return done.stdout

    assert run() == run(NUMBA_DISABLE_JIT="1")
