"""A page of the manual, and the place on it that a benchmark writes its figures into."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

PERFORMANCE = Path("docs/performance.md")


def put(page: Path, name: str, text: str) -> None:
    """Between the two marks of this name."""
    place = re.compile(rf"(<!-- {name}: measured -->\n).*?(<!-- end -->)", re.DOTALL)
    page.write_text(place.sub(lambda found: f"{found[1]}{text}\n{found[2]}", page.read_text()))


def here() -> str:
    """The day, and the machine as far as it matters."""
    return f"{datetime.now(UTC).date().isoformat()}, Python {platform.python_version()}, {os.cpu_count()} cores"
