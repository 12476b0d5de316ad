"""Two users of a machine share one cache folder, which their group may write."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from gutexo.support.cache_folder import cache_root

ROOT = Path(__file__).resolve().parents[2]
FIRST, SECOND, GROUP = 64001, 64002, 64242
CODE = """
import sys, warnings
warnings.simplefilter("ignore")
import gutexo as gut
from tests.cohort.test_cohort import tiny_study
result = gut.compare(tiny_study(days=4.0), replicates=1, seed=int(sys.argv[1]))
print([failure["reason"] for failure in result.failures])
print(result.data["TER"].values.tobytes().hex())
"""

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0,
        reason="only root can run a command as two other users",
    ),
    pytest.mark.skipif(
        shutil.which("setpriv") is None, reason="setpriv, which changes the user, is missing"
    ),
]


def reachable(path):
    """Whether every user may read a path and all folders above it."""
    path = path.resolve()
    return all(one.stat().st_mode & stat.S_IXOTH for one in path.parents) and bool(
        path.stat().st_mode & stat.S_IROTH
    )


def command(uid):
    """The beginning of a command that another user runs."""
    needed = (Path(sys.executable), Path(sys.prefix), Path(os.__file__), ROOT)
    # Python or the repository may lie in a folder that is root's alone: others then need a right
    # to read. It lets nobody write; what it would hide in the cache is looked at by its mode.
    reads = () if all(map(reachable, needed)) else (
        "--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search",
    )  # fmt: skip
    return [
        "setpriv", "--reuid", str(uid), "--regid", str(GROUP), "--groups", str(GROUP), *reads,
        sys.executable, "-c", CODE,
    ]  # fmt: skip


@pytest.fixture
def open_folder():
    """A folder that every user can enter; pytest closes its own ones whenever it starts."""
    folder = Path(tempfile.mkdtemp(prefix="gutexo-test-"))
    folder.chmod(0o755)
    if not reachable(folder):
        pytest.skip("other users cannot enter the folder of temporary files")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def shared(open_folder):
    """A cache of a group, with the compiled rules of whoever runs the tests but two of them."""
    folder = open_folder / "cache"
    folder.mkdir()
    for kernels in cache_root().glob("kernels-*"):
        shutil.copytree(kernels, folder / kernels.name)
        for rule in sorted(kernels.glob("*.nbc"), key=lambda path: path.stat().st_size)[:2]:
            (folder / kernels.name / rule.name).unlink()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, FIRST, GROUP)
        path.chmod(0o2775 if path.is_dir() else 0o664)
    os.chown(folder, 0, GROUP)
    return folder


def run(uid, seed, cache, umask):
    """A study that a user runs: what it printed."""
    home = cache.parent / f"home of {uid}"
    home.mkdir(exist_ok=True)
    os.chown(home, uid, GROUP)
    home.chmod(0o700)
    done = subprocess.run(
        [*command(uid), str(seed)],
        cwd=home,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "GUTEXO_CACHE": str(cache),
            "HOME": str(home),
            "TMPDIR": str(home),
        },
        preexec_fn=lambda: os.umask(umask),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout.splitlines()


def lives(cache):
    """Lives in a cache: owner and time of each file by its name."""
    found = [path for path in cache.rglob("*.npz") if path.parent.name.startswith("lives")]
    return {path.name: (path.stat().st_uid, path.stat().st_mtime_ns) for path in found}


@pytest.mark.parametrize("umask", [0o022, 0o077], ids=oct)
def test_two_users_use_the_same_lives(shared, umask):
    reasons, first = run(FIRST, 1, shared, umask)
    assert reasons == "[]"
    raised = lives(shared)
    assert len(raised) == 4 and {uid for uid, _ in raised.values()} == {FIRST}
    assert run(SECOND, 1, shared, umask) == ["[]", first]
    assert lives(shared) == raised
    # The second user raises further mice beside those of the first, who uses them in turn.
    second = run(SECOND, 2, shared, umask)
    assert second[0] == "[]" and second[1] != first
    both = lives(shared)
    assert len(both) == 8 and {uid for uid, _ in both.values()} == {FIRST, SECOND}
    assert run(FIRST, 2, shared, umask) == second
    assert lives(shared) == both
    for path in shared.rglob("*"):
        mode = path.stat().st_mode
        assert path.stat().st_gid == GROUP and mode & stat.S_IRGRP, (path, oct(mode))
        if path.is_dir() or path.suffix == ".lock":
            assert mode & stat.S_IWGRP, (path, oct(mode))
