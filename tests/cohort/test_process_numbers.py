"""Never more processes than there is work left for, nor than there are cores."""

import pytest

import gutexo as gut
from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.analysis.evaluation import EvaluationTask
from gutexo.cli.analyse_sensitivity import _open_processes
from gutexo.cli.options import Options, build_request
from gutexo.cohort import executors
from gutexo.cohort.executors import OwnProcesses, available_cores, choose_executor, count_processes
from gutexo.cohort.pools import InlineExecutor
from gutexo.cohort.workers import run_tasks
from tests.cohort.test_cohort import tiny_study


@pytest.fixture
def cores(monkeypatch):
    """A machine of as many cores as a test says."""

    def have(number):
        monkeypatch.setattr(executors, "available_cores", lambda: number)

    have(64)
    return have


@pytest.fixture
def requested(monkeypatch):
    """Sizes of the pools that are started; their work is done in this process."""
    sizes = []

    def pool(workers):
        sizes.append(workers)
        return InlineExecutor()

    monkeypatch.setattr(executors, "new_pool", pool)
    return sizes


def answer(changes):
    return {"y": 1.0 + changes["x"]}


def sets(count):
    return [{"x": float(number)} for number in range(count)]


@pytest.mark.parametrize(
    ("workers", "tasks", "of_cores", "processes"),
    [
        (24, 6, 64, 6),
        (24, 6, 2, 2),
        (24, None, 2, 2),
        (2, 6, 64, 2),
        (3, None, 64, 3),
        (24, 0, 64, 1),
    ],
)
def test_no_more_processes_than_tasks_and_cores(cores, workers, tasks, of_cores, processes):
    cores(of_cores)
    assert count_processes(workers, tasks) == processes
    if tasks != 0:
        assert choose_executor(workers, tasks).workers == processes


@pytest.mark.parametrize("tasks", [0, 1])
def test_one_task_needs_no_process_of_its_own(tasks):
    assert choose_executor(24, tasks) is None


def test_on_one_core_a_task_may_still_die_alone(cores):
    cores(1)
    assert choose_executor(24, 6).workers == 1


def test_a_study_asks_for_as_many_processes_as_it_has_mice(cores, requested):
    gut.compare(tiny_study(days=4.0), replicates=1, seed=3, workers=24)
    assert requested == [4]  # three arms of one mouse, four lives
    cores(2)
    gut.compare(tiny_study(days=4.0), replicates=1, seed=3, workers=24)
    assert requested == [4, 2]


def test_evaluated_sets_ask_for_as_many_processes_as_are_left(cores, requested):
    with _open_processes(24) as workers:
        model = EvaluatedSets(answer, "test", ("x",), ("y",), workers=workers)
        model.evaluate(sets(2) * 20)
        assert requested == [2]  # the same two again and again
        model.evaluate(sets(5))
        assert requested == [2, 3]
        model.evaluate(sets(5))
        model.evaluate(sets(7))
        assert requested == [2, 3]
        cores(4)
        model.evaluate(sets(30))
        assert requested == [2, 3, 4]
        assert len(model) == 30
    with _open_processes(1) as workers:
        assert workers == 1


@pytest.mark.gate
def test_two_tasks_start_two_processes(cores, tmp_path):
    psutil = pytest.importorskip("psutil")

    def children():
        """Processes of this one that work; a tracker of resources of each kind runs besides."""
        found = psutil.Process().children(recursive=True)
        return {one.pid for one in found if "tracker" not in " ".join(one.cmdline())}

    before = children()
    with _open_processes(24) as workers:
        tasks = [EvaluationTask(answer, changes, ()) for changes in sets(2)]
        assert len(list(run_tasks(tasks, tmp_path, workers))) == 2
        assert len(children() - before) == 2


def test_the_command_divides_its_estimates_by_what_runs():
    assert build_request(Options(jobs=4096)).jobs == available_cores()
    assert build_request(Options(jobs=1)).jobs == 1


def test_processes_that_are_enough_are_kept(cores, requested, tmp_path):
    processes = OwnProcesses(8)
    tasks = [EvaluationTask(answer, changes, ()) for changes in sets(6)]
    for count in (3, 2, 6, 1, 6):
        assert len(list(run_tasks(tasks[:count], tmp_path, processes))) == count
    assert requested == [3, 6]
    processes.stop()
