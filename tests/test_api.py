"""The names a notebook uses."""

import pytest

import gutexo as gut
from gutexo.errors import GutexoError
from tests.cohort.test_cohort import tiny_study


def test_every_public_name_is_there_and_documented():
    for name in gut.__all__:
        thing = getattr(gut, name)
        assert isinstance(thing, dict) or thing.__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'Moose'"):
        _ = gut.Moose


def test_compare_plots_differs_cites(tmp_path):
    result = gut.compare(tiny_study(), replicates=2, seed=3)
    effect = result.difference("HOMA-IR", "young + old exosomes", "young + vehicle")
    assert effect.replicates == 2 and effect.unit == "1"
    assert "Khalyfa" in result.cite() and "@article{khalyfa-2026" in result.cite("bibtex")
    lines = result.table().splitlines()
    assert lines[0] == "young + old exosomes / young + vehicle" and len(lines) == 8
    assert result.table("beta-cell mass").splitlines()[1].startswith("  beta-cell mass  x ")
    files = result.export(tmp_path / "out")
    assert [p.name for p in files] == ["effects.csv", "trajectories.csv"]
    with pytest.raises(GutexoError, match="is not replaced"):
        result.export(tmp_path / "out")
    with pytest.raises(GutexoError, match="did you mean 'beta-cell mass'"):
        result.table("beta cell mass")
    assert len(result.plot("plasma TNF", "HOMA-IR").axes) >= 2
    assert gut.load(result.save(tmp_path / "r.zarr")).data.equals(result.data)
    with pytest.raises(GutexoError, match="did you mean"):
        result.difference("HOMA", "young + old exosomes", "young + vehicle")


def test_the_cost_of_a_study_is_known_before_it_is_run():
    study = tiny_study()
    cost = gut.estimate_cost(study, replicates=3)
    assert cost.mice == 3 * len(study.arms) and cost.lives > cost.mice
    assert gut.estimate_cost(study).mice == study.replicates * len(study.arms)
    assert 0 < cost.estimate_minutes(workers=2) < 60
    for wrong in ({"replicates": 0}, {"seed": -1}, {"workers": 0}):
        with pytest.raises(GutexoError, match="whole number"):
            gut.estimate_cost(study, **wrong)
    with pytest.raises(GutexoError, match="workers must be"):
        cost.estimate_minutes(workers=0)


def test_simulate_one_scenario():
    result = gut.simulate(tiny_study().arms[0], seed=1)
    assert result.data.sizes["scenario"] == 1 and "1 arms" in repr(result)


def test_cite():
    assert "@article{miwa-2008," in gut.cite("young + old exosomes", style="bibtex")
    assert "28407483" in gut.cite(gut.scenario("germ-free mouse"))
    assert gut.cite(gut.treatments.Senolytic()).startswith("Xu M")
    assert gut.cite().count("\n") > 40
    with pytest.raises(GutexoError, match="did you mean 'aged mouse'"):
        gut.cite("aged mous")


def test_an_epithelium_alone_under_tnf():
    course = gut.epithelium_alone(1000.0, hours=168.0)
    assert 0.75 <= course.ter[3] <= 1.0
    assert 0.5 <= course.ter[24] <= 0.6
    assert 0.45 <= course.ter[168] <= 0.65
    quiet = gut.epithelium_alone(0.0, hours=24.0)
    assert quiet.ter[24] == pytest.approx(1.0, abs=0.02)
    with pytest.raises(GutexoError, match="tnf must be"):
        gut.epithelium_alone(-1.0)


def test_a_notebook_shows_results_and_figures():
    result = gut.compare(tiny_study(), replicates=2, seed=3)
    html = result._repr_html_()
    assert f"<td>{result.data.sizes['replicate']}</td>" in html and "seed 3" in html
    assert "nothing here speaks for people" in html
    assert result.plot("HOMA-IR")._repr_png_().startswith(b"\x89PNG")


def test_a_sweep_draws_itself():
    swept = gut.sweep(tiny_study(), {"barrier.leak": [40, 80]})
    result = gut.compare(swept, replicates=2, seed=3)
    assert result.figure("sweep").axes
    with pytest.raises(GutexoError, match="not that of a sweep"):
        gut.compare(tiny_study(), replicates=2, seed=3).figure("sweep")
