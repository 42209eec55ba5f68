"""An update that takes long gives up its place among those that are handled at once; there are few such at a time."""

from collections.abc import Callable
from contextvars import ContextVar

from domain.refusals import BadInput

MOST = 48  # that take long at once: each may hold files open
FETCHED = 24  # of them when one may join them whose file is at an address: its server may be slow on purpose

Leave = Callable[[int], bool]
"""Gives up the place of the update being handled, unless so many have done so."""

_leave: ContextVar[Leave | None] = ContextVar("leave", default=None)


def lend(leave: Leave) -> None:
    """For what this task handles from now on."""
    _leave.set(leave)


def is_left(most: int = MOST) -> bool:
    """Gives the place up; False where so many updates have done so. True also where no queue of updates lent one."""
    leave = _leave.get()
    return leave is None or leave(most)


def leave(most: int = MOST) -> None:
    """Raises BadInput where too many take long already."""
    if not is_left(most):
        raise BadInput(what="files_at_once", value="")
