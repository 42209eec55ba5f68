"""`pouce --version` prints the version and needs no settings."""

import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from bot.__main__ import main, read_version

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
