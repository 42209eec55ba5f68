"""One hostile file, read as uploads are, in a process of its own: `python -m tests.formats.measured NAME`.

Prints how it ended (its rows, or what the first problem expects) and the most bytes that a child took. A process that
has had other children could not tell.
"""

import asyncio
import resource
import sys
from tempfile import TemporaryFile

from formats.errors import FileErrors
from formats.tables import sandbox
from formats.tables.forked import processes
from formats.tables.sandbox import ReadRequest
from tests.formats import hostile


async def ending(name: str) -> str:
    with TemporaryFile() as place, TemporaryFile() as rows:
        place.write(getattr(hostile, name)())
        place.flush()
        try:
            return str(len((await sandbox.read_in_sandbox(place, rows, ReadRequest("a", None, "text", None))).rows))  # type: ignore[arg-type]
        except FileErrors as refused:
            return refused.errors[0].expected


if __name__ == "__main__":
    ended = asyncio.run(ending(sys.argv[1]))
    processes.end_server()  # what it forked counts from now on
    print(ended, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
