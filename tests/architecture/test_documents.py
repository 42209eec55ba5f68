"""What the documents name is there: linked files and headings, paths of the tree, measured tables."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.__main__ import TABLES
from tests.architecture.source import ROOT

MANUAL = sorted((ROOT / "docs").rglob("*.md"))
MAX_PAGE_WORDS = 1_200  # one question a page
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *MANUAL]
RESULTS = sorted((ROOT / "benchmarks" / "results").glob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"`([a-z_]+(?:/(?!NNNN)[A-Za-z_0-9.]+)+/?)(?=[`:])")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """GitHub's: lower case, without punctuation, a hyphen for each space."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", [*PAGES, *RESULTS], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path):
    for link in LINK.findall(prose(page)):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_is_in_the_tree(page: Path):
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir()}
    named = [path for path in PATH.findall(prose(page)) if path.partition("/")[0] in rooms]
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", MANUAL, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_of_the_manual_is_short_enough_to_be_read(page: Path):
    assert len(page.read_text(encoding="utf-8").split()) <= MAX_PAGE_WORDS


def test_the_drawn_tree_is_the_tree():
    """Of docs/explanation/architecture.md: a folder a line, its subfolders indented or behind it."""
    (tree,) = re.findall(
        r"## The tree\n\n```\n(.*?)```", (ROOT / "docs/explanation/architecture.md").read_text("utf-8"), re.DOTALL
    )
    missing, room = [], ""
    for line in tree.splitlines():
        top = re.match(r"[a-z]+/", line)
        room = top[0] if top else room
        below = [] if top else re.findall(r"(?:^|\s)([a-z]+/)", line)
        missing += [path for path in (room, *(room + name for name in below)) if not (ROOT / path).is_dir()]
    assert missing == []


def test_every_measured_table_is_in_the_manual():
    linked = {(page.parent / link).resolve() for page in PAGES for link in LINK.findall(prose(page))}
    assert [result.name for result in RESULTS if result not in linked] == []


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_benchmark_starts(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        import_module(TABLES[name]).main(["--help"])
    assert ended.value.code == 0
    assert name in capsys.readouterr().out
