"""A study survives SIGKILL of workers and of itself: no mouse is missing, doubled or different."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from gutexo.cohort.store import Store
from tests.cohort.slow_study import REPLICATES, run
from tests.cohort.test_store import content

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")

MAIN = "from tests.cohort.slow_study import main; main()"
MICE = 3 * REPLICATES
OWN, DASK, PARENT = "a process of ours", "a process of the cluster", "the parent"


class Killed:
    """A run in a process of its own that is killed, in part or whole, and started again."""

    def __init__(self, keep, seed, cluster):
        self.keep, self.seed, self.cluster = keep, seed, cluster
        self.process = None
        self.orphans = []
        self.errors = open(keep.with_suffix(".log"), "wb")

    def start(self, on_cluster):
        """Begin, or go on, unless it runs already on the workers that are wanted."""
        if self.process is not None and self.on_cluster != on_cluster:
            self.kill_parent()
        if self.process is None or self.process.poll() is not None:
            address = [self.cluster.scheduler_address] if on_cluster else []
            command = [sys.executable, "-c", MAIN, str(self.keep), str(self.seed), *address]
            self.process = subprocess.Popen(command, stderr=self.errors)
            self.on_cluster = on_cluster

    def wait_for_a_moment(self, rng, most):
        """Sometimes while it starts or raises lives, sometimes when more mice are done."""
        if rng.random() < 0.4:
            return time.sleep(rng.uniform(0.0, 6.0))
        enough = len(list(self.keep.glob("done/*"))) + rng.randint(1, most)
        deadline = time.time() + 120
        while len(list(self.keep.glob("done/*"))) < enough and time.time() < deadline:
            time.sleep(0.02)
        return time.sleep(rng.uniform(0.0, 0.3))

    def kill_parent(self):
        """End the run itself; its workers are left to find out."""
        if self.process.poll() is None:
            self.orphans += psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def kill_own_worker(self, rng):
        """End one of the processes it started, if there is one yet."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        workers = [p for p in children if "popen_loky" in " ".join(p.cmdline())]
        if not workers:
            return False
        rng.choice(workers).send_signal(signal.SIGKILL)
        return True

    def kill_cluster_worker(self, rng):
        """End one of the worker processes of the cluster; its nanny starts another."""
        pids = [nanny.pid for nanny in self.cluster.workers.values() if nanny.pid]
        if not pids:
            return False
        os.kill(rng.choice(pids), signal.SIGKILL)
        return True

    def clean(self):
        """Leave no process behind."""
        if self.process is not None:
            self.kill_parent()
        for process in self.orphans:
            if process.is_running():
                process.kill()
        self.errors.close()


def survives(kinds, seed, folder):
    """Kill by a plan at random moments, then finish; returns what was killed."""
    rng = random.Random(seed)
    keep, whole = folder / "killed", folder / "whole"
    killed = []
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0"
    ) as cluster:
        study = Killed(keep, seed, cluster)
        try:
            for kind in kinds:
                study.start(on_cluster={OWN: False, DASK: True}.get(kind, rng.random() < 0.5))
                study.wait_for_a_moment(rng, 40 // len(kinds))
                deadline = time.time() + 60
                while time.time() < deadline:
                    assert study.process.poll() is None, "it was done before it was killed enough"
                    if kind == PARENT:
                        study.kill_parent()
                    elif not {OWN: study.kill_own_worker, DASK: study.kill_cluster_worker}[kind](
                        rng
                    ):
                        time.sleep(0.05)
                        continue
                    killed.append(kind)
                    break
            done = Store(keep).counts()["done"]
            assert done < MICE, "nothing was left to resume"
            for on_cluster in (rng.random() < 0.5, False, False):
                study.start(on_cluster)
                study.process.wait(timeout=300)
                if Store(keep).counts()["done"] == MICE:
                    break
        finally:
            study.clean()
    said = keep.with_suffix(".log").read_text()
    assert Store(keep).counts() == {"mice": MICE, "done": MICE, "failed": 0, "pending": 0}
    assert "Traceback" not in said, said
    os.environ["PAUSE"] = "0"
    undisturbed = run(whole, seed, 1)
    assert content(keep) == content(whole)
    again = run(keep, seed, 1)
    assert again.data.equals(undisturbed.data) and not again.failures
    return killed


@pytest.mark.gate
def test_a_study_of_sixty_mice_survives_five_kills(tmp_path, monkeypatch):
    monkeypatch.setenv("PAUSE", "0.1")
    kinds = [OWN, DASK, PARENT, OWN, PARENT]
    random.Random(5).shuffle(kinds)
    assert survives(kinds, 1005, tmp_path) == kinds


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_a_study_of_sixty_mice_survives_twenty_kills(tmp_path, monkeypatch, seed):
    monkeypatch.setenv("PAUSE", "0.8")
    kinds = [OWN] * 7 + [DASK] * 6 + [PARENT] * 7
    random.Random(seed).shuffle(kinds)
    assert survives(kinds, 2000 + seed, tmp_path) == kinds
