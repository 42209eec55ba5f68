"""The process that computes: `python -m jobs.computing.child`. On its standard input come functions of modules with
their arguments, on its standard output go results, or what was raised; both as pickles, which its parent alone writes
and reads. It ends with its parent, whose end closes the input."""

import gc
import os
import pickle
import select
import traceback
from contextlib import suppress
from typing import IO

from formats.tables.forked import lower_priority

IDLE = 60.0  # seconds without a question after which it ends


def main() -> None:
    asked, told = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no result
    lower_priority()
    gc.set_threshold(50_000, 50, 100)
    with suppress(EOFError, BrokenPipeError, pickle.UnpicklingError):  # the parent has ended
        while is_asked(asked.fileno()):
            _answer(asked, told)


def is_asked(file: int) -> bool:
    """False after a while without a question."""
    return bool(select.select([file], [], [], IDLE)[0])


def _answer(asked: IO[bytes], told: IO[bytes]) -> None:
    call = pickle.load(asked)  # noqa: S301 (written by our parent)
    found, error = None, None
    try:
        found = call()
    except Exception as raised:
        error = _sendable(raised)
    del call
    pickle.dump((found, error), told, pickle.HIGHEST_PROTOCOL)
    told.flush()


def _sendable(error: Exception) -> Exception:
    """With its trace, which a pickle leaves out; in words where it can't be sent as it is."""
    trace = "".join(traceback.format_exception(error))
    error.add_note(trace)
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)
    except Exception:
        return RuntimeError(trace)
    return error


if __name__ == "__main__":
    main()
