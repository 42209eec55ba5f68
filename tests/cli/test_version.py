"""`pouce --version` and `pouce routes`, which need no settings."""

import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from bot.__main__ import main, read_version
from handlers.routes import TABLE

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["--version"])
    assert exit_info.value.code == 0
    assert capsys.readouterr().out == f"pouce {metadata.version('pouce')}\n"


def test_a_checkout_that_is_not_installed_has_the_version_of_its_pyproject(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_no_package(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", find_no_package)
    assert read_version() == tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"]


def test_every_route_is_a_line_with_who_may_ask_and_what_does_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routes"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["who", "command", "button", "does", "service"]
    assert len(lines) == len(TABLE.routes)
    services = [line.split()[-1] for line in lines]
    assert services == [f"{route.service.__module__}.{route.service.__name__}" for route in TABLE.routes]
    (launch,) = [line for line in lines if "/launch N" in line]
    assert launch.startswith("requester  /launch N ")
    assert "set the budget aside and start" in launch
