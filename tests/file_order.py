"""Tasks in the order of their file, for tests that tell a story about particular tasks. Installations shuffle them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from domain.work import dispatch
from storage.projects import lifecycle
from storage.work import openings


@contextmanager
def in_file_order() -> Iterator[None]:
    """Places stand in the order of the tasks' numbers, and a worker's next one is looked for from the first on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatch, "SPREAD_TASKS", 0)
        for module, statement, task in ((openings, "UPSERT_OPENING", ":task"), (lifecycle, "OPEN_PLACES", "id")):
            shuffled = openings.SHUFFLE_KEY.format(task)
            patch.setattr(module, statement, getattr(module, statement).replace(shuffled, task))
        yield
