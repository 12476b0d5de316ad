"""The lowest allowed releases: .ci/run lives mice with them; here, that each package has one."""

from importlib.metadata import version

from packaging.version import Version

from tests.project.floors import ROOT, floors


def test_every_requirement_has_a_floor_that_what_is_installed_keeps():
    found = floors()
    assert found["numpy"] == "2.2" and found["numba"] == "0.61.2"
    for name, lowest in found.items():
        assert Version(version(name)) >= Version(lowest), name


def test_ci_lives_mice_with_the_floors():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "tests.project.floors" in script
    assert "tests/body tests/cohort tests/protocol" in script
