"""Tasks that wait for others: lives and the mice that come from them."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gutexo.cohort import study_run
from gutexo.cohort.study_run import run_study
from gutexo.cohort.task_queue import TaskQueue
from gutexo.cohort.workers import run_tasks
from gutexo.protocol.study import Study
from tests.cohort.test_cohort import tiny_study


@st.composite
def graphs(draw):
    """Tasks, each with some earlier ones that it waits for."""
    count = draw(st.integers(1, 12))
    return [draw(st.sets(st.integers(0, index - 1))) if index else set() for index in range(count)]


@given(graphs(), st.randoms(use_true_random=False), st.booleans())
def test_every_task_starts_once_and_after_those_it_waits_for(waits_for, random, half):
    order = range(len(waits_for) // 2, len(waits_for)) if half else range(len(waits_for))
    queue = TaskQueue(order, waits_for)
    started, ended, running = [], set(range(order.start)), []
    while queue.ready or running:
        if queue.ready and (not running or random.random() < 0.5):
            index = queue.ready.popleft()
            assert waits_for[index] <= ended
            started.append(index)
            running.append(index)
        else:
            index = running.pop(random.randrange(len(running)))
            ended.add(index)
            queue.end(index)
    assert sorted(started) == list(order) and not queue.blocked
    assert list(TaskQueue(order, None).ready) == list(order)


@dataclass(frozen=True)
class Mark:
    """A task that leaves a file, after others have; it may kill its process."""

    name: str
    after: tuple[str, ...] = field(default=())
    seconds: float = 60.0
    kills: bool = False

    def run(self, folder: Path) -> list[str]:
        if self.kills:
            os.kill(os.getpid(), 9)
        end = time.monotonic() + self.seconds
        while not all((folder / name).exists() for name in self.after):
            if time.monotonic() > end:
                raise TimeoutError(f"{self.name} waits for {self.after}")
            time.sleep(0.01)
        (folder / self.name).touch()
        return sorted(path.name for path in folder.iterdir())


def test_a_mouse_whose_life_is_ready_does_not_wait_for_the_other_lives(tmp_path):
    tasks = [Mark("long life", after=("mouse",)), Mark("life"), Mark("mouse")]
    found = dict(run_tasks(tasks, tmp_path, 2, [(), (), (1,)]))
    assert [found[index].reason for index in range(3)] == [None] * 3
    assert "life" in found[2].value and "long life" not in found[2].value


def test_a_mouse_ends_even_if_the_process_of_its_life_dies(tmp_path):
    tasks = [Mark("life", kills=True), Mark("other"), Mark("mouse"), Mark("other mouse")]
    found = dict(run_tasks(tasks, tmp_path, 2, [(), (), (0,), (1,)]))
    assert "died" in found[0].reason
    assert [found[index].reason for index in (1, 2, 3)] == [None] * 3


def test_a_mouse_of_a_study_waits_for_its_own_lives_only(monkeypatch):
    seen = []

    def run(tasks, folder, workers, waits_for):
        for task, earlier in zip(tasks, waits_for, strict=True):
            if hasattr(task, "lives"):
                needed = {life.key for life in task.lives()}
                assert {tasks[index].key for index in earlier} == needed
                seen.append(len(needed))
            else:
                assert not list(earlier)
        return run_tasks(tasks, folder, workers, waits_for)

    monkeypatch.setattr(study_run, "run_tasks", run)
    arm = tiny_study(days=1.0).arms[0]
    steps = []
    run_study(
        Study(name="x", arms=(arm, arm.named("twin"))),
        replicates=2,
        seed=3,
        progress=lambda *step: steps.append(step),
    )
    assert seen == [1] * 4
    shown = [step for step in steps if step[0] != "rules"]
    assert shown[:2] == [("lives", 0, 2), ("arms", 0, 4)] and shown[-1] == ("arms", 4, 4)
