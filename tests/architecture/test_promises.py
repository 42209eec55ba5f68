"""Documented things exist, and existing ones are documented."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.settings import EXPECTED, Settings
from domain.people.accounts import ADMIN, REQUESTER
from handlers.routes import COMMANDS as LISTED
from handlers.routes import TABLE
from tests.architecture import reference_tables
from tests.architecture.source import ROOMS, ROOT

WORKING = set(TABLE.by_command)


def listed() -> dict[str, set[str]]:
    """What help and menus show for each role."""
    return {role: {each.name for each in LISTED if each.role == role} for role in ("", "worker", "requester", "admin")}


def test_every_command_is_in_help():
    assert WORKING - set().union(*listed().values()) == set()


def test_help_lists_no_command_that_does_not_work():
    assert set().union(*listed().values()) - WORKING == set()


@pytest.mark.parametrize("role", [REQUESTER, ADMIN])
def test_help_shows_a_role_what_it_may_do(role: str):
    may = {route.command for route in TABLE.routes if route.command and route.role == role}
    assert may <= listed()[role]


def manuals() -> str:
    """The manual as it stands; what is not written yet is not looked for."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md")))


def test_every_command_is_in_the_manual():
    manual = manuals()
    assert [name for name in sorted(WORKING) if manual and not re.search(rf"/{name}\b", manual)] == []


@pytest.mark.parametrize("path", reference_tables.TABLES, ids=lambda path: path.stem)
def test_the_reference_shows_the_tables_of_the_code(path: Path):
    assert path.read_text(encoding="utf-8") == reference_tables.written(path), "make texts"


def test_every_setting_is_in_the_example_with_its_default():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    written = dict(re.findall(r"^#? ?([A-Z_]+)=(.*)$", example, re.MULTILINE))
    of_compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert set(written) == {name.upper() for name in Settings.model_fields} | of_compose
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default in ((), None) else str(default).lower() if isinstance(default, bool) else str(default)
        assert written[name.upper()] == shown, name


def test_every_setting_says_what_it_expects():
    assert set(EXPECTED) == set(Settings.model_fields)


def test_every_setting_is_in_the_manual():
    manual = manuals()
    assert [name for name in Settings.model_fields if manual and name.upper() not in manual] == []


def test_the_image_is_built_from_every_room_and_what_building_reads():
    """What .dockerignore does not let in is missing in the container alone, where no other test looks."""
    let_in = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    read = {"pyproject.toml", "requirements", project["readme"], *project["license-files"]}
    assert {*ROOMS, *read} - let_in == set()
