"""Sets the system clock of one process by libfaketime; `python -m tests.faketime --install` installs Debian's, and
`python -m tests.faketime --day 2032-02-29 tests/services` runs tests on that day."""

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
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


def inherited() -> dict[str, str]:
    """Return the variables by which the system clock of this process is set, for a child with variables of its own."""
    return {name: value for name, value in os.environ.items() if name == "LD_PRELOAD" or name.startswith("FAKETIME")}


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


def run_tests(day: datetime, arguments: list[str]) -> int:
    """Runs pytest as if the day had come; returns its exit code."""
    if (library := find()) is None:
        print(MISSING)
        return 1
    ahead = round((day - datetime.now(UTC)).total_seconds())
    clock = {"LD_PRELOAD": library, "FAKETIME": f"{ahead:+d}", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    command = (sys.executable, "-m", "pytest", *arguments)
    return subprocess.run(command, env={**os.environ, **clock}, check=False).returncode


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faketime", description=__doc__)
    parser.add_argument("--install", action="store_true", help="install it if it is missing and that can be done")
    parser.add_argument("--day", type=_day, help="run pytest as if this day had come, such as 2032-02-29")
    options, arguments = parser.parse_known_args()
    if options.day:
        return run_tests(options.day, arguments)
    print(install() if options.install else (find() or MISSING))
    return 0


if __name__ == "__main__":
    sys.exit(main())
