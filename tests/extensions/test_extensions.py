"""How extensions are found, and told of events in the transaction in which these happen."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import extensions
from domain.extensions import find_extensions, load_parts
from domain.moments import Moment
from domain.projects.tasks import TaskId
from domain.work.assignments import AssignmentId
from services import events
from storage.database import Database
from storage.unit import UnitOfWork
from tests.architecture.source import ROOT

SUBSCRIBERS = """
from services import events

@events.subscribe(events.AssignmentEvent)
def note(unit, event):
    unit.settings.store("sample", type(event).__name__)
    if event.task == 13:
        raise ValueError("refused")
"""


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An extension beside those there are."""
    load_parts("subscribers")  # of the others, which stay
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "__init__.py").touch()
    (tmp_path / "sample" / "subscribers.py").write_text(SUBSCRIBERS)
    extensions.__path__.append(str(tmp_path))
    monkeypatch.setattr(events, "_subscribers", events._subscribers.copy())
    for cached in (find_extensions, load_parts, events._find_subscribers):
        cached.cache_clear()
    yield
    extensions.__path__.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("extensions.sample")]:
        del sys.modules[name]
    for cached in (find_extensions, load_parts, events._find_subscribers):
        cached.cache_clear()


def test_an_extension_is_a_package_of_the_folder(sample: None) -> None:
    assert "extensions.sample" in find_extensions()
    assert "extensions.sample.subscribers" in {part.__name__ for part in load_parts("subscribers")}
    assert "extensions.sample.web" not in {part.__name__ for part in load_parts("web")}


async def test_an_event_is_told_in_its_transaction(database: Database, now: Moment, sample: None) -> None:
    def return_task(unit: UnitOfWork, task: int) -> None:
        unit.settings.store("task", str(task))
        events.publish(unit, events.AssignmentReturned(TaskId(task), AssignmentId(1)))

    await database.transact(return_task, now, 12)
    with pytest.raises(ValueError, match="refused"):
        await database.transact(return_task, now, 13)

    def stored(unit: UnitOfWork) -> tuple[str | None, str | None]:
        return unit.settings.get("task"), unit.settings.get("sample")

    assert await database.look(stored, now) == ("12", "AssignmentReturned")


def test_the_core_starts_without_any_extension(tmp_path: Path) -> None:
    """Routes, screens, sweeps and the command line, in a tree whose folder of extensions is empty."""
    for package in ("bot", "handlers", "web", "jobs", "services", "domain", "storage", "formats", "reports", "locales"):
        (tmp_path / package).symlink_to(ROOT / package)
    (tmp_path / "extensions").mkdir()
    (tmp_path / "extensions" / "__init__.py").touch()
    (tmp_path / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    code = (
        "import bot.running, web.application, jobs.file_makers\n"
        "from bot.__main__ import main\n"
        "from domain.extensions import find_extensions\n"
        "from storage.invariants import list_invariants\n"
        "from services.work.inputs import list_questions\n"
        "assert find_extensions() == () and list_invariants() and list_questions()\n"
        "main(['--version'])"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("pouce ")
