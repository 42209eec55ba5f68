"""Errors that a killed and restarted process left in its log."""

from pathlib import Path


def errors_in(log: Path) -> list[str]:
    """Each error in the log that has a trace; of a bare traceback how it ends."""
    found, inside = [], False
    for line in log.read_text(errors="replace").splitlines():
        event, trace, _ = line.partition(" trace=")
        if trace or (inside and line and not line.startswith((" ", "\t"))):
            found.append(f"the log has {event}")
        inside = not trace and (line.startswith("Traceback") or (inside and line.startswith((" ", "\t"))))
    return found
