"""Small mice for tests."""

import signal

import numpy as np
import pytest
from hypothesis import settings

from gutexo.body import many_ticks
from gutexo.body.doses import Preparation
from gutexo.catalogue import Parameters
from gutexo.cohort.executors import available_cores

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in the background so; tests send themselves Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A test that is slow on a loaded machine has not failed.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

many_ticks.check_every_tick = True
MOST_WORKERS = 8  # each takes half a gigabyte

SMALL = {
    "resolution.segments": 12,
    "resolution.enterocytes": 6,
    "resolution.macrophages": 3,
    "resolution.hepatocytes": 16,
    "resolution.myocytes": 8,
    "resolution.adipocytes": 6,
    "resolution.packets": 300,
}


def pytest_xdist_auto_num_workers(config):
    """All cores for a whole tier; one process where files or tests are named."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return 0
    return min(available_cores(), MOST_WORKERS)


@pytest.fixture(scope="session")
def small():
    """Parameters of a mouse of a few hundred agents."""
    return Parameters().change(SMALL)


@pytest.fixture(scope="session")
def medium():
    """Parameters of a mouse fine enough for effects to show."""
    return Parameters().change(
        {
            "resolution.segments": 16,
            "resolution.enterocytes": 12,
            "resolution.macrophages": 6,
            "resolution.hepatocytes": 64,
            "resolution.myocytes": 32,
            "resolution.adipocytes": 16,
            "resolution.packets": 2000,
        }
    )


@pytest.fixture(scope="session")
def preparation():
    """A preparation of varied cargo."""
    rng = np.random.default_rng(5)
    return Preparation("mixed", rng.poisson(6, (200, 4)), donors=2)
