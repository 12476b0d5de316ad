"""A wrong name is answered with the nearest valid one."""

from gutexo.errors import GutexoError, suggest


def test_near_name_is_suggested():
    assert suggest("plasma TFN", ["plasma TNF", "TER"]) == "; did you mean 'plasma TNF'?"


def test_far_name_lists_what_is_valid():
    assert suggest("xyz", ["b", "a"]) == "; valid names are a, b"


def test_a_users_mistake_is_a_value_error():
    assert issubclass(GutexoError, ValueError)
