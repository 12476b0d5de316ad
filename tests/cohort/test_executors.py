"""Whoever runs the mice, they are the same: processes, any executor, a Dask cluster by address."""

import contextlib
import io
import subprocess
import sys
import threading
import time
from collections import deque
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest

from gutexo.body.interventions import Intervention
from gutexo.cli import cluster
from gutexo.cli.app import run_safely
from gutexo.cohort import study_run
from gutexo.cohort.batches import BatchSizer, run_batch, serialize_tasks
from gutexo.cohort.executors import BrokenWorkers, ExternalExecutor
from gutexo.cohort.store import Store
from gutexo.cohort.study_run import run_study
from gutexo.cohort.tasks import ArmTask
from gutexo.cohort.workers import run_tasks
from gutexo.compiled import model_code_digest
from gutexo.errors import GutexoError
from gutexo.protocol import standard_studies
from gutexo.protocol.study import Study
from tests.cohort.test_cohort import Task, arrays, tiny_study
from tests.cohort.test_store import content, made_up

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    keep = tmp_path_factory.mktemp("serial")
    return run_study(tiny_study(), replicates=2, seed=3, keep=keep), content(keep)


@pytest.fixture(scope="module")
def local():
    """A cluster of two worker processes; what is used of it is its address."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0"
    ) as started:
        yield started


def test_threads_run_the_same_mice(result, tmp_path):
    with ThreadPoolExecutor(2) as pool:
        other = run_study(tiny_study(), replicates=2, seed=3, workers=pool, keep=tmp_path)
    assert arrays(other) == arrays(result[0]) and content(tmp_path) == result[1]


def test_processes_of_python_run_the_same_mice(result):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        other = run_study(tiny_study(), replicates=2, seed=3, workers=pool)
    assert arrays(other) == arrays(result[0])


def test_a_cluster_runs_the_same_mice_through_its_address(
    result, local, tmp_path, monkeypatch, capsys
):
    study = Study(**{**dict(tiny_study()), "figures": ()})
    monkeypatch.setitem(standard_studies._STUDIES, "tiny", lambda: study)
    options = ["run", "tiny", "--replicates", "2", "--seed", "3", "--out", str(tmp_path)]
    assert run_safely([*options, "--dask", local.scheduler_address]) in (0, 3)
    assert f"cluster at {local.scheduler_address}: 2 mice at a time" in capsys.readouterr().out
    assert content(tmp_path / "mice") == result[1]


def in_a_task(study):
    """A study that asks for two processes inside a task; and what is said on the way."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        found = run_study(study, replicates=2, seed=3, workers=2)
    return arrays(found), said.getvalue()


@pytest.mark.gate
def test_inside_a_task_of_a_cluster_a_study_runs_in_one_process(local, result):
    with distributed.Client(local) as client:
        found, said = client.submit(in_a_task, tiny_study()).result(timeout=300)
    assert found == arrays(result[0])
    assert said.startswith("gutexo: mice run one by one in this process") and said.count("\n") == 1


def test_a_client_is_taken_as_it_is(result, local):
    with distributed.Client(local.scheduler_address, set_as_default=False) as client:
        other = run_study(tiny_study(), replicates=2, seed=3, workers=client)
        assert arrays(other) == arrays(result[0])
        external = ExternalExecutor(client.get_executor())
        assert external.workers == 2 and external.lost


SCRIPT = """
import sys
import gutexo as gut
from tests.cohort.test_cohort import tiny_study

STRENGTH = 0.4

class Tea(gut.Intervention):
    "Not in any module that a worker could import."
    extra: float = 0.1
    def modifiers(self, day):
        return {"tight_junction.repair": 1 + STRENGTH + self.extra}

plan = tiny_study(days=2.0)
plan = gut.Study(name="tea", arms=(plan.arms[0], plan.arms[0].add(Tea()).named("tea")))
alone = gut.compare(plan, replicates=2, seed=3)
if sys.argv[1:]:
    from distributed import Client
    workers = Client(sys.argv[1])
else:
    workers = 2
helped = gut.compare(plan, replicates=2, seed=3, workers=workers)
assert not helped.failures, helped.failures
assert helped.data.equals(alone.data)
assert (helped.data["TER"].values[0, :, -1] != helped.data["TER"].values[1, :, -1]).all()
print("the same")
"""


def script(*arguments):
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], capture_output=True, text=True, check=False
    )


def test_an_intervention_of_a_script_travels_to_our_processes():
    done = script()
    assert done.stdout == "the same\n", done.stderr


@pytest.mark.gate
def test_an_intervention_of_a_script_travels_to_a_cluster(local):
    done = script(local.scheduler_address)
    assert done.stdout == "the same\n", done.stderr


class Held(Intervention):
    """Holds something that cannot be sent."""

    thing: object = None


class Unread:
    """Can be sent, but not read."""

    def __reduce__(self):
        return _fail, ()


def _fail():
    raise ImportError("only the parent has it")


@pytest.mark.parametrize(
    ("thing", "reason"),
    [
        (threading.Lock(), "cannot be sent: TypeError: cannot pickle '_thread.lock' object"),
        (Unread(), "a worker cannot read it: ImportError: only the parent has it"),
    ],
)
def test_what_cannot_travel_is_a_failure_of_its_mouse(thing, reason):
    arm = tiny_study(days=1.0).arms[0]
    held = arm.add(Held(thing=thing)).named("held")
    with ThreadPoolExecutor(2) as pool:
        run = run_study(Study(name="x", arms=(arm, held)), replicates=2, seed=3, workers=pool)
    assert [(f["scenario"], f["reason"]) for f in run.failures] == [("held", reason)] * 2


class Breaks(Executor):
    """An executor that works for a while."""

    def __init__(self, chunks):
        self.left = chunks

    def submit(self, function, /, *arguments, **more):
        if self.left == 0:
            raise RuntimeError("cannot schedule new futures after shutdown")
        self.left -= 1
        future = Future()
        future.set_result(function(*arguments, **more))
        return future


def test_an_executor_that_breaks_stops_the_run_and_finished_mice_are_saved(tmp_path, result):
    options = {"replicates": 2, "seed": 3, "keep": tmp_path}
    words = "executor broke: RuntimeError: .* mice are finished and saved in .* same call continues"
    # Lives first: eight of them.
    with pytest.raises(BrokenWorkers, match=words):
        run_study(tiny_study(), workers=Breaks(12), **options)
    done = Store(tmp_path).counts()["done"]
    assert 0 < done < 6
    with pytest.raises(BrokenWorkers, match="keep=FOLDER would save"):
        run_study(tiny_study(), workers=Breaks(0), replicates=2, seed=3)
    assert arrays(run_study(tiny_study(), **options)) == arrays(result[0])
    assert content(tmp_path) == result[1]


def test_an_executor_whose_process_dies_is_broken(tmp_path):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        with pytest.raises(BrokenWorkers, match="executor broke: BrokenProcessPool"):
            list(run_tasks([Task(0, kill=True)], tmp_path, pool))


@pytest.mark.gate
def test_a_task_that_kills_every_worker_of_a_cluster_is_its_own_failure(tmp_path):
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as ours,
        distributed.Client(ours, set_as_default=False) as client,
    ):
        ours.scheduler.allowed_failures = 0
        outcomes = dict(run_tasks([Task(n, kill=n == 1) for n in range(4)], tmp_path, client))
    assert outcomes[1].reason == "the worker process died, again and again"
    assert [outcomes[n].value for n in (0, 2, 3)] == [0, 2, 3]


@pytest.mark.gate
def test_a_cluster_that_goes_away_is_one_line_with_the_command_that_goes_on(
    tmp_path, monkeypatch, capsys
):
    study = Study(**{**dict(tiny_study()), "figures": ()})
    monkeypatch.setitem(standard_studies._STUDIES, "tiny", lambda: study)
    ours = distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0")
    out = tmp_path / "out"

    def end_after_the_first_mouse():
        while not list(out.glob("mice/done/*.json")):
            time.sleep(0.01)
        ours.close()

    ending = threading.Thread(target=end_after_the_first_mouse)
    ending.start()
    options = ["run", "tiny", "--replicates", "12", "--out", str(out)]
    with pytest.raises(SystemExit, match="1"):
        run_safely([*options, "--dask", ours.scheduler_address])
    ending.join()
    error = capsys.readouterr().err
    assert "executor broke" in error and f"gutexo study --out {out} --resume" in error
    assert 0 < Store(out / "mice").counts()["done"] < 36


def test_a_worker_of_another_version_is_refused():
    with pytest.raises(GutexoError, match="a worker runs another version of the code"):
        run_batch(serialize_tasks([]), None, "something else")
    assert run_batch(serialize_tasks([]), None, model_code_digest())[0] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--dask", "tcp://127.0.0.1:9"], "--dask tcp://127.0.0.1:9: no scheduler answers there"),
        (["--dask", "nonsense"], "--dask nonsense: no scheduler answers there"),
        (["--dask", "tcp://127.0.0.1:9", "--jobs", "2"], "one of the two"),
    ],
)
def test_a_cluster_that_is_not_there_is_one_line(arguments, words, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "SCHEDULER_TIMEOUT", 0.5)
    assert run_safely(["study", "--replicates", "1", *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1


def test_without_distributed_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert run_safely(["study", "--dask", "tcp://127.0.0.1:9"]) == 2
    assert "pip install 'gutexo[cluster]'" in capsys.readouterr().err


def test_chunks_grow_where_tasks_are_short_and_shrink_at_the_end():
    sizes, waiting = BatchSizer(), deque(range(10_000))
    assert len(sizes.take(waiting, 2)) == 1
    sizes.add_timing(1, 0.02)
    assert len(sizes.take(waiting, 2)) == 25
    sizes.add_timing(1, 1e-6)
    sizes.add_timing(1, 1e-6)
    for _ in range(20):
        sizes.add_timing(64, 1e-4)
    assert len(sizes.take(waiting, 2)) == 64
    assert len(sizes.take(deque(range(40)), 2)) == 5 and len(sizes.take(deque([1]), 2)) == 1
    sizes.add_timing(1, 100.0)
    assert len(sizes.take(waiting, 2)) == 1


def test_thousands_of_tasks_arrive_once_each_in_any_order(tmp_path):
    with ThreadPoolExecutor(3) as pool:
        found = list(run_tasks([Task(n) for n in range(3000)], tmp_path, pool))
    assert sorted(index for index, _ in found) == list(range(3000))
    assert all(outcome.value == index for index, outcome in found)


def test_wrong_workers_are_one_line():
    with pytest.raises(GutexoError, match="an executor or a Dask client; got 'two'"):
        run_study(tiny_study(), replicates=1, workers="two")


class MadeUp(ArmTask):
    """A mouse that costs nothing."""

    def run(self, folder):
        return made_up((0, self.replicate), days=29)


@pytest.mark.long
def test_the_parent_does_not_grow_with_mice_and_keeps_each_in_milliseconds(tmp_path, monkeypatch):
    psutil = pytest.importorskip("psutil")
    count, arm = 5000, tiny_study(days=28.0).arms[0]
    monkeypatch.setattr(
        study_run, "arm_tasks", lambda *_: [MadeUp(arm, 3, replicate) for replicate in range(count)]
    )
    monkeypatch.setattr(study_run, "life_tasks", lambda tasks: [])
    held, spent = {}, []
    put = Store.put

    def timed(*arguments):
        start = time.perf_counter()
        put(*arguments)
        spent.append(time.perf_counter() - start)

    def look(phase, done, total):
        if done in (1000, count) and phase == "arms":
            held[done] = psutil.Process().memory_info().rss

    monkeypatch.setattr(Store, "put", timed)
    study = Study(name="many", arms=(arm,))
    run = run_study(study, replicates=count, seed=3, workers=2, keep=tmp_path, progress=look)
    # All readings would be 32 MB, and the outcomes that carry them more.
    assert held[count] - held[1000] < 8e6
    assert sum(spent) / count < 0.01
    assert run.data.sizes["replicate"] == count and not run.data["TER"].isnull().any()
