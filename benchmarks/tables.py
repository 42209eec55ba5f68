"""Measured tables in `benchmarks/results/`, each with its day, machine and command. The manual links to them."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path("benchmarks/results")
WRITE = f"write the table into {RESULTS}/"
EARLIER = "## Earlier"  # the heading of notes and earlier figures


def keep(name: str, title: str, command: str, text: str) -> None:
    """Replaces the table of this name, but for what was written by hand (from EARLIER on); `command` is the arguments
    that measure it again."""
    RESULTS.mkdir(exist_ok=True)
    page = RESULTS / f"{name}.md"
    _, found, by_hand = page.read_text().partition(EARLIER) if page.exists() else ("", "", "")
    head = f"# {title}\n\n{here()}. Again: `python -m benchmarks {command} --write`.\n\n"
    page.write_text(f"{head}{text}\n{found}{by_hand}")


def here() -> str:
    """The day, and the machine as far as it matters."""
    return f"{datetime.now(UTC).date().isoformat()}, Python {platform.python_version()}, {os.cpu_count()} cores"
