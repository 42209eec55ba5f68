"""Label Studio on the same machine, as it is shipped: its own server over SQLite, asked through its API.

One answer is: an annotation is submitted, and the next task is fetched. It comes with an environment of its own.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

import aiohttp
import psutil

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".venv-label-studio"
PINNED = ROOT / "requirements" / "label-studio.txt"
TASKS = 2_000
PATIENCE = 600  # seconds for a first start: it brings its database up
FORM = """
<View><Text name="text" value="$text"/>
<Choices name="answer" toName="text"><Choice value="positive"/><Choice value="negative"/></Choices></View>"""
ANSWER = [{"from_name": "answer", "to_name": "text", "type": "choices", "value": {"choices": ["positive"]}}]
QUIET = {"COLLECT_ANALYTICS": "false", "LATEST_VERSION_CHECK": "false", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": ""}
QUIET["LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN"] = "true"  # the kind that a start can be told


class Missing(Exception):
    """It can't be installed or does not start; the text says why."""


def install() -> Path:
    """Its command; installed on first use, at the versions and hashes of requirements/label-studio.txt."""
    command = HOME / "bin" / "label-studio"
    if not (HOME / "done").exists():
        pip = [str(HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for step in ([sys.executable, "-m", "venv", str(HOME)], [*pip, "--require-hashes", "-r", str(PINNED)]):
            ended = subprocess.run(step, capture_output=True, text=True, check=False)
            if ended.returncode:
                raise Missing(f"Label Studio can't be installed: {(ended.stderr.splitlines() or ['?'])[-1]}")
        (HOME / "done").touch()
    return command


@contextmanager
def running() -> Iterator[tuple[str, str, psutil.Process]]:
    """(address, token, process) of a server with a database of its own."""
    command, folder, token = install(), Path(tempfile.mkdtemp(prefix="pouce-")), token_hex(20)
    port = _free_port()
    told = {**os.environ, **QUIET, "LABEL_STUDIO_BASE_DATA_DIR": str(folder)}
    account = ["--username", "bench@example.org", "--password", token_hex(8), "--user-token", token]
    start = ["start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port), "--log-level", "ERROR"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([str(command), *start, *account], env=told, stdout=log, stderr=log)
    try:
        yield f"http://127.0.0.1:{port}", token, psutil.Process(process.pid)
    finally:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def furnished(session: aiohttp.ClientSession) -> int:
    """A project with tasks, through its API, once it answers."""
    end = time.perf_counter() + PATIENCE
    while True:
        try:
            made = await _call(session, "POST", "/api/projects", title="reviews", label_config=FORM)
            break
        except (aiohttp.ClientError, Missing) as error:
            if time.perf_counter() > end:
                raise Missing(f"Label Studio does not start: {error}") from None
            await asyncio.sleep(2)
    number = int(made["id"])
    tasks = [{"text": f"review {n}"} for n in range(TASKS)]
    async with session.post(f"/api/projects/{number}/import", json=tasks) as told:
        told.raise_for_status()
    return number


async def _call(session: aiohttp.ClientSession, method: str, path: str, **values: Any) -> dict[str, Any]:
    async with session.request(method, path, json=values or None) as answer:
        if answer.status >= 400:
            raise Missing(f"{answer.status}: {(await answer.text())[:120]}")
        found: dict[str, Any] = await answer.json()
        return found


async def keep_answering(session: aiohttp.ClientSession, project: int, end: float, times: list[float]) -> int:
    """How many calls it refused (it does when several write at once): they are made again, and count as waiting."""
    task, answered, refused, began = None, False, 0, time.perf_counter()
    while time.perf_counter() < end:
        try:
            if task is not None:
                await _call(session, "POST", f"/api/tasks/{task}/annotations/", result=ANSWER, lead_time=1.0)
                answered, task = True, None
            task = (await _call(session, "GET", f"/api/projects/{project}/next"))["id"]
        except Missing:
            refused += 1
            await asyncio.sleep(0.05)
            continue
        if answered:
            times.append(time.perf_counter() - began)
        answered = False
        began = time.perf_counter()
    return refused


async def measure(
    address: str, token: str, process: psutil.Process, people: int, seconds: float
) -> tuple[list[float], float, float, int]:
    """(seconds each answer took, wall seconds, CPU seconds of the server, calls it refused)."""
    times: list[float] = []
    headers = {"Authorization": f"Token {token}"}
    async with aiohttp.ClientSession(address, headers=headers, timeout=aiohttp.ClientTimeout(total=60)) as session:
        project = await furnished(session)
        began, spent = time.perf_counter(), _cpu(process)
        end = began + seconds
        refused = await asyncio.gather(*(keep_answering(session, project, end, times) for _ in range(people)))
        return times, time.perf_counter() - began, _cpu(process) - spent, sum(refused)


def _cpu(process: psutil.Process) -> float:
    """Of the server and whatever it started."""
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))
