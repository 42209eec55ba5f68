"""Finds a Chromium for the tests of the page; `python -m tests.browser --install` installs Debian's where it can."""

import argparse
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
USUAL = Path("/usr/bin/chromium")
OWN = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")  # Playwright's downloads
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "No Chromium was found. Install it (Debian: apt-get install chromium), or name one in the variable CHROMIUM,"
    " or run: python -m playwright install chromium"
)
PACKAGES = ("chromium", "fonts-dejavu-core")


def _candidates() -> Iterator[str]:
    if named := os.environ.get("CHROMIUM"):
        yield named
    yield from (path for name in NAMES if (path := shutil.which(name)))
    yield str(USUAL)
    own = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    roots = [Path(own)] if own else [Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"]
    yield from (str(path) for root in roots for pattern in OWN for path in sorted(root.glob(pattern), reverse=True))


def _runs(path: str) -> bool:
    """Some systems ship a script of this name that only tells how to get the real one."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@cache
def find() -> str | None:
    """The path of a Chromium that starts."""
    return next((path for path in _candidates() if _runs(path)), None)


def arguments() -> list[str]:
    """What to start it with; Chromium refuses its sandbox to root."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*QUIET, "--no-sandbox"] if as_root else list(QUIET)


def install() -> str:
    """Installs Debian's Chromium if there is none and it can be done without asking; says what came of it."""
    if path := find():
        return f"Chromium is there: {path}"
    if not debian.can_install():
        return f"{MISSING}. The tests of the page will be skipped."
    if problem := debian.install(*PACKAGES):
        return f"apt-get could not install Chromium: {problem}\n{MISSING}. The tests of the page will be skipped."
    find.cache_clear()
    return f"Chromium is installed: {path}" if (path := find()) else f"What apt-get installed does not start. {MISSING}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser", description=__doc__)
    parser.add_argument("--install", action="store_true", help="install one if there is none and it can be done")
    wanted = parser.parse_args()
    print(install() if wanted.install else (find() or MISSING))


if __name__ == "__main__":
    main()
