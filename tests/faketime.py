"""Sets the system clock of one process by libfaketime; `python -m tests.faketime --install` installs Debian's."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from tests import debian

PLACES = (
    "usr/lib/*/faketime/libfaketimeMT.so.1",
    "usr/lib*/faketime/libfaketimeMT.so.1",
    "usr/local/lib/faketime/*MT.so.1",
)
MISSING = (
    "No libfaketime was found. Install it (Debian: apt-get install faketime), or name libfaketimeMT.so.1 in the"
    " variable FAKETIME_LIBRARY"
)


def find() -> str | None:
    """The path of the library for programs with threads."""
    if named := os.environ.get("FAKETIME_LIBRARY"):
        return named
    return next((str(path) for place in PLACES for path in sorted(Path("/").glob(place))), None)


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The wall clock of a process, set from here while it runs; its monotonic clock goes on as it does on a machine."""

    file: Path

    def set(self, seconds: int) -> None:
        """By so many seconds off the real time, from now on."""
        written = self.file.with_suffix(".new")
        written.write_text(f"{seconds:+d}\n")
        written.replace(self.file)

    def environment(self, library: str) -> dict[str, str]:
        return {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }


def install() -> str:
    if path := find():
        return f"libfaketime is there: {path}"
    if not debian.can_install():
        return f"{MISSING}. The tests of the system clock will fail."
    if problem := debian.install("faketime"):
        return f"apt-get could not install faketime: {problem}\n{MISSING}. The tests of the system clock will fail."
    return f"libfaketime is installed: {find()}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faketime", description=__doc__)
    parser.add_argument("--install", action="store_true", help="install it if it is missing and that can be done")
    wanted = parser.parse_args()
    print(install() if wanted.install else (find() or MISSING))


if __name__ == "__main__":
    main()
