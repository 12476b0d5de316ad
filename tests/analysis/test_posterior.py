"""Parameter draws from a file: read, weighed, refused in one line."""

import numpy as np
import pytest

from gutexo.analysis.posterior import read_draws, sample_draws
from gutexo.errors import GutexoError


def written(tmp_path, text):
    path = tmp_path / "draws.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_draws_and_weights_are_read(tmp_path):
    text = "\ufeffexosome.transcytosis, weight\n0.2,1\n\n0.3,3\n"
    draws, weights = read_draws(written(tmp_path, text))
    assert draws == [{"exosome.transcytosis": 0.2}, {"exosome.transcytosis": 0.3}]
    assert weights.tolist() == [0.25, 0.75]
    _, alike = read_draws(written(tmp_path, "animal.variation\n0.1\n0.2\n"))
    assert alike.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("exosome.transcytosis\n", "holds no draw"),
        ("weight\n1\n", "named after a parameter"),
        ("exosome.transcytosis,exosome.transcytosis\n1,1\n", "twice"),
        ("exosome.transcytosi\n0.3\n", "line 2: .*did you mean 'exosome.transcytosis'"),
        ("exosome.transcytosis\n0.3\nmuch\n", "line 3: a value is no number"),
        ("exosome.transcytosis\n0.3,0.4\n", "line 2: 2 values under 1 names"),
        ("exosome.transcytosis\n1e9\n", "line 2: .*must be"),
        ("exosome.transcytosis\nnan\n", "line 2: .*finite"),
        ("exosome.transcytosis,weight\n0.3,-1\n", "weight must be 0 or more"),
        ("exosome.transcytosis,weight\n0.3,0\n", "all weights are zero"),
    ],
)
def test_what_cannot_be_used_gets_one_line(tmp_path, text, words):
    with pytest.raises(GutexoError, match=words) as caught:
        read_draws(written(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_what_is_no_table_gets_one_line(tmp_path):
    with pytest.raises(GutexoError, match="is a folder"):
        read_draws(tmp_path)
    path = tmp_path / "bytes.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(GutexoError, match="UTF-16"):
        read_draws(path)


@pytest.mark.parametrize(
    "text",
    [
        "exosome.transcytosis;weight\r\n0,2;1\r\n0,3;3\r\n",
        "exosome.transcytosis;weight\n0.2;1\n0.3;3\n",
        "\ufeffexosome.transcytosis;weight\n0,2;1\n0,3;3",
    ],
)
def test_a_table_of_another_country_says_the_same(tmp_path, text):
    draws, weights = read_draws(written(tmp_path, text))
    assert draws == [{"exosome.transcytosis": 0.2}, {"exosome.transcytosis": 0.3}]
    assert weights.tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("barrier.leak;weight\n1.234,5;1\n", "decimal commas and decimal points"),
        ("barrier.leak;weight\n0,5;1\n0.5;1\n", "decimal commas and decimal points"),
        ("barrier.leak,weight\n0,5,1\n", "line 2: 3 values under 2 names"),
        ('barrier.leak,weight\n"0,5",1\n', "line 2: a value is no number"),
        ("barrier.leak\n" + "1," * 60_000, "a line may have"),
        ("barrier.leak\n" + "1\n" * 100_002, "100000 draws at most"),
    ],
)
def test_numbers_that_could_mean_two_things_and_endless_tables_get_one_line(tmp_path, text, words):
    with pytest.raises(GutexoError, match=words):
        read_draws(written(tmp_path, text))


def test_few_draws_are_all_taken_once():
    draws = [{"animal.variation": float(n)} for n in range(3)]
    assert sample_draws(draws, np.full(3, 1 / 3), 10) == draws


def test_a_draw_comes_as_often_as_its_weight_asks():
    draws = [{"animal.variation": float(n)} for n in range(3)]
    weights = np.array([0.5, 0.3, 0.2])
    for seed in range(20):
        found = [draw["animal.variation"] for draw in sample_draws(draws, weights, 10, seed)]
        assert [found.count(n) for n in (0.0, 1.0, 2.0)] == [5, 3, 2]
    many = [{"animal.variation": float(n)} for n in range(50)]
    some = sample_draws(many, np.full(50, 0.02), 20)
    assert len(some) == len({draw["animal.variation"] for draw in some}) == 20
    assert (
        some
        == sample_draws(many, np.full(50, 0.02), 20)
        != sample_draws(many, np.full(50, 0.02), 20, seed=2)
    )
    with pytest.raises(GutexoError, match="at least one"):
        sample_draws(draws, weights, 0)
