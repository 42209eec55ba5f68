"""The process that computes: `python -m jobs.computing_child`. On its standard input come functions of modules with
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

IDLE_SECONDS = 60.0  # seconds without a question after which it ends


def main() -> None:
    calls, results = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no result
    lower_priority()
    gc.set_threshold(50_000, 50, 100)
    with suppress(EOFError, BrokenPipeError, pickle.UnpicklingError):  # the parent has ended
        while is_call_waiting(calls.fileno()):
            _run_call(calls, results)


def is_call_waiting(file: int) -> bool:
    """Return whether a call arrives within IDLE_SECONDS."""
    return bool(select.select([file], [], [], IDLE_SECONDS)[0])


def _run_call(calls: IO[bytes], results: IO[bytes]) -> None:
    """Run the next call and write its result, or the exception that it raised."""
    call = pickle.load(calls)  # noqa: S301 (written by our parent)
    result, error = None, None
    try:
        result = call()
    except Exception as raised:
        error = _picklable(raised)
    del call
    pickle.dump((result, error), results, pickle.HIGHEST_PROTOCOL)
    results.flush()


def _picklable(error: Exception) -> Exception:
    """Return the exception with its trace as a note, which a pickle leaves out; a RuntimeError with the trace as text
    if the exception cannot be pickled."""
    trace = "".join(traceback.format_exception(error))
    error.add_note(trace)
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)
    except Exception:
        return RuntimeError(trace)
    return error


if __name__ == "__main__":
    main()
