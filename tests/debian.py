"""Installs Debian packages that tests need, where that can be done without asking."""

import os
import shutil
import subprocess
import sys

APT_SECONDS = 600


def can_install() -> bool:
    return sys.platform.startswith("linux") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> str | None:
    """The last line of what went wrong, if anything did."""
    return _apt("update") or _apt("install", "--yes", "--no-install-recommends", *packages)


def _apt(*words: str) -> str | None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        command = ["apt-get", "-qq", *words]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=APT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    told = done.stderr.strip().splitlines() or ["no reason given"]
    return told[-1] if done.returncode else None
