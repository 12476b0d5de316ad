"""A wrong name is answered with the nearest valid one."""

from gutexo.errors import GutexoError, suggest


def test_near_name_is_suggested():
    assert suggest("plasma TFN", ["plasma TNF", "TER"]) == "; did you mean 'plasma TNF'?"


def test_far_name_lists_what_is_valid():
    assert suggest("xyz", ["b", "a"]) == "; valid names are a, b"


def test_a_users_mistake_is_a_value_error():
    assert issubclass(GutexoError, ValueError)


def test_a_traceback_that_nothing_can_hold_is_not_saved(monkeypatch):
    """As where no more files can be opened: the line is printed all the same."""
    from gutexo.support import cache_folder, failure_log

    def refuse(*_):
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(failure_log.tempfile, "gettempdir", refuse)
    monkeypatch.setattr(cache_folder, "cache_root", refuse)
    assert failure_log.write_traceback("text") is None
