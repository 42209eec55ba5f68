"""The built wheel, installed outside the checkout, holds all that `pouce demo` and `pouce run` need."""

import asyncio
import os
import shutil
import site
import subprocess
import sys
import venv
import zipfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path

import httpx
import pytest

from bot.demo.demo import listen_on
from simulator.running import TOKEN, serve

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "domain", "extensions", "formats", "handlers", "jobs", "locales", "reports", "services", "simulator",
            "storage", "web")  # fmt: skip
TO_BUILD = ("LICENSE", "README.md", "pyproject.toml", "requirements")
START_SECONDS = 60.0


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Return the wheel, built from a copy of the packages and of what pyproject.toml reads."""
    source = tmp_path / "source"
    for name in (*PACKAGES, *TO_BUILD):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        source.mkdir(exist_ok=True)
        copy(ROOT / name, source / name)
    _run_pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(source))
    (built,) = tmp_path.glob("*.whl")
    return built


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """Return the folder of programs of an environment with the wheel and this environment's libraries, without the
    checkout: a path in a .pth file brings no .pth files of its own, so no editable installation."""
    place = tmp_path / "environment"
    venv.create(place, with_pip=False)
    (packages,) = place.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()))
    _run_pip("--python", str(place / "bin/python"), "install", "--no-deps", "--no-index", str(wheel))
    return place / "bin"


def _run_pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def _environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **variables}


@pytest.mark.timeout(400)
async def test_the_wheel_holds_every_file_and_runs_the_demo_and_the_bot(
    wheel: Path, installed: Path, tmp_path: Path
) -> None:
    _require_every_file(wheel)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    pouce = partial(asyncio.create_subprocess_exec, installed / "pouce", cwd=elsewhere, stdout=PIPE)
    demo = await pouce("demo", "--headless", env=_environment())
    try:
        await _run_bot(pouce)
        summary, _ = await demo.communicate()
    finally:
        if demo.returncode is None:
            demo.kill()
    assert demo.returncode == 0
    assert dict(line.rsplit(maxsplit=1) for line in summary.decode().splitlines())["invariants violated"] == "0"


def _require_every_file(wheel: Path) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files - set(zipfile.ZipFile(wheel).namelist()) == set()


async def _run_bot(pouce: Callable[..., Coroutine[None, None, Process]]) -> None:
    """Start `pouce run` against a local Telegram, read a page of the Mini App, stop the bot and verify its database."""
    async with serve() as telegram:
        with listen_on() as free:
            port = free.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        variables = {"BOT_TOKEN": TOKEN, "BOT_API_URL": telegram.url, "HTTP_PORT": str(port), "PUBLIC_URL": address}
        bot = await pouce("run", env=_environment(**variables))
        try:
            page = await asyncio.wait_for(_read_page(f"{address}/app/task/1"), START_SECONDS)
            bot.terminate()
            assert await bot.wait() == 0
        finally:
            if bot.returncode is None:
                bot.kill()
    assert "<script" in page
    verify = await pouce("verify", env=_environment())
    assert await verify.wait() == 0


async def _read_page(address: str) -> str:
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                return (await client.get(address)).raise_for_status().text
            except httpx.ConnectError:
                await asyncio.sleep(0.2)
